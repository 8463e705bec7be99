"""What a change runs into, read inside the transaction that asks; and that it is kept out of hard freezes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState, ChangeType
from bot.rules.change_window.conflicts import Collision, Planned, Trouble, collisions
from bot.rules.change_window.refusals import Frozen, Held, OutsideMaintenance
from bot.rules.change_window.windows import Caught, Window, caught, occurrences, outside
from bot.rules.policy.policy import Policy
from bot.rules.record import text
from bot.rules.record.refs import Noun, Ref
from bot.usecases.configuration_item import impacts
from bot.usecases.policy import InForce, in_force
from storage import records
from storage.change import changes
from storage.change_window import windows
from storage.configuration_item.visibility import EVERYBODY
from storage.delivery import outbox
from storage.major_incident import major_incidents
from storage.tables import Change, ChangeWindow

BEFORE = (ChangeState.SUBMITTED, ChangeState.ASSESS, ChangeState.AUTHORISE, ChangeState.SCHEDULED)
"""Asked for and not begun."""
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
UPCOMING = (*BEFORE, ChangeState.IMPLEMENTING)


@dataclass(frozen=True)
class Plan:
    """What a change means to do when, kept or still on a form."""

    type: ChangeType
    services: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    ref: str = ""
    """Empty for what is not kept yet."""
    items: tuple[int, ...] = ()
    """Numbers of the items that are chosen on its form, beside those that it names already."""


def plan_of(change: Change, edited: Mapping[str, Any] = MappingProxyType({})) -> Plan:
    """A change as it is, or with these fields edited."""
    said = change.model_dump() | dict(edited)
    services = (said["service"], *said["touches"].split())
    return Plan(ChangeType(said["type"]), services, said["starts_at"], said["ends_at"], str(change.ref))


async def run_into(tx: AsyncSession, plan: Plan) -> list[Collision]:
    """All that it runs into. A private incident is nobody's to see here."""
    if plan.ends_at <= plan.starts_at:
        return []
    desk = await in_force(tx)
    found = await windows.between(tx, plan.starts_at, plan.ends_at)
    there = await changes.between(tx, UPCOMING, plan.starts_at, plan.ends_at)
    named = await impacts.named_by(tx, [str(one.ref) for one in there] + ([plan.ref] if plan.ref else []))
    mine = await _reached(tx, {*plan.items, *named.get(plan.ref, ())}, plan.services)
    planned = Planned(plan.ref, "", plan.services, plan.starts_at, plan.ends_at, mine)
    others = [
        Planned(
            str(one.ref), one.title, one.services, one.starts_at, one.ends_at,
            await _reached(tx, named.get(str(one.ref), ()), one.services),
        )
        for one in there
    ]  # fmt: skip
    majors = [
        Trouble(str(Ref(Noun.INCIDENT, one.number)), one.summary, one.service)
        for one in await major_incidents.public_ones(tx)
    ]
    return collisions(planned, found, others, majors, desk.policy.needs)


async def _reached(tx: AsyncSession, items: Collection[int], services: Collection[str]) -> tuple[str, ...]:
    """Other services that these items take down or degrade, by the graph of what stands on what."""
    if not items:
        return ()
    answer = await impacts.of_items(tx, items, (await in_force(tx)).policy, EVERYBODY)
    found = answer.services(answer.impact.down | answer.impact.degraded)
    return tuple(dict.fromkeys(one.key for one in found if one.key not in services))


async def redraw_those_in(tx: AsyncSession, window: Window, now: datetime) -> None:
    """The window came or went: changes to come that meet it tell so, also where it stops nothing."""
    needs = (await in_force(tx)).policy.needs
    for change in await changes.between(tx, BEFORE, now, FOREVER):
        planned = Planned(str(change.ref), "", change.services, change.starts_at, change.ends_at)
        if collisions(planned, [window], [], [], needs):
            await outbox.redraw(tx, planned.ref, now)


async def of_change(tx: AsyncSession, change: Change) -> list[Collision]:
    """Of one that is not begun; whatever came later it runs into no more."""
    return await run_into(tx, plan_of(change)) if change.state in (*BEFORE, ChangeState.DRAFT) else []


async def freezes(tx: AsyncSession, plan: Plan, frm: datetime | None = None) -> list[Caught]:
    """The freezes that it falls into, hard ones first, from `frm` on; none where the policy spares it."""
    if spared(await in_force(tx), plan.type):
        return []
    starts_at = max(plan.starts_at, frm or plan.starts_at)
    if plan.ends_at <= starts_at:
        return []
    found = await windows.between(tx, starts_at, plan.ends_at)
    return caught(found, plan.services, starts_at, plan.ends_at)


async def keep_clear(tx: AsyncSession, plan: Plan, *, stays: bool = False) -> None:
    """Nothing is asked for or moved into a hard freeze, nor into one that is being made at this instant.

    To be called before any change is written: whoever makes a freeze holds the windows and then the changes.
    Raises Frozen, or Held for a change that `stays` where and when it is, since no time was chosen that could be
    another; and OutsideMaintenance where the policy asks for a maintenance window.
    """
    await windows.steady(tx)
    desk = await in_force(tx)
    hard = [one for one in await freezes(tx, plan) if one.window.blocks]
    if hard and stays:
        raise Held(ref=plan.ref, **told(hard[0], desk.policy))
    if hard:
        raise Frozen(**told(hard[0], desk.policy))
    if desk.policy.changes.maintenance_required and plan.type is not ChangeType.EMERGENCY:
        kept = await windows.between(tx, plan.starts_at, plan.ends_at)
        if away := outside(kept, plan.services, plan.starts_at, plan.ends_at):
            raise OutsideMaintenance(services=desk.policy.service_names(away))


async def require_unheld(tx: AsyncSession, change: Change) -> None:
    """Raises Held where a freeze holds it."""
    window = await holder(tx, change)
    if window is None:
        return
    spans = occurrences(window, change.starts_at, change.ends_at)
    start, end = spans[0] if spans else (window.starts_at, window.ends_at)
    raise Held(ref=change.ref, **told(Caught(window, start, end), (await in_force(tx)).policy))


async def holder(tx: AsyncSession, change: Change) -> Window | None:
    """The freeze that holds a change which is asked for."""
    row = (
        await records.get(tx, ChangeWindow, change.held_by)
        if change.held_by is not None and change.state in BEFORE
        else None
    )
    return windows.value(row) if row is not None else None


async def redraw_holder(tx: AsyncSession, change: Change, now: datetime) -> None:
    """Its freeze's card lists what it holds. To be called while the row still names it."""
    if change.held_by is not None:
        await outbox.redraw(tx, str(Ref(Noun.WINDOW, change.held_by)), now)


def spared(desk: InForce, kind: ChangeType) -> bool:
    return kind is ChangeType.EMERGENCY and desk.policy.changes.freeze_spares_emergencies


def told(found: Caught, policy: Policy) -> dict[str, object]:
    """A freeze in the values of a refusal."""
    window = found.window
    return {
        "window": f"{window.ref} “{window.title}”",
        "services": policy.service_names(sorted(window.services)),
        "ends": text.instant(found.ends_at),
    }
