"""What is refused about major incidents, in plain words."""

from bot.rules.record.refusals import Refusal


class NotMajor(Refusal):
    """{ref} is no major incident. `/incident major {ref}` declares it one."""


class MajorOver(Refusal):
    """{ref} is over as a major incident. If it is back, reopen it and declare it again."""


class AlreadyMajor(Refusal):
    """{ref} was already declared a major incident, by {by}."""


class NotOpen(Refusal):
    """{ref} is {state}, so it cannot be declared a major incident. Reopen it first if it is back."""


class UnknownRole(Refusal):
    """“{text}” is no role. The roles are {roles}: `/incident role {ref} commander @name`."""


class AlreadyHolds(Refusal):
    """{who} is {role} of {ref} already."""


class RoleTaken(Refusal):
    """{who} is {role} of {ref}. `/incident role {ref} {key} @name` gives the role to somebody else."""


class NobodyNamed(Refusal):
    """Say who, with an @name: `/incident {verb} {ref} {more}@name`."""


class UpdateMeanwhile(Refusal):
    """Another update of {ref} was posted while you wrote. Read it, and send yours again if it is still needed."""


class NotYours(Refusal):
    """Only the scribe and the commander edit the timeline of {ref}. Take the role in its channel first."""


class NothingToSnooze(Refusal):
    """That update of {ref} was posted already, so there is nothing to put off."""


class CannotHold(Refusal):
    """{who} cannot hold a role: only full members of this workspace can. Choose somebody else."""


class NoSuchEntry(Refusal):
    """That entry is not in the timeline any more. Close this and open it again."""


class WhichIncident(Refusal):
    """Say which incident: `/incident {verb} INC-12`. Inside its own channel the number can be left out."""


class NotShown(Refusal):
    """{ref} is private and {who} does not see it. Add them to it first, or choose somebody who does."""
