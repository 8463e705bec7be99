"""What is refused of the REST API, in plain words."""

from bot.rules.record.refusals import Refusal


class NotAToken(Refusal):
    """This needs a token that is good: `Authorization: Bearer dbk_…`. `deskbell token create` makes one."""


class NoSuchToken(Refusal):
    """There is no token {number} that is good. `deskbell token list` shows them."""


class NoFilter(Refusal):
    """{collection} have no filter words. Leave q out."""
