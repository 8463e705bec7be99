"""What a noun declares of its section: type, names that lead somewhere, checks, in one line of the policy."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from pydantic import Field, Strict

from bot.rules.policy.policy import Policy, PolicyFaults, parse, parse_as, restore_as
from bot.rules.policy_format.document import tables
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Duration, Key, Rule


class Round(Rule):
    owner: Annotated[str, Refers("groups")]
    told_in: Annotated[str, Refers("channels", flag="private")] = "audit"
    services: tuple[Annotated[Key, Refers("services")], ...] = ()
    after: Annotated[Key, Refers("rounds")] | None = None
    within: Duration


def not_after_itself(rounds):
    for key, round_ in tables(rounds).items():
        if round_.get("after") == key:
            yield Sensed((key, "after"), "comes after itself")


def soon_enough(policy):
    for key, round_ in policy.rounds.items():
        if round_.within > policy.changes.review_due:
            yield Sensed(("rounds", key, "within"), "is later than a change's review is due")


Rounds = Annotated[dict[Key, Round], Section(checks=(not_after_itself,), file_checks=(soon_enough,), removable=True)]


class WithRounds(Policy):
    rounds: Rounds = Field(default_factory=dict)


def read(text):
    return parse_as(WithRounds, {"": text})


def told(text):
    with pytest.raises(PolicyFaults) as refused:
        read(text)
    return [str(fault) for fault in refused.value.faults]


SOUND = '[rounds.weekly]\nowner = "cab"\nservices = ["vpn"]\nwithin = "1d"\n'


def test_a_noun_adds_one_line_to_the_policy():
    assert set(WithRounds.model_fields) - set(Policy.model_fields) == {"rounds"}
    assert read(SOUND).rounds["weekly"].owner == "cab"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (SOUND.replace('"cab"', '"cabb"'), "line 2, rounds.weekly.owner: there is no group “cabb”; did you mean “cab"),
        (SOUND.replace('["vpn"]', '[\n"vpn",\n"fax"]'), "line 5, rounds.weekly.services: there is no service “fax”"),
        (SOUND + 'after = "weekl"', "line 5, rounds.weekly.after: there is no round “weekl”; did you mean “weekly”?"),
        (SOUND + 'after = "weekly"', "line 5, rounds.weekly.after: comes after itself"),
        (SOUND + 'told_in = "changes"', "line 5, rounds.weekly.told_in: must be a channel that says `private = true`"),
        (SOUND + "[channels.audit]\nprivate = false", "line 6, rounds.weekly.told_in: must be a channel that says"),
        (SOUND + "ownr = 1", "line 5, rounds.weekly.ownr: is not a key that belongs here. Did you mean “owner”?"),
        (SOUND.replace("1d", "9d"), "line 4, rounds.weekly.within: is later than a change's review is due"),
        ("rounds.daily = false", "line 1, rounds.daily: there is no such entry in the default policy"),
    ],
)  # fmt: skip
def test_its_faults_are_told_as_everybodys(text, fault):
    assert any(one.startswith(fault) for one in told(text)), told(text)


def test_a_name_that_leads_nowhere_is_told_beside_a_value_that_is_not_sound():
    first, second = told('[rounds.weekly]\nowner = "cabb"\nwithin = "soon"')
    assert first.startswith("line 2, rounds.weekly.owner: there is no group")
    assert second.startswith("line 3, rounds.weekly.within: is not a length of time")


def test_a_version_that_was_kept_before_there_was_the_section_is_read():
    assert restore_as(WithRounds, parse("warn_at = 80").text).rounds == {}


def test_a_version_is_not_asked_what_only_a_file_is_asked():
    kept = read(SOUND).text.replace('within = "1d"', 'within = "9d"')
    assert restore_as(WithRounds, kept).rounds["weekly"].within.days == 9
    with pytest.raises(PolicyFaults, match="comes after itself"):
        restore_as(WithRounds, kept.replace('within = "9d"', 'within = "9d"\nafter = "weekly"'))


def _rules(of: type[Rule]) -> Iterator[type[Rule]]:
    for one in of.__subclasses__():
        yield one
        yield from _rules(one)


def test_yes_or_no_is_true_or_false_wherever_the_policy_asks_for_it() -> None:
    """In TOML `required = "no"` is a text, which Python would take for true or false as it reads."""
    asked = [
        (f"{one.__name__}.{name}", field.metadata)
        for one in _rules(Rule)
        for name, field in one.model_fields.items()
        if field.annotation is bool
    ]
    assert len(asked) > 10
    assert [name for name, metadata in asked if Strict(True) not in metadata] == []
