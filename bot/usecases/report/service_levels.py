"""The service level review: what was promised and kept, each shortfall, and what is done about it.

ISO/IEC 20000-1:2018, 8.3.3. Kept and broken are the figures' own: each promise counts here as it counts there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, of_subject
from bot.rules.report.figures import Figure, by_group, figure
from bot.rules.report.measures.measure import Group
from bot.rules.report.measures.measures import MEASURES, group_of
from bot.rules.report.measures.promise_measures import EXCUSED
from bot.rules.report.periods import Period
from bot.rules.report.records import in_order
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import sees
from bot.usecases.report.access import scope
from bot.usecases.report.reports import Asked, visible
from storage import record_links
from storage.action import actions
from storage.tables import ActionItem

PROMISES = {"response-kept": "response", "resolution-kept": "resolution"}
"""Measures of what customers are promised, by what is promised."""
FOUND_IN = (Noun.PROBLEM, Noun.REVIEW)
"""Actions about these count for the incidents that they are linked to."""


@dataclass(frozen=True)
class Shortfall:
    ref: str
    """The incident."""
    promises: tuple[str, ...]
    """That were broken: response, resolution."""
    excused: bool
    """All of them."""
    actions: Sequence[ActionItem]
    """Of the incident, or of a problem or a review that is linked to it."""


@dataclass(frozen=True)
class Review:
    policy: Policy
    service: str | None
    zone: ZoneInfo
    period: Period
    kept: Mapping[str, Mapping[str, Figure]]
    """By measure and priority."""
    availability: Figure
    shortfalls: Sequence[Shortfall]

    @property
    def untraced(self) -> list[Shortfall]:
        """Nobody has promised to do anything about these."""
        return [one for one in self.shortfalls if not one.actions and not one.excused]


async def review(tx: AsyncSession, asked: Asked, by: str, now: datetime) -> Review:
    """Of what this person may see. Raises NoReports, NotYourService, GuestsMayNot."""
    seen, zone = await scope(tx, by, asked.service), await people.zone(tx, by)
    period, _ = asked.periods(now, zone)
    found = await visible(tx, period, seen, by)
    kept = {name: by_group(MEASURES[name], found, period, now, group_of(Group.PRIORITY)) for name in PROMISES}
    figures = {name: figure(MEASURES[name], found, period, now) for name in PROMISES}
    broken: dict[str, list[str]] = {}
    excused: dict[str, list[str]] = {}
    for name, promise in PROMISES.items():
        for ref in figures[name].others:
            broken.setdefault(ref, []).append(promise)
        for ref in figures[name].left_out.get(EXCUSED, ()):
            excused.setdefault(ref, []).append(promise)
    refs = sorted({*broken, *excused}, key=in_order)
    about = await _actions(tx, refs, by)
    told = [
        Shortfall(ref, (*broken.get(ref, ()), *excused.get(ref, ())), ref not in broken, about.get(ref, []))
        for ref in refs
    ]
    availability = figure(MEASURES["availability"], found, period, now)
    return Review((await in_force(tx)).policy, asked.service, zone, period, kept, availability, told)


async def _actions(tx: AsyncSession, refs: Collection[str], by: str) -> dict[str, list[ActionItem]]:
    """By incident, those that this person may see."""
    parents: dict[str, list[str]] = {ref: [ref] for ref in refs}
    for noun in FOUND_IN:
        for ref, other in await record_links.to_noun(tx, list(refs), noun):
            parents[ref].append(other)
    every = await actions.of_parents(tx, {one for each in parents.values() for one in each})
    shown = {one.number for one in every if await sees(tx, one.ref, by)}
    by_parent: dict[str, list[ActionItem]] = {}
    for one in every:
        if one.number in shown and one.parent and await sees(tx, of_subject(one.parent), by):
            by_parent.setdefault(one.parent, []).append(one)
    return {ref: [one for parent in each for one in by_parent.get(parent, ())] for ref, each in parents.items()}
