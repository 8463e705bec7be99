"""No, where a promise is concerned."""

from bot.rules.record.refusals import Refusal


class NotHours(Refusal):
    """“{typed}” is no number of hours up to 999. `/sla 24` looks a day ahead; `/sla service NAME` is about
    one service."""


class NothingToExcuse(Refusal):
    """{ref} has no breach that is not excused already. `/incident why {ref}` shows how its promises stand."""


class NoSuchService(Refusal):
    """There is no service “{name}”{hint} The catalogue has {services}."""
