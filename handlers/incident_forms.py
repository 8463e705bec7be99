"""What was filled in about an incident: parse, do, close every modal."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import (
    incident_class,
    incident_confirmation,
    incident_people,
    incident_relations,
    incident_steps,
    incident_words,
)
from bot.desk.incident_class import Class
from bot.rules.incident_flow import PendingOn
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.refs import Noun, Ref
from bot.rules.refusals import FormRefused, UnknownReference
from handlers.commands import Listener
from handlers.forms import Filled
from handlers.ids import Field, Form
from handlers.incident_deeds import any_ref
from handlers.turn import Turn
from handlers.views.incident_forms import FROM_MATRIX

Submitted = Callable[[AsyncSession, Ref, Filled, Turn], Awaitable[object]]


async def _resolution(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    code, note = filled.choice(Field.CODE), filled.text(Field.RESOLUTION)
    return await incident_steps.resolve(tx, ref, code, note, by=turn.person, now=turn.now)


async def _pending(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    on, why = filled.one_of(Field.PENDING_ON, PendingOn), filled.text(Field.COMMENT)
    return await incident_steps.pend(tx, ref, on, why, by=turn.person, now=turn.now)


async def _cancellation(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    return await incident_steps.cancel(tx, ref, filled.text(Field.COMMENT), by=turn.person, now=turn.now)


async def _reopening(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    return await incident_steps.reopen(tx, ref, filled.text(Field.COMMENT), by=turn.person, now=turn.now)


async def _note(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    return await incident_words.note(tx, ref, filled.text(Field.COMMENT), by=turn.person, now=turn.now)


async def _update(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    return await incident_words.update(tx, ref, filled.text(Field.COMMENT), by=turn.person, now=turn.now)


async def _assignment(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    who, group = filled.person(Field.PERSON) or None, filled.choice(Field.GROUP) or None
    return await incident_people.assign(tx, ref, who, group, by=turn.person, now=turn.now)


async def _class(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    impact, urgency = filled.one_of(Field.IMPACT, Impact), filled.one_of(Field.URGENCY, Urgency)
    wanted = Class(impact, urgency, filled.choice(Field.SERVICE) or None)
    return await incident_class.reclassify(tx, ref, wanted, by=turn.person, now=turn.now)


async def _priority(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    by_hand = filled.choice(Field.PRIORITY) != FROM_MATRIX
    priority = filled.one_of(Field.PRIORITY, Priority) if by_hand else None
    why = filled.text(Field.COMMENT)
    return await incident_class.prioritise(tx, ref, priority, why, by=turn.person, now=turn.now)


async def _link(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    return await incident_relations.link(tx, ref, _other(filled), by=turn.person, now=turn.now)


async def _merger(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    return await incident_relations.merge(tx, ref, _other(filled), by=turn.person, now=turn.now)


async def _sharing(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    return await incident_people.share(tx, ref, filled.person(Field.PERSON), by=turn.person, now=turn.now)


async def _rating(tx: AsyncSession, ref: Ref, filled: Filled, turn: Turn) -> object:
    chosen = filled.choice(Field.RATING)
    rating = int(chosen) if chosen in "12345" and chosen else 0
    comment = filled.text(Field.COMMENT)
    await incident_confirmation.rate(tx, ref, rating, comment, by=turn.person, now=turn.now)
    return ref


def _other(filled: Filled) -> Ref:
    """Raises FormRefused, so that it stands under its field."""
    try:
        return any_ref(filled.text(Field.OTHER))
    except UnknownReference as refused:
        raise FormRefused({Field.OTHER: refused.sentence}) from None


def _submission(do: Submitted) -> Listener:
    async def submitted(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
        filled = Filled(view)
        async with turn.begin() as tx:
            await do(tx, filled.about(Noun.INCIDENT).ref, filled, turn)
        await ack(response_action="clear")

    return submitted


SUBMISSIONS: dict[str, Listener] = {
    form: _submission(do)
    for form, do in (
        (Form.INCIDENT_RESOLUTION, _resolution),
        (Form.INCIDENT_PENDING, _pending),
        (Form.INCIDENT_CANCELLATION, _cancellation),
        (Form.INCIDENT_REOPENING, _reopening),
        (Form.INCIDENT_NOTE, _note),
        (Form.INCIDENT_UPDATE, _update),
        (Form.INCIDENT_ASSIGNMENT, _assignment),
        (Form.INCIDENT_CLASS, _class),
        (Form.INCIDENT_PRIORITY, _priority),
        (Form.INCIDENT_LINK, _link),
        (Form.INCIDENT_MERGER, _merger),
        (Form.INCIDENT_SHARING, _sharing),
        (Form.INCIDENT_RATING, _rating),
    )
}
