"""What is refused about registers, in plain words."""

from bot.rules.record.refusals import Refusal


class NoSuchRegister(Refusal):
    """There is no register “{typed}”. The policy has: {known}."""


class WhichRegister(Refusal):
    """Which register? The policy has: {known}. As in `/register add risk No spare gateway`."""


class NotYourRegister(Refusal):
    """Only {who} can {act}. Ask one of them."""


class NoSuchStage(Refusal):
    """“{typed}” is no stage of this register. There are: {known}."""


class NoWayThere(Refusal):
    """{ref} is in “{now}”, and from there it goes to: {known}."""


class WaitsForApproval(Refusal):
    """{ref} waits for approval of its move to “{stage}”. Wait for it, or have the move taken back first."""


class NothingAsked(Refusal):
    """No move of {ref} waits for approval. `/register {ref}` shows where it is."""


class NobodyApprovesMove(Refusal):
    """“{stage}” needs an approval that nobody can give now: {why} Ask who keeps the policy."""


class OwnMove(Refusal):
    """You asked for this move of {ref}, so somebody else must approve it."""


class AlreadyMoved(Refusal):
    """{ref} was moved once it was approved, so that vote cannot be taken back. Move it again instead."""


class VoteOver(Refusal):
    """Nobody votes on {ref} any more, so that vote cannot be taken back. Ask for the move again."""


class EntryClosed(Refusal):
    """{ref} is closed, so that cannot be changed now. Move it to an earlier stage first."""


class WrongPrefix(Refusal):
    """{ref} is no entry of “{register}”. `/register {ref}` shows it."""


class RegisterGone(Refusal):
    """The policy has no register “{register}” any more, so its form cannot be drawn. {ref} can still be read."""


class BadEntryList(Refusal):
    """“{typed}” is not something to list by. You can say: a register ({registers}), mine, late, open, closed, all, or
    words in “quotes”."""
