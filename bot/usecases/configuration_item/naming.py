"""Which items an incident, a problem or a change is about: links, made by who works on it or as it is reported."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item import notices
from bot.rules.configuration_item.refusals import NoSuchItem, SeveralItems
from bot.rules.form.evaluation import Kept
from bot.rules.form.questions import items
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.notices import CARDS, NoticeKind
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.rules.record.refusals import FormRefused
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.usecases.configuration_item import access, impacts
from bot.usecases.configuration_item.impacts import Answer
from bot.usecases.policy import in_force
from bot.usecases.records import links
from bot.usecases.records.declared import Deed, Event, kind_of
from bot.usecases.records.visibility import find, require_worker, shown_to
from storage import record_links
from storage.configuration_item import search
from storage.configuration_item.visibility import Viewer
from storage.delivery import outbox, posts
from storage.record_links import LinkKind
from storage.tables import ConfigurationItem, Outbox, Record

NAMED_MOST = 50
SHOWN_MOST = 20
"""Cards in one record's thread."""


async def name(tx: AsyncSession, ref: Ref, items: Sequence[str], *, by: str, now: datetime) -> Any:
    """Items by number, reference, key or name. Raises FormRefused, NoSuchRecord, and what the record's noun says."""
    one: Record = await shown_to(tx, ref, by)
    await require_worker(tx, one, by, RecordAct.LINK)
    await as_reported(tx, one, items, by=by, now=now)
    return one


async def as_reported(tx: AsyncSession, one: Record, items: Sequence[str], *, by: str, now: datetime) -> None:
    """The same by who reports it or asks for it, and need not work on it. Raises FormRefused, NotForThis."""
    if not items:
        return
    if len(items) > NAMED_MOST:
        raise FormRefused({"ci_items": f"That are {len(items)} items; {NAMED_MOST} is the most."})
    known = set(await record_links.of(tx, str(one.ref)))
    stands = await posts.leading_to(tx, [str(one.ref)], "")
    kind_of(one.noun).fact(Event.LINKED, one.ref)
    viewer = await access.viewer_of(tx, by)
    # What it names already stays, whoever sends its form again.
    for text in (one for one in items if one not in known):
        other = await _meant(tx, text, viewer)
        if str(other.ref) not in known:
            known.add(str(other.ref))
            await record_links.add(tx, str(one.ref), str(other.ref), LinkKind.RELATED, by, now)
            await links.noted(tx, one, other, LinkKind.RELATED, Deed(by, now))
    if lanes := [post.lane for post in stands if post.lane.startswith("#")]:
        await _show(tx, one, lanes[0], now)


async def as_answered(tx: AsyncSession, one: Record, answers: Sequence[Kept], *, by: str, now: datetime) -> None:
    """The items among what was answered in the form of a record. Raises as `as_reported`."""
    await as_reported(tx, one, items((each.type, each.answer) for each in answers), by=by, now=now)


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """A record's card stands: those of its items follow, and then their numbers on it lead there."""
    if row.kind == NoticeKind.CI_CARD:
        await outbox.redraw(tx, str(json.loads(row.data)["beside"]), now)
    elif row.kind in CARDS and row.lane.startswith("#") and outcome.standing is Standing.DONE:
        ref = of_subject(row.about)
        if any(one.startswith(f"{Noun.CI}-") for one in await record_links.of(tx, row.about)):
            await _show(tx, await find(tx, kind_of(ref.noun).table, ref), row.lane, now)


async def _show(tx: AsyncSession, one: Record, lane: str, now: datetime) -> None:
    """An item has one card, where a record that all may see named it first."""
    if kind_of(one.noun).private(one):
        return
    named = [str(item.ref) for item in await of(tx, one.ref) if not item.private][:SHOWN_MOST]
    shown = set(await outbox.posted(tx, named)) if named else set()
    await outbox.put_all(tx, notices.cards([item for item in named if item not in shown], str(one.ref), lane), now)


async def of(tx: AsyncSession, ref: Ref) -> list[ConfigurationItem]:
    """The items that a record names, in the order in which it named them."""
    linked = [of_subject(one) for one in await record_links.of(tx, str(ref)) if one.startswith(f"{Noun.CI}-")]
    found = await search.numbered(tx, [one.number for one in linked])
    return [found[one.number] for one in linked if one.number in found]


async def impact_of(tx: AsyncSession, one: Record, reader: str | None) -> Answer | None:
    """What fails where the items of a record fail, for one reader or all of its card; None where it names none."""
    named = await of(tx, one.ref)
    if not named:
        return None
    viewer = await access.viewer_for(tx, one, reader)
    return await impacts.of_items(tx, [each.number for each in named], (await in_force(tx)).policy, viewer)


async def _meant(tx: AsyncSession, text: str, viewer: Viewer) -> ConfigurationItem:
    try:
        return await impacts.meant(tx, f"{Noun.CI}-{text}" if text.isdecimal() else text, viewer)
    except (NoSuchItem, SeveralItems) as refused:
        raise FormRefused({"ci_items": refused.sentence}) from None
