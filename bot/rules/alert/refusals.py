"""What is refused about alerts, in plain words."""

from bot.rules.record.refusals import Refusal


class NoSuchAlerts(Refusal):
    """These alerts are not kept any more. `/alert list` shows those that fire."""


class AlertsAreOver(Refusal):
    """These alerts are resolved at the source. If something is wrong all the same, `/incident` reports it."""


class AlertsHaveAnIncident(Refusal):
    """{ref} is open for these alerts already."""


class NoSuchSource(Refusal):
    """“{typed}” is neither a source of alerts nor a service, nor firing, resolved or all. {known}."""
