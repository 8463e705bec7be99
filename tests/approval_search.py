"""An auditor of approvals: replays the journal of one change beside what is known of people, and trusts nothing else.

Written apart from bot.rules.approval.voting on purpose: what both get wrong in the same way, neither finds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rules.record.facts import Fact, FactKind

AGREED = (
    "title",
    "type",
    "service",
    "touches",
    "plan",
    "test_plan",
    "backout",
    "starts_at",
    "ends_at",
    "implementer",
    "incident",
)
"""What approvers agree to."""
FREEZE_ASKS = ("any", "cab")
"""What the default policy asks for in a soft freeze."""


@dataclass(frozen=True)
class Vote:
    by: str
    seat: str
    vote: str
    content: tuple[str, ...]
    """What the change said when it was given."""


@dataclass
class Stage:
    seats: frozenset[str]
    group: str | None
    needs: int
    votes: list[Vote] = field(default_factory=list)

    @property
    def approvals(self) -> int:
        return sum(one.vote != "reject" for one in self.votes)

    @property
    def met(self) -> bool:
        return self.approvals >= self.needs


@dataclass
class World:
    """What is so, whatever Deskbell thinks."""

    stages: Sequence[tuple[str, str]]
    """The policy's, as (rule, group's key)."""
    groups: dict[str, set[str]]
    gone: set[str] = field(default_factory=set)
    """Who has left the workspace."""
    arranged: list[tuple[str, str, datetime, datetime]] = field(default_factory=list)
    """Owner, stand-in, from, until: in the order in which it was arranged."""

    freezes: dict[int, bool] = field(default_factory=dict)
    """Those that stand over the change's window: whether they block."""

    def stand_in(self, owner: str, at: datetime) -> str | None:
        """The last arrangement that has begun counts, and only as long as it lasts."""
        begun = [one for one in self.arranged if one[0] == owner and one[2] <= at]
        return begun[-1][1] if begun and at < begun[-1][3] else None


class Audit:
    def __init__(self, world: World) -> None:
        self.world = world
        self.seen: Mapping[str, Any] = {}
        self.stages: list[Stage] = []
        self.revision = 0
        self.approved = False
        self.frozen_stage = False

    def read(self, facts: Sequence[Fact], row: Mapping[str, Any]) -> None:
        """The facts of one step, and the change as it is after it. Fails at the first that may not be."""
        self.seen = row
        for fact in facts:
            handler = _READ.get(fact.kind)
            if handler is not None:
                handler(self, fact)
        soft = any(not blocks for blocks in self.world.freezes.values())
        if soft and row["state"] in {"authorise", "scheduled"} and row["held_by"] is None:
            assert self.frozen_stage, "nobody was asked about a soft freeze"
        if row["state"] == "scheduled":
            self._sound(row)

    def _sound(self, row: Mapping[str, Any]) -> None:
        assert self.approved, "scheduled without a decision on record"
        assert row["revision"] == self.revision, "scheduled on another revision than the votes were about"
        assert self.stages
        for number, stage in enumerate(self.stages, 1):
            assert stage.met, f"scheduled with stage {number} short of votes"
            for one in stage.votes:
                assert not {one.by, one.seat} & self._barred, "an approval of one's own"
                assert one.content == content(row), "scheduled with votes about something else"

    @property
    def _barred(self) -> set[str]:
        return {self.seen["requester"], self.seen["implementer"]}

    def _asked(self, fact: Fact) -> None:
        """Another revision: what was voted before counts no more, and who has a say is fixed anew."""
        self.revision, self.approved = int(str(fact.data["revision"])), False
        assert not self._blocked, "asked for in a freeze"
        rules = [*self.world.stages, *([FREEZE_ASKS] if self.world.freezes else [])]
        self.stages, self.frozen_stage = [self._fixed(*one) for one in rules], bool(self.world.freezes)

    def _fixed(self, rule: str, group: str) -> Stage:
        seats = frozenset(self.world.groups[group] - self._barred)
        return Stage(seats, group, {"any": 1, "all": len(seats)}.get(rule) or int(rule))

    @property
    def _blocked(self) -> bool:
        return any(self.world.freezes.values())

    def _one_more(self, _fact: Fact) -> None:
        """A soft freeze over what was asked for before it."""
        self.stages.append(self._fixed(*FREEZE_ASKS))
        self.approved, self.frozen_stage = False, True

    def _stage_asked(self, fact: Fact) -> None:
        asked = fact.data["asked"]
        assert isinstance(asked, list)
        stage = self._open(fact)
        assert set(asked) <= stage.seats, "somebody was asked who had no seat"

    def _voted(self, fact: Fact) -> None:
        stage, by, seat = self._open(fact), fact.by, str(fact.data["seat"])
        assert fact.data["revision"] == self.revision, "a vote about another revision"
        assert not self._blocked or fact.data["vote"] == "reject", "an approval in a freeze"
        assert not {by, seat} & self._barred, "a vote on one's own change"
        assert seat in stage.seats, "a vote from a seat that nobody asked"
        assert not self.world.gone & {by, seat}, "a vote of somebody who has left the workspace"
        assert stage.group is None or seat in self.world.groups[stage.group], (
            "a vote of somebody who has left the group"
        )
        assert by == seat or self.world.stand_in(seat, fact.at) == by, "a vote for somebody who did not ask for it"
        assert seat not in {one.seat for one in stage.votes}, "two votes from one seat"
        assert by not in {one.by for one in stage.votes}, "two votes by one person in a stage"
        stage.votes.append(Vote(by, seat, str(fact.data["vote"]), content(self.seen)))

    def _open(self, fact: Fact) -> Stage:
        number = int(str(fact.data["stage"]))
        assert all(one.met for one in self.stages[: number - 1]), (
            "a stage was opened before the one ahead of it was met"
        )
        return self.stages[number - 1]

    def _withdrawn(self, fact: Fact) -> None:
        self.approved = False
        for stage in self.stages:
            stage.votes = [one for one in stage.votes if one.by != fact.by]

    def _decided(self, fact: Fact) -> None:
        assert fact.data["revision"] == self.revision
        assert all(one.met for one in self.stages), "approved short of votes"
        self.approved = True

    def _back(self, _fact: Fact) -> None:
        self.approved = False


def content(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in AGREED)


_READ: Mapping[FactKind, Callable[[Audit, Fact], None]] = {
    FactKind.CHANGE_SUBMITTED: Audit._asked,
    FactKind.CHANGE_REVISED: Audit._asked,
    FactKind.FREEZE_STAGE_ADDED: Audit._one_more,
    FactKind.APPROVAL_ASKED: Audit._stage_asked,
    FactKind.APPROVAL_VOTED: Audit._voted,
    FactKind.APPROVAL_WITHDRAWN: Audit._withdrawn,
    FactKind.CHANGE_APPROVED: Audit._decided,
    FactKind.CHANGE_REJECTED: Audit._back,
    FactKind.APPROVAL_EXPIRED: Audit._back,
}
