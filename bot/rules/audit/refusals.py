"""What is refused about audits and findings, in plain words."""

from bot.rules.record.refusals import Refusal


class NotYourAudit(Refusal):
    """Only {who} can {act}. Ask one of them."""


class NotIndependent(Refusal):
    """{who} cannot audit this: {name} {what}. Nobody audits their own work: choose somebody else."""


class NothingToAudit(Refusal):
    """An audit needs at least one clause. Say which, like 8.6.1, or 8.6 for all below it."""


class NotInScope(Refusal):
    """Clause {clause} is not in the scope of {ref}, which has {known}."""


class ClausesUnchecked(Refusal):
    """{ref} cannot be reported yet: nobody has checked {clauses}. Check {them}, or say there why not."""


class AuditFixed(Refusal):
    """{ref} is {state}, so that cannot be changed now."""


class NoSuchVerdict(Refusal):
    """“{typed}” is no verdict. Say conforms, not-looked-at, or a finding: major, minor, observation, opportunity,
    good-practice."""


class NoSuchItemVerdict(Refusal):
    """“{typed}” is no verdict of a record. Say meets or deviates."""


class NotSampled(Refusal):
    """{record} is in no sample of {ref}. {known}"""


class OwnFinding(Refusal):
    """Only somebody else can {act}: {why}. The auditor or a manager of audits can."""


class ActionsOwed(Refusal):
    """{ref} cannot be closed yet: {why}. A nonconformity is closed once its actions are verified."""


class BadAuditList(Refusal):
    """“{typed}” is not something to list by. You can say: mine, late, a state ({states}), all, a clause like 8.6.3, or
    words in “quotes”."""
