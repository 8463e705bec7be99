"""A record's flow, declared as rows: which step leads from where to where, who may take it, and which fact tells of it.

A noun declares one `Flow`; the engine (`bot/usecases/records/`) takes its steps, and no step is taken without its fact.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import AlreadyDone, NoStepLeft, NotAStep, StandsSo

StepT = TypeVar("StepT", bound=StrEnum)
StateT = TypeVar("StateT", bound=StrEnum)
RoleT = TypeVar("RoleT", bound=StrEnum)
STAYS, FOR_OTHERS = "It stays so.", "What comes next is for others to do."
"""What a refusal says where no step is left to this person."""


@dataclass(frozen=True)
class Row(Generic[StepT, StateT, RoleT]):
    """One way: these roles take the step from one of these states. A step may have several."""

    step: StepT
    from_states: frozenset[StateT]
    to: StateT
    roles: tuple[RoleT, ...]
    when: frozenset[str] | None = None
    """The kinds of record that have this way (the types of a change); None for all."""

    def holds(self, roles: Collection[RoleT] | None, kind: str | None) -> bool:
        """Whether one of these roles has this way on a record of this kind. None asks nothing."""
        allowed = roles is None or not set(roles).isdisjoint(self.roles)
        return allowed and (kind is None or self.when is None or kind in self.when)


@dataclass(frozen=True)
class Flow(Generic[StepT, StateT, RoleT]):
    rows: tuple[Row[StepT, StateT, RoleT], ...]
    begins: StateT
    """The state of a record that was just opened."""
    opened: FactKind
    """The fact that tells of its opening."""
    facts: Mapping[StepT, FactKind]
    """The fact that tells of each step."""
    imported: FactKind | None = None
    """The fact that tells of a record that came from another tool, with the state that it had there."""
    unlisted: frozenset[StepT] = frozenset()
    """Steps that a refusal does not offer: Deskbell takes them, or people take them in another way."""
    table: str = field(kw_only=True)
    """The name of the table whose `state` it is: migration 0003 holds every such table to its facts."""

    @cached_property
    def steps(self) -> tuple[StepT, ...]:
        """Each once, in the order of the rows."""
        return tuple(dict.fromkeys(row.step for row in self.rows))

    @cached_property
    def states(self) -> frozenset[StateT]:
        """All states that a record can be in."""
        return frozenset({self.begins, *(row.to for row in self.rows)})

    def ways(
        self, step: StepT, roles: Collection[RoleT] | None = None, kind: str | None = None
    ) -> list[Row[StepT, StateT, RoleT]]:
        """The rows of a step that are open to one of these roles (None: to anybody) on this kind of record."""
        return [row for row in self.rows if row.step == step and row.holds(roles, kind)]

    def roles(self, step: StepT) -> tuple[RoleT, ...]:
        """Who may take a step from some state, in the order of the rows."""
        return tuple(dict.fromkeys(role for row in self.ways(step) for role in row.roles))

    def open_to(
        self, step: StepT, roles: Collection[RoleT] | None = None, kind: str | None = None
    ) -> frozenset[StateT]:
        """The states from which somebody of these roles may take the step."""
        return frozenset[StateT]().union(*(row.from_states for row in self.ways(step, roles, kind)))

    def legal(self, state: StateT, roles: Collection[RoleT] | None = None, kind: str | None = None) -> list[StepT]:
        """The steps that lead on from a state and are offered, in the flow's order."""
        return [one for one in self.steps if one not in self.unlisted and state in self.open_to(one, roles, kind)]

    def only_by(self, *roles: RoleT) -> frozenset[StepT]:
        """Steps that nobody but these takes."""
        others = {row.step for row in self.rows if not row.roles or set(row.roles) - set(roles)}
        return frozenset(row.step for row in self.rows) - others

    def check(
        self,
        ref: Ref,
        step: StepT,
        state: StateT,
        roles: Collection[RoleT] | None = None,
        kind: str | None = None,
        *,
        done_by: str | None = None,
    ) -> Row[StepT, StateT, RoleT]:
        """The way that the step takes. Raises NotAStep where there is none, AlreadyDone where somebody came first.

        `done_by` is how to name who took the record to the state that it is in.
        """
        ways = self.ways(step, roles, kind)
        for row in ways:
            if state in row.from_states:
                return row
        if any(row.to == state for row in ways):
            raise AlreadyDone(ref=ref, done=step, by=done_by) if done_by else StandsSo(ref=ref, state=label(state))
        if offered := self.legal(state, roles, kind):
            raise NotAStep(ref=ref, state=label(state), step=step, legal=listed(offered))
        ends = not self.legal(state, None, kind)
        raise NoStepLeft(ref=ref, state=label(state), step=step, next=STAYS if ends else FOR_OTHERS)

    def replay(self, facts: Iterable[Fact]) -> StateT:
        """The state that the journal tells. Raises BrokenJournal where a fact does not follow from those before it."""
        state: StateT | None = None
        known = frozenset(self.facts.values())
        for fact in facts:
            if fact.kind is self.opened and state is None:
                state = self.begins
            elif fact.kind is self.imported:
                state = next((one for one in self.states if one == fact.data.get("state")), state)
            elif fact.kind in known:
                state = self._after(state, fact)
        if state is None:
            raise BrokenJournal("nothing was opened")
        return state

    def _after(self, state: StateT | None, fact: Fact) -> StateT:
        """`from` and `state`, where a fact has them, are the states before and after it."""
        before, after = fact.data.get("from", state), fact.data.get("state")
        for row in self.rows:
            told = self.facts[row.step] is fact.kind and after in (None, row.to)
            if told and state in row.from_states and before == state:
                return row.to
        raise BrokenJournal(f"{fact.kind} cannot follow {state}")


class BrokenJournal(ValueError):
    """The facts of a record do not follow from each other."""


def label(state: StrEnum) -> str:
    """The state as a sentence has it."""
    said: object = getattr(state, "label", state)
    return str(said)


def stands(state: StrEnum) -> str:
    """“It is closed”: a sentence without its end, which `label` completes unless the state has one of its own."""
    said: object = getattr(state, "sentence", None)
    return str(said) if said else f"It is {label(state)}"


def listed(steps: Iterable[StrEnum]) -> str:
    """“resolved, closed or reopened”; empty for none."""
    words = [str(step) for step in steps]
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
