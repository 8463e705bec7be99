"""What an item declares to the record engine."""

from bot.rules.record.facts import FactKind
from bot.usecases.configuration_item import access, campaigns, lists
from bot.usecases.records.declared import Event, Kind
from storage.tables import ConfigurationItem

KIND = Kind(
    ConfigurationItem,
    access.shown_to,
    "a configuration item",
    works_on=access.works_on,
    refusal=access.refusal,
    facts={Event.NOTED: FactKind.CI_NOTED, Event.LINKED: FactKind.CI_LINKED},
    private=lambda item: item.private,
    page=lists.page,
    waits=campaigns.waiting,
)
