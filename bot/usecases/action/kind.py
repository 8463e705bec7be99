"""What an action declares to the record engine."""

from bot.rules.record.facts import OPERATOR, FactKind
from bot.usecases.action import access, lists, owners, waiting
from bot.usecases.records.declared import Event, Kind
from storage.tables import ActionItem

KIND = Kind(
    ActionItem,
    access.shown_to,
    "an action",
    homes=lambda action: (action.owner, action.raised_by if action.raised_by != OPERATOR else None),
    works_on=access.works_on,
    refusal=access.refusal,
    private=lambda action: action.private,
    stands_on=lambda action: action.parent,
    refers=("parent",),
    facts={
        Event.NOTED: FactKind.ACTION_NOTED,
        Event.LINKED: FactKind.ACTION_LINKED,
        Event.ASSIGNED: FactKind.ACTION_ASSIGNED,
    },
    assign=owners.assign,
    waits=waiting.waiting,
    page=lists.page,
)
