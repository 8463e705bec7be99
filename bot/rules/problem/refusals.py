"""What is refused about problems and known errors, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourProblem(Refusal):
    """Only {who} can {act}. Ask one of them."""


class NoCauseYet(Refusal):
    """No cause of {ref} is confirmed. Confirm one (`/problem causes {ref}`), or say why none can be found."""


class NoFixYet(Refusal):
    """{ref} has no fix: link the change that mends it, or add an action, and try again."""


class FixUnfinished(Refusal):
    """{ref} is not fixed yet: {left}. It is watched once that is done with success."""


class StillWatched(Refusal):
    """{ref} is watched until {until}. It can be closed after that, if it does not come back."""


class ActionsLeft(Refusal):
    """{ref} still has actions that are neither verified nor dropped: {left}. See to them first."""


class CannotMergeProblem(Refusal):
    """{ref} cannot be merged into {other}: {why}."""


class NoSuchCause(Refusal):
    """{ref} has no cause {typed}. `/problem causes {ref}` shows them with their numbers."""


class CauseJudged(Refusal):
    """Cause {number} of {ref} was {status} already. Add another cause if you see it differently now."""


class ProblemEnded(Refusal):
    """{ref} is {state}, so that cannot be changed any more. {next}"""


class TooManyAtOnce(Refusal):
    """Those are {count} records; {most} can be linked at once. Link the others afterwards."""


class BadProblemList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, group, unassigned, open, a state (cause-known,
    fix-under-way, …), P1 to P5, a service, all, or words in “quotes”."""


class NoWorkaround(Refusal):
    """No published known error belongs to {ref}. Link its problem first, or resolve it in your own words."""
