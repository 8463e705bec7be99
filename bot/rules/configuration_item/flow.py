"""An item's life, from when it is planned to when it is retired: any state may follow any other but itself."""

from enum import StrEnum

from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow, Row


class CiState(StrEnum):
    PLANNED = "planned"
    ORDERED = "ordered"
    IN_STOCK = "in stock"
    LIVE = "live"
    REPAIR = "being repaired"
    RETIRED = "retired"


class CiStep(StrEnum):
    """What is done, as it is said of the item afterwards."""

    PLAN = "planned anew"
    ORDER = "ordered"
    STOCK = "put in stock"
    GO_LIVE = "put into service"
    REPAIR = "sent to be repaired"
    RETIRE = "retired"


class Role(StrEnum):
    """A value completes “only …”."""

    OWNER = "members of the group that owns it"
    MANAGER = "members of the group that manages the configuration"


STATE_OF = {
    CiStep.PLAN: CiState.PLANNED,
    CiStep.ORDER: CiState.ORDERED,
    CiStep.STOCK: CiState.IN_STOCK,
    CiStep.GO_LIVE: CiState.LIVE,
    CiStep.REPAIR: CiState.REPAIR,
    CiStep.RETIRE: CiState.RETIRED,
}
IN_SERVICE = frozenset({CiState.LIVE})
"""What is in another state carries nothing: nobody falls back on it, and it cannot fail."""

FLOW = Flow(
    rows=tuple(
        Row(step, frozenset(set(CiState) - {state}), state, (Role.OWNER, Role.MANAGER))
        for step, state in STATE_OF.items()
    ),
    begins=CiState.LIVE,
    opened=FactKind.CI_ADDED,
    facts=dict.fromkeys(CiStep, FactKind.CI_MOVED),
    table="configuration_item",
)


class CiAct(StrEnum):
    """What is done to an item besides the steps of its flow; a value completes “can …”."""

    EDIT = "change {ref}"
    OWN = "give {ref} to a group"
    RELATE = "say what {ref} stands in relation to"
    VERIFY = "verify {ref}"


PHRASE = {
    CiStep.PLAN: "say that {ref} is planned",
    CiStep.ORDER: "say that {ref} is ordered",
    CiStep.STOCK: "put {ref} in stock",
    CiStep.GO_LIVE: "put {ref} into service",
    CiStep.REPAIR: "send {ref} to be repaired",
    CiStep.RETIRE: "retire {ref}",
}
"""Each completes “can …”."""


def phrase(what: StrEnum) -> str:
    """What completes “can …”, with {ref} in it."""
    return PHRASE[what] if isinstance(what, CiStep) else str(what)
