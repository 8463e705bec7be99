"""Standard changes: what was agreed once, under which rules it is used, suspended and retired."""

from enum import StrEnum

from bot.rules.change.flow import Role
from bot.rules.change.refusals import AlreadySettled
from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class TemplateState(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class TemplateStep(StrEnum):
    APPROVE = "approved"
    SUSPEND = "suspended"
    RETIRE = "retired"


_T = TemplateState

FLOW = Flow(
    rows=(
        Row(TemplateStep.APPROVE, frozenset({_T.PROPOSED, _T.SUSPENDED}), _T.ACTIVE, (Role.MANAGER,)),
        Row(TemplateStep.SUSPEND, frozenset({_T.ACTIVE}), _T.SUSPENDED, (Role.DESK,)),
        Row(TemplateStep.RETIRE, frozenset({_T.PROPOSED, _T.ACTIVE, _T.SUSPENDED}), _T.RETIRED, (Role.MANAGER,)),
    ),
    begins=_T.PROPOSED,
    opened=FactKind.TEMPLATE_PROPOSED,
    facts={
        TemplateStep.APPROVE: FactKind.TEMPLATE_APPROVED,
        TemplateStep.SUSPEND: FactKind.TEMPLATE_SUSPENDED,
        TemplateStep.RETIRE: FactKind.TEMPLATE_RETIRED,
    },
    table="template",
)

LOCKED = ("title", "service", "plan", "test_plan", "backout", "type", "touches", "answers")
"""What a change made from a template takes from it and keeps."""


def legal(state: TemplateState) -> list[TemplateStep]:
    """What its managers may do with it, suspending aside, which a failure does."""
    return FLOW.legal(state, [Role.MANAGER])


def check(name: str, step: TemplateStep, state: TemplateState) -> Row[TemplateStep, TemplateState, Role]:
    """The way that the step takes. Raises AlreadySettled."""
    for row in FLOW.ways(step):
        if state in row.from_states:
            return row
    raise AlreadySettled(name=name, state=state)
