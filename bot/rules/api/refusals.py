"""What is refused of the REST API, in plain words."""

from bot.rules.record.refusals import Refusal


class NotAToken(Refusal):
    """This needs a token that is good: `Authorization: Bearer dbk_…`. `deskbell token create` makes one."""


class NoSuchAccount(Refusal):
    """There is no open service account “{key}”. `deskbell account list` shows them."""


class NotAnAccount(Refusal):
    """“{key}” cannot name a service account. Write small letters, digits and hyphens, up to 40, a letter first."""


class AccountThere(Refusal):
    """There is a service account “{key}” already, or there was one: facts name it, so choose another."""


class NoSuchGroup(Refusal):
    """The policy has no group “{group}”. There are: {known}."""


class NoSuchToken(Refusal):
    """There is no token {number} that is good. `deskbell token list` shows them."""


class NoFilter(Refusal):
    """{collection} have no filter words. Leave q out."""
