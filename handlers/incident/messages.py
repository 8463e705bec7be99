"""What is said of incidents, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import OPEN, IncidentState
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.notices import NoticeKind, person, reader_of
from bot.rules.record.refs import of_subject
from bot.usecases.alert import lists as alert_lists
from bot.usecases.incident import links, permissions
from bot.usecases.policy import in_force
from bot.usecases.problem import known_errors
from bot.usecases.records import fields, timeline
from bot.usecases.records.visibility import as_read, find, works_on
from handlers.alert import views as alert_views
from handlers.blocks.kit import Block, Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.change.cause_questions import with_questions
from handlers.configuration_item.impact_on_card import with_impact
from handlers.incident.views import card as incident_views
from handlers.incident.views import known_errors as known_error_views
from handlers.incident.views import updates
from handlers.incident.views.card import CardExtras
from handlers.major_incident.details import declaring, with_suggestion
from handlers.sla.messages import with_calls
from storage import record_people
from storage.delivery import posts
from storage.journal import journal
from storage.record_people import Part
from storage.sla import clocks
from storage.tables import Clock, Incident, Outbox
from storage.workspace import channels


async def card_of(tx: AsyncSession, incident: Incident, reader: str | None = None) -> Message:
    """The incident as it stands: for those who work on it, or as one `reader` may see it who does not."""
    subject = str(incident_views.ref_of(incident))
    affected = (await record_people.counts(tx, [subject], Part.AFFECTED)).get(subject, 0)
    incident = await as_read(tx, incident, reader)
    beside = CardExtras(affected, await links.links(tx, incident, reader), await fields.of(tx, incident.ref))
    policy, promised = (await in_force(tx)).policy, await clocks.of(tx, subject)
    if reader is not None and not await works_on(tx, incident, reader):
        can = await permissions.can(tx, incident, reader)
        return incident_views.card_for_others(incident, promised, policy, beside, can)
    card = incident_views.card(incident, promised, policy, beside)
    card = alert_views.on_card(card, await alert_lists.of_incident(tx, incident))
    known = await known_errors.of_incident(tx, incident, reader) if incident.state in OPEN else None
    card = known_error_views.on_card(card, incident, known)
    card = await with_questions(tx, incident, await with_suggestion(tx, incident, card))
    return await with_impact(tx, incident, card, reader)


async def led_as_major(tx: AsyncSession, incident: Incident, person: str) -> list[Block]:
    """The button that declares it a major incident, for those who work on it."""
    return await declaring(tx, incident) if await works_on(tx, incident, person) else []


async def answer(tx: AsyncSession, incident: Incident, typed_in: str) -> Message | None:
    """For who reported it by a command, where they typed it; None where its card is shown right there."""
    policy = (await in_force(tx)).policy
    place = await channels.channel_of(tx, policy.room_of(incident.service, private=incident.private))
    if place == typed_in:
        return None
    return updates.answered(incident, await clocks.of(tx, str(incident.ref)), "" if incident.private else place or "")


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    incident = await _incident(tx, row)
    card = await card_of(tx, incident)
    return await with_calls(tx, incident, card) if row.lane.startswith("#") else card


async def _receipt(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, promised = await _with_clocks(tx, row)
    receipt = incident_views.receipt(incident, promised, (await in_force(tx)).policy)
    return await with_questions(tx, incident, receipt)


async def _followed(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, promised = await _with_clocks(tx, row)
    logged = row.lane == person(incident.logged_by or "")
    return incident_views.followed(incident, promised, (await in_force(tx)).policy, logged=logged)


async def _resolved(tx: AsyncSession, row: Outbox) -> Rendered:
    """In the words of that resolution, whatever came later."""
    incident, told, later = await _told(tx, row)
    last = not any(one.kind in (FactKind.INCIDENT_REOPENED, FactKind.INCIDENT_RESOLVED) for one in later)
    return updates.resolved(incident, told, asked=row.lane == person(incident.reporter), last=last)


async def _question(tx: AsyncSession, row: Outbox) -> Rendered:
    incident, asked, later = await _told(tx, row)
    moves = (one for one in later if one.kind in _ENDS_WAITING)
    return updates.question(incident, asked, next(moves, None))


_ENDS_WAITING = frozenset({FactKind.INCIDENT_RESUMED, FactKind.INCIDENT_RESOLVED, FactKind.INCIDENT_CANCELLED})


async def _unconfirmed(tx: AsyncSession, row: Outbox) -> Rendered:
    """Not said at all where the reporter was faster."""
    incident = await _incident(tx, row)
    if row.verb == "post" and incident.state != IncidentState.RESOLVED:
        return None
    return updates.unconfirmed(incident)


async def _rating(tx: AsyncSession, row: Outbox) -> Rendered:
    return updates.rating(await _incident(tx, row))


async def _logged_here(tx: AsyncSession, row: Outbox) -> Rendered:
    return updates.logged_here(await _incident(tx, row), json.loads(row.data)["thread_ts"])


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    """Out of the journal; in a channel it hangs from the card."""
    incident = await _incident(tx, row)
    fact = await _fact(tx, row)
    if fact.kind is FactKind.INCIDENT_ASSIGNED:
        return updates.assigned(incident, fact, (await in_force(tx)).policy, row.lane.removeprefix("@"))
    card = None
    if row.lane.startswith("#"):
        card = await posts.first(tx, row.about, NoticeKind.INCIDENT_CARD, row.lane)
    shown = await timeline.told_to(tx, incident, [fact], reader_of(row.lane))
    return updates.news(incident, shown[0], card.ts if card else None) if shown else None


async def _left(tx: AsyncSession, row: Outbox) -> Rendered:
    data = json.loads(row.data)
    refs = [of_subject(one) for one in data["refs"].split()]
    return updates.left(data["person"], [await find(tx, Incident, ref) for ref in refs])


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.INCIDENT_CARD: _card,
    NoticeKind.INCIDENT_RECEIPT: _receipt,
    NoticeKind.INCIDENT_FOLLOWED: _followed,
    NoticeKind.INCIDENT_RESOLVED: _resolved,
    NoticeKind.INCIDENT_QUESTION: _question,
    NoticeKind.INCIDENT_UNCONFIRMED: _unconfirmed,
    NoticeKind.INCIDENT_RATING: _rating,
    NoticeKind.INCIDENT_NEWS: _news,
    NoticeKind.PERSON_LEFT: _left,
    NoticeKind.INCIDENT_LOGGED_HERE: _logged_here,
}


async def _incident(tx: AsyncSession, row: Outbox) -> Incident:
    return await find(tx, Incident, of_subject(row.about))


async def _with_clocks(tx: AsyncSession, row: Outbox) -> tuple[Incident, list[Clock]]:
    return await _incident(tx, row), list(await clocks.of(tx, row.about))


async def _fact(tx: AsyncSession, row: Outbox) -> Fact:
    return (await _told(tx, row))[1]


async def _told(tx: AsyncSession, row: Outbox) -> tuple[Incident, Fact, list[Fact]]:
    """The fact that the row tells of, with what came after it."""
    wanted, facts = json.loads(row.data), await journal.timeline(tx, row.about)
    at = next(
        number
        for number, one in enumerate(facts)
        if one.kind == wanted["fact"] and one.data.get("revision") == wanted["revision"]
    )
    return await _incident(tx, row), facts[at], list(facts[at + 1 :])
