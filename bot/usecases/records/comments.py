"""What is written on a record: notes for those who work on it, and updates for those whom it concerns."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Ref
from bot.usecases.records.declared import Deed, Event, kind_of
from bot.usecases.records.record import record, required
from bot.usecases.records.visibility import require_worker, shown_to, works_on
from storage import records

NAME = {Event.NOTED: "The note", Event.UPDATED: "The update", Event.INFORMED: "The information"}
"""What a form's fault calls what was typed."""


async def note(tx: AsyncSession, ref: Ref, text: str, *, by: str, now: datetime) -> Any:
    """For those who work on it alone; of those whom it concerns, information. Returns the record.

    Raises FormRefused, NoSuchRecord, NotForThis.

    And the noun's refusal for who does not work on it: NotOnTheDesk, NotYourStep.
    """
    kind = kind_of(ref.noun)
    kind.fact(Event.NOTED, ref)
    one = await shown_to(tx, ref, by)
    if not await works_on(tx, one, by) and await kind.speaks(tx, one, by):
        return await inform(tx, ref, text, by=by, now=now)
    return await _write(tx, ref, text, Event.NOTED, Deed(by, now))


async def inform(tx: AsyncSession, ref: Ref, text: str, *, by: str, now: datetime) -> Any:
    """What somebody whom it concerns has to say about it; those who work on it are told, and what waited goes on.

    Raises FormRefused, NoSuchRecord, NotForThis, and the noun's refusal for who is a stranger to it.
    """
    deed, kind = Deed(by, now), kind_of(ref.noun)
    one = await may_inform(tx, ref, by)
    one = await _put(tx, one, text, Event.INFORMED, deed)
    if kind.heard is not None:
        await kind.heard(tx, one, deed)
    return one


async def may_inform(tx: AsyncSession, ref: Ref, by: str) -> Any:
    """The record, if this person may add information to it. Raises as `inform`."""
    kind, one = kind_of(ref.noun), await shown_to(tx, ref, by)
    kind.fact(Event.INFORMED, ref)
    allowed = await works_on(tx, one, by) or await kind.speaks(tx, one, by)
    if not allowed and kind.stranger is not None:
        raise await kind.stranger(tx, one, RecordAct.INFORM.format(ref=ref))
    return one


async def update(tx: AsyncSession, ref: Ref, text: str, *, by: str, now: datetime) -> Any:
    """For those whom it concerns, each by direct message, and for the card's thread. Raises as `note`."""
    deed = Deed(by, now)
    one = await _write(tx, ref, text, Event.UPDATED, deed)
    kind = kind_of(ref.noun)
    await kind.tell(tx, one, kind.fact(Event.UPDATED, ref), deed)
    return one


async def _write(tx: AsyncSession, ref: Ref, text: str, event: Event, deed: Deed) -> Any:
    kind_of(ref.noun).fact(event, ref)
    required("comment", NAME[event], text)
    one = await shown_to(tx, ref, deed.by)
    await require_worker(tx, one, deed.by, RecordAct.NOTE if event is Event.NOTED else RecordAct.UPDATE)
    return await _put(tx, one, text, event, deed)


async def _put(tx: AsyncSession, one: Any, text: str, event: Event, deed: Deed) -> Any:
    """Also on what is closed: what is learnt afterwards belongs there."""
    kind, text = kind_of(one.noun), required("comment", NAME[event], text)
    if kind.counts:
        await records.touch(tx, kind.table, one.number)
        await tx.refresh(one)
    await record(tx, one, kind.fact(event, one.ref), deed, None, {"comment": text})
    return one
