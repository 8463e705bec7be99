"""What is said of incidents, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import incident_relations
from bot.desk import incidents as desk_incidents
from bot.desk.policy import in_force
from bot.rules.facts import Fact, FactKind
from bot.rules.incident_flow import IncidentState
from bot.rules.notices import NoticeKind
from bot.rules.refs import of_subject
from handlers.change_links_seen import with_questions
from handlers.major_seen import with_suggestion
from handlers.rendering import Rendered, Renderer
from handlers.views import incident_news as news_views
from handlers.views import incidents as incident_views
from handlers.views.incidents import Beside
from handlers.views.kit import Message
from storage import clocks, incident_people, journal, posts
from storage.tables import Clock, Incident, Outbox


async def card_of(tx: AsyncSession, incident: Incident) -> Message:
    """The incident for those who work on it, as it stands."""
    subject = str(incident_views.ref_of(incident))
    affected = (await incident_people.affected_counts(tx, [incident.number])).get(incident.number, 0)
    beside = Beside(affected, await incident_relations.links(tx, incident))
    policy = (await in_force(tx)).policy
    card = incident_views.card(incident, await clocks.of(tx, subject), policy, beside)
    return await with_questions(tx, incident, await with_suggestion(tx, incident, card))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return await card_of(tx, await _incident(tx, row))


async def _receipt(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, promised = await _with_clocks(tx, row)
    receipt = incident_views.receipt(incident, promised, (await in_force(tx)).policy)
    return await with_questions(tx, incident, receipt)


async def _followed(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, promised = await _with_clocks(tx, row)
    return incident_views.followed(incident, promised, (await in_force(tx)).policy)


async def _resolved(tx: AsyncSession, row: Outbox) -> Rendered:
    incident = await _incident(tx, row)
    return news_views.resolved(incident, asked=row.lane == f"@{incident.reporter}")


async def _unconfirmed(tx: AsyncSession, row: Outbox) -> Rendered:
    """Not said at all where the reporter was faster."""
    incident = await _incident(tx, row)
    if row.verb == "post" and incident.state != IncidentState.RESOLVED:
        return None
    return news_views.unconfirmed(incident)


async def _rating(tx: AsyncSession, row: Outbox) -> Rendered:
    return news_views.rating(await _incident(tx, row))


async def _logged_here(tx: AsyncSession, row: Outbox) -> Rendered:
    return news_views.logged_here(await _incident(tx, row), json.loads(row.data)["thread_ts"])


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    """Out of the journal; in a channel it hangs from the card."""
    incident = await _incident(tx, row)
    fact = await _fact(tx, row)
    if fact.kind is FactKind.INCIDENT_ASSIGNED:
        return news_views.assigned(incident, fact, (await in_force(tx)).policy)
    card = None
    if row.lane.startswith("#"):
        card = await posts.first(tx, row.about, NoticeKind.INCIDENT_CARD, row.lane)
    return news_views.news(incident, fact, card.ts if card else None)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.INCIDENT_CARD: _card,
    NoticeKind.INCIDENT_RECEIPT: _receipt,
    NoticeKind.INCIDENT_FOLLOWED: _followed,
    NoticeKind.INCIDENT_RESOLVED: _resolved,
    NoticeKind.INCIDENT_UNCONFIRMED: _unconfirmed,
    NoticeKind.INCIDENT_RATING: _rating,
    NoticeKind.INCIDENT_NEWS: _news,
    NoticeKind.INCIDENT_LOGGED_HERE: _logged_here,
}


async def _incident(tx: AsyncSession, row: Outbox) -> Incident:
    return await desk_incidents.find(tx, of_subject(row.about))


async def _with_clocks(tx: AsyncSession, row: Outbox) -> tuple[Incident, list[Clock]]:
    return await _incident(tx, row), list(await clocks.of(tx, row.about))


async def _fact(tx: AsyncSession, row: Outbox) -> Fact:
    wanted = json.loads(row.data)
    told = await journal.timeline(tx, row.about)
    return next(one for one in told if one.kind == wanted["fact"] and one.data.get("revision") == wanted["revision"])
