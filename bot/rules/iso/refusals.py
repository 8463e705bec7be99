"""What is refused about the preparation for ISO/IEC 20000-1, in plain words."""

from bot.rules.record.refusals import Refusal


class NoSuchClause(Refusal):
    """There is no clause “{typed}”.{close}"""


class NoSuchPopulation(Refusal):
    """There is no population “{typed}”.{hint} There are {names}."""


class NoSuchPeriod(Refusal):
    """“{typed}” is no period. Write a quarter, a month, a year or two days: 2026-Q1, 2026-03, 2026,
    2026-01-01..2026-03-31."""

    field = "other"


class NoWord(Refusal):
    """The auditor's word is missing. It is any text that the auditor says once the checkpoint is known."""


class NothingToSample(Refusal):
    """The journal up to fact {size} ({at}) has no {population} that began in {period}. {more}"""


class NoCheckpoint(Refusal):
    """There is no checkpoint over {size} facts. There are {known}."""


class NothingSealed(Refusal):
    """The journal holds no fact yet, so that there is nothing to sample."""


class PackTooLarge(Refusal):
    """The pack would be larger than a zip file can be (4 GB). Make one for each month: `--period 2026-03`."""


class NothingProved(Refusal):
    """The journal up to fact {size} has no fact about “{ref}”. References look like INC-12."""


class BrokenTree(Refusal):
    """The journal is not the one that its checkpoint at fact {size} was made of. `deskbell audit verify` says more."""


class NoAxis(Refusal):
    """“{typed}” is no axis. There are designed, done and works."""


class NoVerdict(Refusal):
    """“{typed}” is no judgement. There are {names}."""


class OverAlready(Refusal):
    """A judgement lapses on a day that is to come, within {days} days. “{typed}” is not one."""


class NotRepeated(Refusal):
    """{ref} does not repeat, so that it is no task at planned intervals. Raise one that does: `/action`."""


class NotForYou(Refusal):
    """The preparation for ISO/IEC 20000-1 is for {groups}. Ask one of them."""
