"""Verification campaigns (ISO/IEC 20000-1:2018, 8.2.6): owners are asked whether items are as recorded."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item import campaign as rules
from bot.rules.configuration_item.campaign import Outcome
from bot.rules.configuration_item.items import schema_of
from bot.rules.configuration_item.list_filter import read
from bot.rules.configuration_item.refusals import CampaignOver, NoSuchCampaign, NothingToVerify, TooMuchToVerify
from bot.rules.record import text
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.notices import home
from bot.rules.record.refusals import FormRefused
from bot.rules.record.text import one_line, shorten
from bot.rules.record.waiting import Waits
from bot.usecases import people
from bot.usecases.action import actions
from bot.usecases.action.actions import TITLE_MOST, Promise
from bot.usecases.configuration_item import access
from bot.usecases.policy import in_force
from bot.usecases.records.record import required
from storage import record_numbers, timers
from storage.configuration_item import campaigns as stored
from storage.configuration_item.campaigns import Freshness
from storage.configuration_item.lists import Asker
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import ActionItem, CiCampaign, ConfigurationItem, Timer
from storage.workspace import people as directory

NAME_MOST, LISTED_MOST, SCOPE_MOST = 60, 10, 200_000
NUMBERS = "ci_campaign"
AT_ONCE = 6
"""Items that one message asks about, where they are asked for as a list."""
FOUND_WITHIN = timedelta(days=14)
"""When the action about something that is not on record is due."""


class Why(StrEnum):
    VERIFY = auto()


@dataclass(frozen=True)
class Draft:
    """What a form asks for."""

    name: str
    scope: str
    share: str
    due_on: str
    one_by_one: bool


@dataclass(frozen=True)
class Standing:
    campaign: CiCampaign
    counts: Mapping[str | None, int]

    @property
    def asked(self) -> int:
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        return self.asked - self.counts.get(None, 0)


@dataclass(frozen=True)
class Asking:
    """What one person is asked now."""

    standing: Standing
    items: Sequence[ConfigurationItem]
    left: int
    """How many wait for this person's groups, those too that are not shown yet."""


async def start(tx: AsyncSession, draft: Draft, *, by: str, now: datetime) -> CiCampaign:
    """Raises FormRefused, BadItemList, NotAShare, NothingToVerify, TooMuchToVerify, NotAllowed."""
    await access.require_manager(tx, by, "begin a verification campaign")
    desk, zone, name = await in_force(tx), await people.zone(tx, by), one_line(draft.name)
    today = now.astimezone(zone).date()
    faults = text.faults({"title": ("The name", name, NAME_MOST)})
    if draft.due_on <= today.isoformat():
        faults["due_on"] = "Choose a day that is to come."
    if faults:
        raise FormRefused(faults)
    asker = Asker(await directory.groups_of(tx, by), today, await access.viewer_of(tx, by))
    scope = await stored.scope(tx, read(draft.scope, schema_of(desk.policy).types), asker, SCOPE_MOST)
    size = rules.size_of(draft.share, len(scope))
    if not size:
        raise NothingToVerify(scope=draft.scope)
    if size > rules.MOST:
        raise TooMuchToVerify(count=size, most=rules.MOST)
    owners, number = dict(scope), await record_numbers.next_number(tx, NUMBERS)
    chosen = rules.drawn(name, list(owners), size)
    asked = {one: owners[one] or desk.policy.configuration.manager for one in chosen}
    campaign = CiCampaign(
        number=number, name=name, scope=draft.scope, share=draft.share.strip() or "all", seed=name,
        population=len(scope), one_by_one=draft.one_by_one, due_on=draft.due_on, started_by=by, started_at=now,
    )  # fmt: skip
    await stored.begin(tx, campaign, asked)
    data: dict[str, Datum] = {"items": size, "population": len(scope), "due_on": draft.due_on}
    await _told(tx, FactKind.CI_CAMPAIGN_STARTED, campaign, by, now, data, name)
    due = rules.due_at(draft.due_on, zone)
    times = {f"{draft.due_on}{when}": at for when, at in (("-1", due - timedelta(days=1)), ("", due)) if at > now}
    await timers.schedule_all(tx, rules.subject(number), rules.DUE, times)
    await outbox.put_all(tx, rules.asked(number, await _hear(tx, sorted(set(asked.values())))), now)
    return campaign


async def answered(tx: AsyncSession, item: int, outcome: Outcome, by: str, now: datetime) -> None:
    """Somebody has looked at an item, wherever they said so: it counts in each campaign that asks about it."""
    for number in await stored.answer(tx, item, outcome, by, now):
        counts = (await stored.outcomes(tx, [number]))[number]
        if not counts.get(None):
            await _close(tx, await find(tx, number), by, now)
        await outbox.redraw(tx, rules.subject(number), now)
        await outbox.put(tx, home(by), now)


