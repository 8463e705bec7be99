"""What a policy says of changes: who approves which, how risk is told, what is reviewed afterwards."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.rules.approval import StageRule
from bot.rules.change_flow import ChangeType, Review, Risk
from bot.rules.policy_faults import listed
from bot.rules.policy_reminders import ChangeTimes
from bot.rules.policy_text import Path
from bot.rules.policy_values import Duration, Key, words
from bot.rules.wall_clock import zone_of

SCORES = 4
"""Answers to a question of risk, scored 0 to 3."""


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _zone(key: str) -> str:
    zone_of(key)
    return key


def _stage(text: str) -> str:
    StageRule.parse(text)
    return text


class ApprovalRule(_Rule):
    """Who approves the changes that it fits. What it does not name it does not ask about."""

    types: tuple[ChangeType, ...] | None = None
    risks: tuple[Risk, ...] | None = None
    services: tuple[Key, ...] | None = None
    stages: Annotated[tuple[Annotated[str, AfterValidator(_stage)], ...], Field(min_length=1, max_length=9)]
    """One after another: “any of GROUP”, “all of GROUP”, “2 of GROUP”; or members' ids instead of a group."""
    one_rejection: bool = False
    """Whether a single rejection ends it; otherwise it ends once the votes wanted cannot be reached."""
    remind: Duration
    expires: Duration

    @property
    def rules(self) -> list[StageRule]:
        return [StageRule.parse(text) for text in self.stages]

    def fit(self, kind: ChangeType, risk: Risk, service: str) -> int | None:
        """How particular it is about this change: naming the service outweighs the risk, and that the type."""
        weight = 0
        for named, value, worth in ((self.types, kind, 1), (self.risks, risk, 2), (self.services, service, 4)):
            if named is not None and value not in named:
                return None
            weight += worth if named is not None else 0
        return weight


class RiskQuestion(_Rule):
    asks: Annotated[str, words(75)]
    answers: Annotated[tuple[Annotated[str, words(75)], ...], Field(min_length=SCORES, max_length=SCORES)]
    """Scored 0, 1, 2, 3 in this order."""
    assumed: Annotated[int, Field(strict=True, ge=0, lt=SCORES)] = 1
    """The score as long as nobody has answered."""


class RiskFloor(_Rule):
    """Whatever the sum, an answer that bad on a service that critical is at least this risk."""

    question: Key
    scores: Annotated[int, Field(strict=True, ge=0, lt=SCORES)]
    """The least score it begins at."""
    criticality: Annotated[str, Field(pattern="^(high|medium|low)$")] | None = None
    risk: Risk
    because: Annotated[str, words(150)]


class RiskRules(_Rule):
    medium: Annotated[int, Field(strict=True, ge=1)]
    """The sum from which risk is medium; below it is low."""
    high: Annotated[int, Field(strict=True, ge=2)]
    """The sum from which it is high."""
    questions: Annotated[dict[Key, RiskQuestion], Field(min_length=1, max_length=20)]
    floors: dict[Key, RiskFloor] = {}

    @model_validator(mode="after")
    def _bands_in_order(self) -> Self:
        most = (SCORES - 1) * len(self.questions)
        if not self.medium < self.high <= most:
            raise ValueError(
                f"medium must begin below high, and high no later than {most}, the most that can be scored"
            )
        return self


class ChangeRules(ChangeTimes):
    break_glass: tuple[Key, ...]
    """Groups whose members may begin an emergency change before it is approved."""
    retroactive: Duration
    """How soon after that it must be approved."""
    suggest_after: Annotated[int, Field(strict=True, ge=1, le=100)]
    """So many clean changes of a kind, and a standard change is suggested."""
    calendar_post: Annotated[bool, Field(strict=True)]
    """Whether the week's calendar is posted as a picture on Monday mornings."""
    calendar_zone: Annotated[str, AfterValidator(_zone)]
    """By whose clocks that picture is drawn."""
    review: tuple[Review, ...]
    """What asks for a post-implementation review."""
    freeze_approvers: Annotated[str, AfterValidator(_stage)]
    """The stage that a soft freeze adds to the approval of what falls into it."""
    freeze_spares_emergencies: Annotated[bool, Field(strict=True)]
    """Whether emergency changes may be made in a freeze; their approvers are shown it."""
    maintenance_required: Annotated[bool, Field(strict=True)]
    """Whether a service's maintenance windows are the only time to change it, but for emergencies."""


