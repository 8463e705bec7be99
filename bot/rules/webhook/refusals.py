"""What is refused about webhooks, in plain words."""

from bot.rules.record.refusals import Refusal


class NoSuchWebhook(Refusal):
    """There is no webhook “{key}”. {known}"""


class IsDisabled(Refusal):
    """The webhook “{key}” is off: {reason}. `deskbell webhook enable {key}` turns it on again, and then replay."""


class NotOff(Refusal):
    """The webhook “{key}” is not off."""
