"""What a policy says of changes: who approves which, how risk is told, what is reviewed afterwards."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Protocol, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from bot.rules.approval.voting import StageRule
from bot.rules.change.flow import ChangeType, Review, Risk
from bot.rules.change.policy_times import ChangeTimes
from bot.rules.configuration.dependencies import Criticality
from bot.rules.policy_format.document import Table, tables, texts
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Duration, Key, Rule, words
from bot.rules.time.policy import Zone
from bot.rules.time.zone_names import known_everywhere
from bot.rules.workspace.policy import Group

SCORES = 4
"""Answers to a question of risk, scored 0 to 3."""


def _stage(text: str) -> str:
    StageRule.parse(text)
    return text


def _group(stage: str) -> str | None:
    try:
        return StageRule.parse(stage).group
    except ValueError:
        return None  # said by the type


Stage = Annotated[str, AfterValidator(_stage), Refers("groups", by=_group)]
"""“any of GROUP”, “all of GROUP”, “2 of GROUP”; or members' ids instead of a group."""


class ApprovalRule(Rule):
    """Who approves the changes that it fits. What it does not name it does not ask about."""

    types: tuple[ChangeType, ...] | None = None
    risks: tuple[Risk, ...] | None = None
    services: tuple[Annotated[Key, Refers("services")], ...] | None = None
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=9)]
    """One after another."""
    one_rejection: StrictBool = False
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


class RiskQuestion(Rule):
    asks: Annotated[str, words(75)]
    answers: Annotated[tuple[Annotated[str, words(75)], ...], Field(min_length=SCORES, max_length=SCORES)]
    """Scored 0, 1, 2, 3 in this order."""
    assumed: Annotated[int, Field(strict=True, ge=0, lt=SCORES)] = 1
    """The score as long as nobody has answered."""


class RiskFloor(Rule):
    """Whatever the sum, an answer that bad on a service that critical is at least this risk."""

    question: Annotated[Key, Refers("risk.questions")]
    scores: Annotated[int, Field(strict=True, ge=0, lt=SCORES)]
    """The least score it begins at."""
    criticality: Criticality | None = None
    risk: Risk
    because: Annotated[str, words(150)]


class RiskRules(Rule):
    medium: Annotated[int, Field(strict=True, ge=1)]
    """The sum from which risk is medium; below it is low."""
    high: Annotated[int, Field(strict=True, ge=2)]
    """The sum from which it is high."""
    questions: Annotated[dict[Key, RiskQuestion], Field(min_length=1, max_length=20)]
    floors: dict[Key, RiskFloor] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _bands_in_order(self) -> Self:
        most = (SCORES - 1) * len(self.questions)
        if not self.medium < self.high <= most:
            raise ValueError(
                f"high: medium must begin below high, and high no later than {most}, the most that can be scored"
            )
        return self


class ChangeRules(ChangeTimes):
    break_glass: tuple[Annotated[Key, Refers("groups")], ...]
    """Groups whose members may begin an emergency change before it is approved."""
    retroactive: Duration
    """How soon after that it must be approved."""
    suggest_after: Annotated[int, Field(strict=True, ge=1, le=100)]
    """So many clean changes of a kind, and a standard change is suggested."""
    calendar_post: Annotated[bool, Field(strict=True)]
    """Whether the week's calendar is posted as a picture on Monday mornings."""
    calendar_zone: Zone
    """By whose clocks that picture is drawn."""
    review: tuple[Review, ...]
    """What asks for a post-implementation review."""
    freeze_approvers: Stage
    """The stage that a soft freeze adds to the approval of what falls into it."""
    freeze_spares_emergencies: Annotated[bool, Field(strict=True)]
    """Whether emergency changes may be made in a freeze; their approvers are shown it."""
    maintenance_required: Annotated[bool, Field(strict=True)]
    """Whether a service's maintenance windows are the only time to change it, but for emergencies."""


def approval_for(
    rules: Mapping[str, ApprovalRule], kind: ChangeType, risk: Risk, service: str
) -> tuple[str, ApprovalRule]:
    """The most particular rule that fits, with its key; of equally particular ones the last."""
    fitting = [(rule.fit(kind, risk, service), at, key) for at, (key, rule) in enumerate(rules.items())]
    _, _, key = max((weight, at, key) for weight, at, key in fitting if weight is not None)
    return key, rules[key]


def approved_by_somebody(approvals: Table) -> Iterator[Sensed]:
    """Every change that needs approval has somebody who approves it."""
    rules = [rule for rule in tables(approvals).values() if rule.get("services") is None]
    for kind in (ChangeType.NORMAL, ChangeType.EMERGENCY):
        for risk in Risk:
            if not any(_takes(rule, "types", kind) and _takes(rule, "risks", risk) for rule in rules):
                yield Sensed((), f"nobody approves a change of type {kind} and {risk} risk on every service")


def _takes(rule: Mapping[str, object], key: str, value: str) -> bool:
    return rule.get(key) is None or value in texts(rule[key])


class _Changing(Protocol):
    """The part of a policy that says how changes are made."""

    @property
    def changes(self) -> ChangeRules: ...


def zone_of_everywhere(policy: _Changing) -> Iterator[Sensed]:
    yield from known_everywhere(policy.changes.calendar_zone, ("changes", "calendar_zone"))


Changes = Annotated[ChangeRules, Section(file_checks=(zone_of_everywhere,))]


class _Approving(Protocol):
    """The part of a policy that says who approves."""

    @property
    def groups(self) -> Mapping[str, Group]: ...

    @property
    def approvals(self) -> Mapping[str, ApprovalRule]: ...


def enough_people(policy: _Approving) -> Iterator[Sensed]:
    """No stage wants more votes than there are people in a group that the policy names by its people."""
    for key, rule in policy.approvals.items():
        for stage in rule.rules:
            group = policy.groups.get(stage.group or "")
            if group and group.people and stage.needs(len(group.people)) > len(group.people):
                said = f"“{stage.rule} of {group.key}” wants more votes than that group has people"
                yield Sensed(("approvals", key, "stages"), f"{said} ({len(group.people)})")


Approvals = Annotated[
    dict[Key, ApprovalRule],
    Section(checks=(approved_by_somebody,), file_checks=(enough_people,), removable=True),
]
