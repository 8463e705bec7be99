"""The sweep: timers whose time has come are fired, put on record and sent on their way in one transaction."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun
from bot.rules.sla.clocks import PROMISED
from bot.usecases.action import reminders as action_reminders
from bot.usecases.approvables import APPROVABLES
from bot.usecases.approval import delegation
from bot.usecases.approval import timers as approval_timers
from bot.usecases.audit import reminders as audit_reminders
from bot.usecases.calendar import pictures
from bot.usecases.change import freeze_holds
from bot.usecases.change import reminders as change_reminders
from bot.usecases.change import timers as change_timers
from bot.usecases.change_window import windows
from bot.usecases.complaint import complaints
from bot.usecases.configuration_item import campaigns, services, services_posts
from bot.usecases.document import documents
from bot.usecases.document import timers as document_timers
from bot.usecases.incident import confirmation
from bot.usecases.iso import history
from bot.usecases.major_incident import timers as major_incident_timers
from bot.usecases.management_review import meetings
from bot.usecases.on_call import calendars as rota_calendars
from bot.usecases.on_call import watch as on_call_watch
from bot.usecases.policy import FOLLOW, in_force
from bot.usecases.policy_proposal import proposals as policy_proposals
from bot.usecases.policy_proposal import replaying as policy_replay
from bot.usecases.problem import trends as problem_trends
from bot.usecases.problem import watch as problem_watch
from bot.usecases.records.long_timers import Long
from bot.usecases.register import reminders as register_reminders
from bot.usecases.report import issuing, management_dashboard
from bot.usecases.request import closing as request_closing
from bot.usecases.request import reminders as request_reminders
from bot.usecases.review import reminders as review_reminders
from bot.usecases.sla import clocks, escalation, olas
from bot.usecases.survey import surveys
from storage import timers
from storage.db.queued import attempt
from storage.sla import clocks as clock_rows
from storage.tables import Timer

log = logging.getLogger(__name__)

RUNG_AT_ONCE = 3
"""In one transaction: the relay, who tells of them, gets one turn at the database between two.

While a thousand rang, fifty channels heard 12 messages a second where this was 20, 35 where it was 5, and 48 now."""
TRIED_AGAIN = timedelta(minutes=5)
"""After which a timer that could not ring is tried again."""

Ring = Callable[[AsyncSession, Timer, datetime], Awaitable[None]]
Hold = Callable[[AsyncSession, str, Collection[str]], Awaitable[None]]
"""Locks what a timer is about; asked with the kinds of all timers that are due about it."""

FOLLOWING_AT_ONCE = 200
"""Clocks that a new policy moves in one transaction."""


async def ring_due(tx: AsyncSession, now: datetime, limit: int = RUNG_AT_ONCE, *, but: Collection[str] = ()) -> int:
    """Fires what is due and returns how many; call again until it returns 0, as it does where another replica fires.

    `but`: kinds that are left for `ring_long`.
    """
    if not await timers.take_up(tx):
        return 0
    due = [timer.model_copy() for timer in await timers.due(tx, now, limit, but=but)]
    await _hold(tx, due)
    for timer in due:
        await _ring(tx, timer, now)
    return len(due)


async def ring_long(tx: AsyncSession, timer: Timer, now: datetime, found: Any) -> None:
    """Fires a timer of a long kind with what was read for it; nothing where another replica has, or is at it.

    It writes for a while: whoever waited for that would find the timer rung, and what is due after it would wait too.
    """

    async def ring(tx: AsyncSession, timer: Timer, now: datetime) -> None:
        await LONG[timer.kind].ring(tx, timer, now, found)

    if await timers.is_free(tx, timer.id or 0):
        await _ring(tx, timer, now, ring)


async def put_off(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """It could not be read for."""
    if await timers.is_free(tx, timer.id or 0):
        await timers.put_off(tx, timer.id or 0, now + TRIED_AGAIN)


async def _hold(tx: AsyncSession, due: Sequence[Timer]) -> None:
    """Lock all records that are rung about, by noun and number, before anything is written."""
    kinds: dict[str, set[str]] = {}
    for timer in due:
        kinds.setdefault(timer.subject, set()).add(timer.kind)
    for subject in sorted(kinds, key=lambda one: (one.partition("-")[0], len(one), one)):
        for hold in HOLDS.get(subject.partition("-")[0], ()):
            await hold(tx, subject, kinds[subject])


async def _ring(tx: AsyncSession, timer: Timer, now: datetime, ring: Ring | None = None) -> None:
    number = timer.id or 0
    try:
        rings = ring or RINGS[timer.kind.partition(":")[0]]
        async with attempt(tx):
            if await timers.fire(tx, number, now):
                await rings(tx, timer, now)
    except SQLAlchemyError:
        raise
    except Exception:
        # One timer that cannot ring must not silence all that come after it.
        log.exception("the timer %s (%s) of %s could not ring", timer.occurrence, timer.kind, timer.subject)
        await timers.put_off(tx, number, now + TRIED_AGAIN)


async def _follow_policy(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Clocks follow a policy that was adopted, a batch at a time; the rest of what it says, all at once."""
    version, _, batch = timer.occurrence.partition("+")
    moved = await clocks.follow_policy(tx, FOLLOWING_AT_ONCE, now)
    for subject in dict.fromkeys(clock.subject for clock in moved):
        await olas.follow_policy(tx, subject, now)
    if len(moved) == FOLLOWING_AT_ONCE:
        await timers.schedule(tx, timer.subject, timer.kind, f"{version}+{int(batch or 0) + 1}", now)
    if not batch:  # after the clocks, as those do who touch both
        await change_reminders.follow_policy(tx, now)
        await issuing.set_up(tx, now)
        await surveys.set_up(tx, now)
        await rota_calendars.follow_policy(tx, now)
        await on_call_watch.set_up(tx, now)
        desk = await in_force(tx)
        await services.follow(tx, desk.policy, desk.version, now)
        await policy_proposals.committed(tx, now)
        await documents.follow_policy(tx, now)