async def found(tx: AsyncSession, what: str, *, by: str, now: datetime) -> ActionItem:
    """Something is there that is not on record: who manages the configuration hears what. Raises FormRefused."""
    await people.member(tx, by)
    what = required("comment", "What you found", what)
    group = (await in_force(tx)).policy.configuration.manager
    due = await people.today(tx, by, now) + FOUND_WITHIN
    return await actions.add(
        tx, Promise(shorten(f"Not on record: {one_line(what)}", TITLE_MOST), due, group=group), by=by, now=now
    )


async def close(tx: AsyncSession, number: int, *, by: str, now: datetime) -> CiCampaign:
    """With what was answered so far. Raises NoSuchCampaign, CampaignOver, NotAllowed."""
    await access.require_manager(tx, by, "close a verification campaign")
    campaign = await find(tx, number)
    if campaign.closed_at is not None:
        raise CampaignOver(name=campaign.name)
    await _close(tx, campaign, by, now)
    await outbox.redraw(tx, rules.subject(number), now)
    return campaign


async def find(tx: AsyncSession, number: int) -> CiCampaign:
    """Raises NoSuchCampaign."""
    campaign = await stored.get(tx, number)
    if campaign is None:
        raise NoSuchCampaign(number=number)
    return campaign


async def listed(tx: AsyncSession, by: str, now: datetime) -> tuple[Sequence[Standing], Sequence[Freshness]]:
    """The newest campaigns, and how well all that is live is verified, by type."""
    found_ = await stored.newest(tx, LISTED_MOST)
    counts = await stored.outcomes(tx, [one.number for one in found_])
    today = await people.today(tx, by, now)
    return [Standing(one, counts[one.number]) for one in found_], await stored.freshness(tx, today, now)


async def standing(tx: AsyncSession, number: int) -> Standing:
    """Raises NoSuchCampaign."""
    campaign = await find(tx, number)
    return Standing(campaign, (await stored.outcomes(tx, [number]))[number])


async def asking(tx: AsyncSession, number: int, person: str) -> Asking:
    """Raises NoSuchCampaign."""
    told, mine = await standing(tx, number), await directory.groups_of(tx, person)
    most = 1 if told.campaign.one_by_one else AT_ONCE
    shown = await stored.items(tx, number, mine, None, most, await access.viewer_of(tx, person))
    return Asking(told, shown, await stored.waiting(tx, number, mine))


async def waiting(tx: AsyncSession, person: str, _now: datetime) -> Sequence[Waits]:
    """Of each campaign the next item that this person is asked about."""
    found = [await asking(tx, one.number, person) for one in await stored.asking(tx, person)]
    return [
        Waits(one.items[0], Why.VERIFY, rules.due_at(one.standing.campaign.due_on, await people.zone(tx, person)), one)
        for one in found
        if one.items
    ]


async def items(tx: AsyncSession, number: int, outcome: str | None, most: int, by: str) -> list[ConfigurationItem]:
    """Those that this person may see; `standing` counts all."""
    return await stored.items(tx, number, None, outcome, most, await access.viewer_of(tx, by))


async def _ring(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Those who have not answered are asked once more, the day before and on the day."""
    number = rules.number_of(timer.subject)
    if (await find(tx, number)).closed_at is None:
        hear = await _hear(tx, await stored.groups(tx, number, unanswered=True))
        await outbox.put_all(tx, rules.asked(number, hear, timer.occurrence), now)


async def _close(tx: AsyncSession, campaign: CiCampaign, by: str, now: datetime) -> None:
    if await stored.close(tx, campaign.number, by, now):
        await timers.silence(tx, rules.subject(campaign.number), [rules.DUE], now)
        counts = (await stored.outcomes(tx, [campaign.number]))[campaign.number]
        data: dict[str, Datum] = {str(key or "not answered").replace(" ", "_"): one for key, one in counts.items()}
        await _told(tx, FactKind.CI_CAMPAIGN_CLOSED, campaign, by, now, data)
        await outbox.put(tx, rules.ended(campaign.number, campaign.started_by), now)


async def _hear(tx: AsyncSession, groups: Sequence[str]) -> set[str]:
    return {one for group in groups for one in await directory.members(tx, group)}


async def _told(
    tx: AsyncSession, kind: FactKind, campaign: CiCampaign, by: str, now: datetime, data: Mapping[str, Datum],
    name: str = "",
) -> None:  # fmt: skip
    words = {"title": name} if name else {}
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, rules.subject(campaign.number), by, now, version, dict(data), words))


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {rules.DUE: _ring}
