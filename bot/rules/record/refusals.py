"""No, in plain words: what happened, why, and what to do next.

A refusal's docstring is its message; the values it names are given when it is raised. `field` names the form field that
the message belongs under, when there is one.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.rules.record.text import day_said, instant


class Refusal(Exception):
    """That cannot be done."""

    field: str | None = None

    def __init__(self, **values: object) -> None:
        shape = " ".join((type(self).__doc__ or "").split())
        said = shape.format(**{name: _quoted(shape, name, _read(value)) for name, value in values.items()})
        # What was typed in quotes is said in the sentence's own.
        self.sentence = said.replace("““", "“").replace("””", "”")
        super().__init__(self.sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        """What is read in another process may be refused there: it travels with what it says."""
        return _as_said, (type(self), self.args, vars(self))


def _read(value: object) -> object:
    """A day or an instant that a sentence names, as people read it."""
    if isinstance(value, datetime):
        return instant(value)
    return day_said(value) if isinstance(value, date) else value


TYPED = ("typed", "text", "asked", "key", "scope")
TYPED_MOST = 40


def _quoted(shape: str, name: str, value: object) -> object:
    """What somebody typed, where a sentence says it again in quotes: not all of it, where that is long."""
    if name not in TYPED or f"“{{{name}}}”" not in shape:
        return value
    line = " ".join(str(value).split())
    return line if len(line) <= TYPED_MOST else f"{line[: TYPED_MOST - 1].rstrip()}…"


def _as_said(kind: type[Refusal], args: tuple[object, ...], values: Mapping[str, object]) -> Refusal:
    refused = kind.__new__(kind, *args)
    vars(refused).update(values)
    return refused


class FormRefused(Refusal):
    """Some fields need another look."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__()
        self.faults = dict(faults)


class UnknownReference(Refusal):
    """“{text}” is not a record's number. It looks like {example}; `/{command}` shows what there is."""


class WhichOne(Refusal):
    """Which one? Type `/{command} {usage}`."""


class OtherCommand(Refusal):
    """{ref} belongs to another command: `/{command} {ref}` shows it."""


class VerbElsewhere(Refusal):
    """{ref} belongs to another command: type `{command} {verb} {ref}`."""


class NotDoneToThis(Refusal):
    """There is no “{verb}” for {ref}: `/{command} {ref}` shows what can be done to it."""


class EitherWay(Refusal):
    """That may be a command: then type `{typed}`. For something new, begin with other words."""


class SaysNothing(Refusal):
    """“{typed}” does not say what it is about. Write it in words: type `{usage}`."""


class StandsAlone(Refusal):
    """Nothing stands behind `{typed}`: type it alone."""


class OneRecord(Refusal):
    """A command is for one record, and {also} would be passed over. Type `{usage}` for each."""


class NoFormHere(Refusal):
    """A form cannot open from a mention. Type `{typed}` where you write messages, outside of threads."""


class NothingAnswers(Refusal):
    """That is of an earlier Deskbell, and nothing was done. Look at the record again: `/desk` shows how."""


class NoSuchRecord(Refusal):
    """There is no {ref}. `/{command}` shows what there is."""


class NotAllowed(Refusal):
    """Only members of {group} can {act}. You are not in it; ask one of them, or your workspace's owner to add you."""


class NotAStep(Refusal):
    """{ref} is {state}, so it cannot be {step}. From here it can be: {legal}."""


class NoStepLeft(NotAStep):
    """{ref} is {state}, so it cannot be {step}. {next}"""


class StandsSo(NotAStep):
    """{ref} is {state} already."""


class AlreadyDone(Refusal):
    """{ref} was already {done} by {by}."""


class Stale(Refusal):
    """{ref} has changed since you opened this. Have a look at it as it is now and try again."""


class GuestsMayNot(Refusal):
    """Deskbell answers members of this workspace only. Guests can ask a member to report for them."""


class NotForThis(Refusal):
    """{ref} cannot be {done}. Incidents and changes can."""


class NamesNoDayOf(Refusal):
    """“{typed}” begins with no day. Say one like friday, in 2 weeks, 24 Dec or 2026-12-24: type `{usage}`."""


class NoSuchDay(Refusal):
    """There is no day “{typed}” here, or it could be two. Write it like 24 Dec or 2026-12-24, of the years {first} to
    {last}: type `{usage}`."""


class NoSuchTime(Refusal):
    """There is no time “{typed}”. Write it like 9:00 or 14:30: type `{usage}`."""


class SkippedTime(Refusal):
    """There is no {at}: the clocks of {zone} are put forward then. The next time they show is {shown}; say that, or
    another."""


class NotLinked(Refusal):
    """{ref} is not linked to {other}, so nothing was undone."""


class CannotLink(Refusal):
    """{ref} cannot be linked to {other}: {why}."""
