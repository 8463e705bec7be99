"""Which service of the policy an alert is about."""

from collections.abc import Mapping
from typing import Protocol

from bot.rules.alert.alerts import Alert
from bot.rules.alert.policy import Source
from bot.rules.configuration.service_guess import UNSURE


class Named(Protocol):
    @property
    def name(self) -> str: ...


def service_of(alert: Alert, source: Source, services: Mapping[str, Named]) -> str:
    """By what it names itself, by its label, else the source's own; UNSURE where none of them is in the policy."""
    labelled = alert.labels.get(source.service_label, "") if source.service_label else ""
    by_name = {one.name.casefold(): key for key, one in services.items()}
    for said in (alert.service, labelled, source.service or ""):
        key = said.strip().casefold()
        if found := key if key in services else by_name.get(key):
            return found
    return UNSURE
