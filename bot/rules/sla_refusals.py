"""No, where a promise is concerned."""

from bot.rules.refusals import Refusal


class NothingToTake(Refusal):
    """Nothing of {ref} waits for anybody: its promises are settled."""


class NothingToExcuse(Refusal):
    """{ref} has no breach that is not excused already. `/incident why {ref}` shows how its promises stand."""


class NoSuchService(Refusal):
    """There is no service “{name}”. The catalogue has {services}."""
