"""Standard changes: what was agreed once, under which rules it is used, suspended and retired."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.rules.change_refusals import AlreadySettled


class TemplateState(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class TemplateStep(StrEnum):
    APPROVE = "approved"
    SUSPEND = "suspended"
    RETIRE = "retired"


_MOVES: Mapping[TemplateStep, tuple[frozenset[TemplateState], TemplateState]] = MappingProxyType(
    {
        TemplateStep.APPROVE: (frozenset({TemplateState.PROPOSED, TemplateState.SUSPENDED}), TemplateState.ACTIVE),
        TemplateStep.SUSPEND: (frozenset({TemplateState.ACTIVE}), TemplateState.SUSPENDED),
        TemplateStep.RETIRE: (
            frozenset({TemplateState.PROPOSED, TemplateState.ACTIVE, TemplateState.SUSPENDED}),
            TemplateState.RETIRED,
        ),
    }
)

LOCKED = ("title", "service", "plan", "test_plan", "backout", "type", "touches", "answers")
"""What a change made from a template takes from it and keeps."""


def legal(state: TemplateState) -> list[TemplateStep]:
    """What its managers may do with it, suspending aside, which a failure does."""
    return [step for step in (TemplateStep.APPROVE, TemplateStep.RETIRE) if state in _MOVES[step][0]]


def check(name: str, step: TemplateStep, state: TemplateState) -> tuple[frozenset[TemplateState], TemplateState]:
    """From where it leads where. Raises AlreadySettled."""
    frm, to = _MOVES[step]
    if state not in frm:
        raise AlreadySettled(name=name, state=state)
    return frm, to
