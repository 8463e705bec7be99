"""A field for a day: chosen from a calendar, or typed as people say it (“friday”, “tomorrow”, “2026-12-24”)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.rules.record import typed_dates
from bot.rules.record.refusals import NamesNoDayOf, NoSuchDay, NoSuchTime
from bot.rules.record.years import FIRST_YEAR, LAST_YEAR
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.ids import Field
from handlers.records.fields import Ask, nothing
from handlers.records.form_values import Filled
from handlers.records.typed_values import Said, Shown


def Day(  # noqa: N802
    field: Field, label: str, hint: str = "", *, first: Callable[[Shown], Any] = nothing
) -> Ask:
    """Typed, it is the next words."""
    return Ask(field, label, _drawn, Filled.day, day_said, "day", hint, first=first)


def day_said(said: Said) -> tuple[date, str]:
    """The day that the words begin with, and the words behind it. Raises NamesNoDayOf, NoSuchDay, NoSuchTime."""
    found = typed_dates.named(said.words, today_of(said))
    if found is None:
        require_possible(said)
        raise NamesNoDayOf(typed=said.words.strip(), usage=said.usage)
    return found.day, found.words


def today_of(said: Said) -> date:
    """The day that it is where they are."""
    return said.shown.now.astimezone(said.shown.more).date()


def require_possible(said: Said) -> None:
    """Raises NoSuchDay or NoSuchTime for words that begin with what looks like a day, and its time."""
    typed = typed_dates.impossible(said.words, today_of(said))
    if ":" in typed:
        raise NoSuchTime(typed=typed.split()[-1], usage=said.usage)
    if typed:
        raise NoSuchDay(typed=typed, first=FIRST_YEAR, last=LAST_YEAR, usage=said.usage)


def _drawn(_shown: Shown, value: Any) -> Block:
    element: Block = {"type": "datepicker", "placeholder": kit.plain("Choose a day")}
    return element | {"initial_date": value.isoformat()} if value else element