SHAPES: Mapping[tuple[str, int], type[BaseModel]] = {
    ("approvals", 2): ApprovalRule,
    ("changes", 1): ChangeRules,
    ("risk", 1): RiskRules,
}
"""What stands in these tables at a depth."""


def approval_for(
    rules: Mapping[str, ApprovalRule], kind: ChangeType, risk: Risk, service: str
) -> tuple[str, ApprovalRule]:
    """The most particular rule that fits, with its key; of equally particular ones the last."""
    fitting = [(rule.fit(kind, risk, service), at, key) for at, (key, rule) in enumerate(rules.items())]
    _, _, key = max((weight, at, key) for weight, at, key in fitting if weight is not None)
    return key, rules[key]


def in_sense(data: Mapping[str, object]) -> Iterator[tuple[list[Path], str]]:
    """Names that lead nowhere, and changes that nobody could approve."""
    for key, rule in _tables(data, "approvals"):
        for stage in _texts(rule, "stages"):
            group = _group(stage)
            if group is not None:
                yield from _nowhere(data, "groups", group, ("approvals", key, "stages"))
        for service in _texts(rule, "services"):
            yield from _nowhere(data, "services", service, ("approvals", key, "services"))
    changes = data.get("changes")
    for group in _texts(changes, "break_glass") if isinstance(changes, Mapping) else []:
        yield from _nowhere(data, "groups", group, ("changes", "break_glass"))
    extra = changes.get("freeze_approvers") if isinstance(changes, Mapping) else None
    if isinstance(extra, str) and (group := _group(extra)):
        yield from _nowhere(data, "groups", group, ("changes", "freeze_approvers"))
    cab = data.get("cab")
    for group in _texts(cab, "groups") if isinstance(cab, Mapping) else []:
        yield from _nowhere(data, "groups", group, ("cab", "groups"))
    yield from _floors(data)
    yield from _uncovered(data)


def _floors(data: Mapping[str, object]) -> Iterator[tuple[list[Path], str]]:
    risk = data.get("risk")
    if not isinstance(risk, Mapping) or not isinstance(risk.get("questions"), Mapping):
        return
    for key, floor in _tables(risk, "floors"):
        if isinstance(floor.get("question"), str) and floor["question"] not in risk["questions"]:
            yield [("risk", "floors", key, "question")], f"there is no question “{floor['question']}”"


def _uncovered(data: Mapping[str, object]) -> Iterator[tuple[list[Path], str]]:
    rules = [rule for _, rule in _tables(data, "approvals") if rule.get("services") is None]
    for kind in (ChangeType.NORMAL, ChangeType.EMERGENCY):
        for risk in Risk:
            if not any(_takes(rule, "types", kind) and _takes(rule, "risks", risk) for rule in rules):
                yield [("approvals",)], f"nobody approves a change of type {kind} and {risk} risk on every service"


def _takes(rule: Mapping[str, object], key: str, value: str) -> bool:
    return rule.get(key) is None or value in _texts(rule, key)


def _group(stage: str) -> str | None:
    try:
        return StageRule.parse(stage).group
    except ValueError:
        return None  # said by the model


def _nowhere(data: Mapping[str, object], table: str, name: str, where: Path) -> Iterator[tuple[list[Path], str]]:
    entries = data.get(table)
    if isinstance(entries, Mapping) and name not in entries:
        close = difflib.get_close_matches(name, list(entries), n=1)
        hint = f"; did you mean “{close[0]}”?" if close else "."
        said = f"there is no {table[:-1]} “{name}”{hint} {table.capitalize()} are {listed(map(str, entries))}"
        yield [where, (table, name)], said


def _tables(data: Mapping[str, object], name: str) -> list[tuple[str, Mapping[str, object]]]:
    found = data.get(name)
    entries = found.items() if isinstance(found, Mapping) else []
    return [(str(key), entry) for key, entry in entries if isinstance(entry, Mapping)]


def _texts(table: Mapping[str, object], key: str) -> list[str]:
    found = table.get(key)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list | tuple) else []
