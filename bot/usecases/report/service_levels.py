"""The service level review: what was promised and kept, each shortfall, and what is done about it.

ISO/IEC 20000-1:2018, 8.3.3. Kept and broken are the figures' own: each promise counts here as it counts there.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.policy_format.hints import listed
from bot.rules.record.refs import Noun, of_subject
from bot.rules.record.text import spell
from bot.rules.report import wording
from bot.rules.report.figures import Figure, by_group, figure
from bot.rules.report.issue import Content, days_of
from bot.rules.report.measures.measure import Group
from bot.rules.report.measures.measures import MEASURES, group_of
from bot.rules.report.measures.promise_measures import EXCUSED
from bot.rules.report.periods import Period
from bot.rules.report.records import Records, in_order, of_services
from bot.rules.report.refusals import NoSuchCustomer
from bot.rules.sla.clocks import ClockKind
from bot.usecases import people
from bot.usecases.incident.visibility import viewer_of
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import private_ones, sees
from bot.usecases.report import survey_results
from bot.usecases.report.access import scope
from bot.usecases.report.figures import agreed
from bot.usecases.report.reports import Asked
from storage import record_links
from storage.action import actions
from storage.incident.incidents import Viewer
from storage.report import current as live
from storage.tables import ActionItem
from storage.workspace import people as directory

PROMISES = {"response-kept": "response", "resolution-kept": "resolution"}
"""Measures of what customers are promised, by what is promised."""
SURVEYED = ("survey-satisfaction", "survey-response-rate")
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
class Of:
    """Of what a review is."""

    period: Period
    zone: str
    service: str | None = None
    customer: str | None = None


@dataclass(frozen=True)
class Review:
    of: Of
    kept: Mapping[str, Mapping[str, Figure]]
    """By measure and priority."""
    availability: Figure
    shortfalls: Sequence[Shortfall]
    satisfaction: Sequence[Figure] = ()
    """By surveys that were over in the period."""


async def asked(tx: AsyncSession, wanted: Asked, customer: str | None, by: str, now: datetime) -> Content:
    """Of what this person may see. Raises NoReports, NotYourService, GuestsMayNot."""
    seen, zone = await scope(tx, by, wanted.service), await people.zone(tx, by)
    period, _ = wanted.periods(now, zone)
    of = Of(period, str(zone), wanted.service, customer)
    return content(await review(tx, of, await viewer_of(tx, by), seen.has, by, now), (await in_force(tx)).policy)


async def issued(tx: AsyncSession, of: Of, now: datetime) -> Content:
    """For a channel: what is private is not in it."""
    found = await review(tx, of, Viewer(""), lambda one: of.service in (None, one), None, now)
    return content(found, (await in_force(tx)).policy)


async def customer_named(tx: AsyncSession, typed: str) -> str:
    """By key or title. Raises NoSuchCustomer."""
    known = (await in_force(tx)).policy.customers
    folded = typed.casefold()
    for key, one in known.items():
        if folded in (key, one.title.casefold()):
            return key
    there = f"There are {listed([one.title for one in known.values()])}." if known else "The policy names none."
    raise NoSuchCustomer(name=typed[:40], known=there)


async def review(
    tx: AsyncSession, of: Of, viewer: Viewer | None, has: Callable[[str], bool], by: str | None, now: datetime
) -> Review:
    """`by`: who reads it, and sees the actions; None: whoever reads a channel."""
    found = of_services(await agreed(tx, await live.promised(tx, of.period, viewer)), has)
    if of.customer is not None:
        found = await _of_customer(tx, found, of.customer)
    period = of.period
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
    asked = [figure(MEASURES[name], found, period, now) for name in SURVEYED]
    return Review(of, kept, figure(MEASURES["availability"], found, period, now), told, asked)


async def _of_customer(tx: AsyncSession, found: Records, customer: str) -> Records:
    """What its people reported, of the services that are agreed with it. An outage hits all who use a service."""
    rule = (await in_force(tx)).policy.customers[customer]
    surveys = await survey_results.of_customer(tx, found.surveys, customer)
    found = of_services(found, lambda one: not rule.services or one in rule.services)
    members = await directory.members(tx, rule.group)
    theirs = await live.reported_by(tx, {one.ref for one in found.promises}, members)
    return replace(found, promises=tuple(one for one in found.promises if one.ref in theirs), surveys=surveys)


def content(found: Review, policy: Policy) -> Content:
    """In the words that it is shown in, so that it can be frozen."""
    of = found.of
    return {
        "service": of.service,
        "customer": of.customer,
        "days": list(days_of(of.period, ZoneInfo(of.zone))),
        "zone": of.zone,
        "kept": [line for priority in Priority for line in _kept(found, policy, priority)],
        "availability": wording.headline(MEASURES["availability"], found.availability),
        "satisfaction": [wording.sentence(MEASURES[one.measure], one) for one in found.satisfaction if one.n],
        "shortfalls": [
            {
                "ref": one.ref,
                "promises": list(one.promises),
                "excused": one.excused,
                "actions": [
                    {"ref": str(each.ref), "title": each.title, "state": each.state, "due": each.due_on}
                    for each in one.actions
                ],
            }
            for one in found.shortfalls
        ],
    }


def _kept(found: Review, policy: Policy, priority: Priority) -> Iterator[Content]:
    for name, promise in PROMISES.items():
        shown, within = found.kept[name].get(priority), ""
        if found.of.service in policy.services:
            within = spell(policy.goal(str(found.of.service), priority, ClockKind(promise)).length)
        counts = shown is not None and bool(shown.n)
        if counts or within:
            share = wording.headline(MEASURES[name], shown) if shown is not None and counts else "–"
            kept, n = (len(shown.numerator), shown.n) if shown is not None else (0, 0)
            yield {
                "priority": str(priority),
                "promise": promise,
                "within": within,
                "shown": share,
                "kept": kept,
                "n": n,
            }


async def _actions(tx: AsyncSession, refs: Collection[str], by: str | None) -> dict[str, list[ActionItem]]:
    """By incident, those that this person may see; for a channel those that all may see."""
    parents: dict[str, list[str]] = {ref: [ref] for ref in refs}
    for noun in FOUND_IN:
        for ref, other in await record_links.to_noun(tx, list(refs), noun):
            parents[ref].append(other)
    every = await actions.of_parents(tx, {one for each in parents.values() for one in each})
    hidden = await private_ones(tx, {one.ref for one in every} | {of_subject(str(one.parent)) for one in every})
    by_parent: dict[str, list[ActionItem]] = {}
    for one in every:
        refs_of = {one.ref, of_subject(str(one.parent))}
        shown = hidden.isdisjoint(refs_of) if by is None else all([await sees(tx, each, by) for each in refs_of])
        if shown:
            by_parent.setdefault(str(one.parent), []).append(one)
    return {ref: [one for parent in each for one in by_parent.get(parent, ())] for ref, each in parents.items()}
