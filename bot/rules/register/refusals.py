"""What is refused about registers, in plain words."""

from bot.rules.record.refusals import Refusal


class NoSuchRegister(Refusal):
    """There is no register “{typed}”. The policy has: {known}."""


class NotYourRegister(Refusal):
    """Only {who} can {act}. Ask one of them."""


class NoSuchStage(Refusal):
    """“{typed}” is no stage of this register. There are: {known}."""


class EntryClosed(Refusal):
    """{ref} is closed, so that cannot be changed now. Move it to an earlier stage first."""


class WrongPrefix(Refusal):
    """{ref} is no entry of “{register}”. `/register {ref}` shows it."""


class RegisterGone(Refusal):
    """The policy has no register “{register}” any more, so its form cannot be drawn. {ref} can still be read."""


class BadEntryList(Refusal):
    """“{typed}” is not something to list by. You can say: a register ({registers}), mine, late, open, closed, all, or
    words in “quotes”."""