async def _hold_clocks(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    await clock_rows.held(tx, subject)


async def _hold_approvable(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    await approval_timers.held(tx, subject)


HOLDS: Mapping[str, tuple[Hold, ...]] = MappingProxyType(
    {
        **dict.fromkeys(APPROVABLES, (_hold_approvable,)),
        Noun.ACTION: (action_reminders.held,),
        Noun.ENTRY: (_hold_approvable, register_reminders.held),
        Noun.REVIEW: (_hold_approvable, review_reminders.held),
        Noun.MANAGEMENT_REVIEW: (meetings.held,),
        Noun.COMPLAINT: (complaints.held,),
        Noun.SURVEY: (surveys.held,),
        **dict.fromkeys((Noun.AUDIT, Noun.FINDING), (audit_reminders.held,)),
        Noun.DOCUMENT: (_hold_approvable, document_timers.held),
        **dict.fromkeys((Noun.PROBLEM, Noun.KNOWN_ERROR), (problem_watch.held,)),
        Noun.INCIDENT: (confirmation.held, _hold_clocks),
    }
)
"""What is locked of a record before its timers ring, in the order of `reactions.py`; the timers come last."""

LONG: Mapping[str, Long] = MappingProxyType(
    {**problem_trends.LONG, **issuing.LONG, **policy_replay.LONG, **management_dashboard.LONG, **history.LONG}
)
"""For these much is read; the schedule does so beside the sweep, and rings them with what was found."""

RINGS: Mapping[str, Ring] = MappingProxyType(
    {
        **dict.fromkeys(PROMISED, escalation.ring),
        FOLLOW: _follow_policy,
        **major_incident_timers.RINGS,
        **approval_timers.RINGS,
        **delegation.RINGS,
        **change_timers.RINGS,
        **freeze_holds.RINGS,
        **windows.RINGS,
        **confirmation.RINGS,
        **pictures.RINGS,
        **action_reminders.RINGS,
        **problem_watch.RINGS,
        **request_reminders.RINGS,
        **request_closing.RINGS,
        **review_reminders.RINGS,
        **{kind: long.at_once for kind, long in LONG.items()},
        **document_timers.RINGS,
        **on_call_watch.RINGS,
        **audit_reminders.RINGS,
        **register_reminders.RINGS,
        meetings.DUE: meetings.ring,
        **complaints.RINGS,
        **surveys.RINGS,
        **campaigns.RINGS,
        **services_posts.RINGS,
    }
)
"""What rings, by the timer's kind up to a colon, behind which stands who owes what the desk does not."""
