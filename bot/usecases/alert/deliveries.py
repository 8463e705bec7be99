"""Deliveries: kept as they come, and worked off in their order. Each function is one transaction's work."""

import logging
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.alert.alerts import Alert, AlertState
from bot.rules.alert.decision import silent
from bot.rules.alert.formats import read
from bot.rules.alert.policy import Source
from bot.usecases.alert import alerts
from bot.usecases.policy import in_force
from storage.alert import alerts as stored
from storage.alert import deliveries
from storage.db.queued import attempt
from storage.tables import AlertDelivery

log = logging.getLogger(__name__)

BATCH = deliveries.BATCH
AT_ONCE = 50
"""Deliveries worked off in one transaction. Who waits for the database waits for that long at the most."""
SILENCE = "deskbell:silence"
"""The identity of the alert that a source says nothing. No format makes one like it by itself."""


async def keep(tx: AsyncSession, source: str, content: bytes, made: str, now: datetime) -> None:
    """Before it is answered. What it says is worked off later."""
    await deliveries.keep(tx, source, content, made, now)


async def turn_away(tx: AsyncSession, source: str, faults: int, now: datetime) -> None:
    """It says nothing that can be read: counted, so that nothing is dropped unseen."""
    await stored.source(tx, source, now)
    await stored.raise_source(tx, source, faults=faults)


async def forget(tx: AsyncSession, before: datetime) -> int:
    """A batch of deliveries that were worked off; the alerts in them stay. Returns how many."""
    return await deliveries.forget(tx, before)


async def is_waiting(tx: AsyncSession) -> bool:
    return await deliveries.is_waiting(tx)


async def work_off(tx: AsyncSession, now: datetime, most: int = AT_ONCE) -> int:
    """Work off those that came first, and say how many; 0 where there is none, or another replica does it."""
    if not await deliveries.take_up(tx):
        return 0
    found = await deliveries.waiting(tx, most)
    try:
        async with attempt(tx):
            outcomes = {one.id or 0: await _heard(tx, one, now) for one in found}
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("deliveries are worked off one by one, since one of them cannot be")
        outcomes = {one.id or 0: await _alone(tx, one, now) for one in found}
    await deliveries.handled(tx, outcomes, now)
    return len(found)


async def _alone(tx: AsyncSession, delivery: AlertDelivery, now: datetime) -> str:
    """One that cannot be worked off must not hold up all that come after it."""
    try:
        async with attempt(tx):
            return await _heard(tx, delivery, now)
    except SQLAlchemyError:
        raise
    except Exception as fault:
        log.exception("a delivery of the source %s could not be worked off", delivery.source)
        await turn_away(tx, delivery.source, 1, now)
        return f"It could not be worked off: {type(fault).__name__}"


async def _heard(tx: AsyncSession, delivery: AlertDelivery, now: datetime) -> str:
    """What could not be read of it, a line each."""
    name, at, policy = delivery.source, delivery.received_at, (await in_force(tx)).policy
    source = policy.alerts.get(name)
    if source is None:
        return "The policy has no such source any more."
    known = await stored.source(tx, name, at)
    if known.silent:
        await alerts.hear(tx, policy, name, silence(name, source, AlertState.RESOLVED, "It is heard again."), now)
    reading = read(source, delivery.content, delivery.made)
    await stored.heard(tx, name, at, len(reading.faults))
    for alert in reading.alerts:
        await alerts.hear(tx, policy, name, alert, at)
    left_out = [f"{reading.left_out} alerts were left out of it"] if reading.left_out else []
    return "\n".join([*reading.faults, *left_out])[:3000]


def silence(name: str, source: Source, state: AlertState, words: str) -> Alert:
    """The source's own silence, as an alert."""
    return Alert(
        SILENCE, SILENCE, state, f"The source of alerts “{name}” is silent", words, service=source.service or ""
    )


async def listen_for_silence(tx: AsyncSession, now: datetime) -> None:
    """A source that promised a heartbeat and is silent for longer is an alert by itself, once."""
    desk = await in_force(tx)
    for name, source in desk.policy.alerts.items():
        if source.heartbeat is None:
            continue
        known = await stored.source(tx, name, now)
        because = silent(source, known.heard_at, now)
        if because and not known.silent:
            await stored.set_source(tx, name, silent=True)
            said = f"It promised a word each so often, and {because}."
            await alerts.hear(tx, desk.policy, name, silence(name, source, AlertState.FIRING, said), now)


async def settle_flapping(tx: AsyncSession, now: datetime) -> None:
    """What flapped and stays as it is goes on as any alert."""
    policy = (await in_force(tx)).policy
    for row in await stored.flapping(tx):
        await alerts.settle(tx, policy, row, now)
