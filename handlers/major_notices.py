"""What is said of major incidents, and what is done in the workspace for them."""

import json
from collections.abc import Iterable, Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import major_incidents as majors
from bot.desk import major_timeline, people
from bot.rules import major_channel
from bot.rules.facts import FactKind
from bot.rules.incident_flow import DESK
from bot.rules.major_story import people_in
from bot.rules.notices import NoticeKind, channel
from bot.rules.policy_major import RoleKey
from bot.rules.refs import of_subject
from handlers import steps
from handlers.major_seen import seen
from handlers.rendering import Rendered, Renderer
from handlers.views import major_asides, major_export
from handlers.views import major_incidents as views
from handlers.views.major_incidents import MajorSeen
from storage import journal, outbox, timeline
from storage import people as stored_people
from storage.tables import Outbox

INVITED_MOST = 100
"""At once; who is of the desk and not among them finds the channel in the announcement."""


async def _channel(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nobody needs a channel for what is over."""
    one = await _seen(tx, row)
    if not one.active or one.channel is not None:
        return None
    private = one.incident.private
    # The name of a private channel is no secret: it says nothing of what happened.
    return steps.OpenChannel(major_channel.names(one.ref, "" if private else one.incident.summary), private)


async def _invitation(tx: AsyncSession, row: Outbox) -> Rendered:
    one, person = await _seen(tx, row), json.loads(row.data).get("person")
    if one.channel is None:
        return None
    return steps.Invite(one.channel, (person,) if person else await _concerned(tx, one))


async def _concerned(tx: AsyncSession, one: MajorSeen) -> tuple[str, ...]:
    """Who leads, who reported it, who works on it, and the group whose service it is."""
    service, private = one.policy.services.get(one.incident.service), one.incident.private
    group = one.policy.incidents.private.group if private else service.owner if service else DESK
    named = [*one.roles.values(), one.major.declared_by, one.incident.reporter, one.incident.assignee]
    everyone = [*filter(None, named), *await stored_people.members(tx, group)]
    return tuple(dict.fromkeys(everyone))[:INVITED_MOST]


async def _topic(tx: AsyncSession, row: Outbox) -> Rendered:
    one = await _seen(tx, row)
    if one.channel is None:
        return None
    commander = one.roles.get(RoleKey.COMMANDER)
    return steps.SetTopic(one.channel, views.topic(one, await people.name(tx, commander) if commander else None))


async def _bookmark(tx: AsyncSession, row: Outbox) -> Rendered:
    """The card in this channel, and the announcement in the room; once they stand there."""
    one, card = await _seen(tx, row), json.loads(row.data)["of"] == "card"
    kind = NoticeKind.INCIDENT_CARD if card else NoticeKind.MAJOR_ANNOUNCEMENT
    lane = row.lane if card else channel(majors.room(one.policy, one.incident))
    posted = await outbox.first(tx, row.about, kind, lane)
    if one.channel is None or posted is None or posted.slack_channel is None or posted.slack_ts is None:
        return None
    title, emoji = (f"{one.ref} card", ":ticket:") if card else ("Major incidents", ":rotating_light:")
    return steps.Bookmark(one.channel, title, emoji, posted.slack_channel, posted.slack_ts)


async def _pin(_tx: AsyncSession, row: Outbox) -> Rendered:
    data = json.loads(row.data)
    return steps.ReadMessage(data["channel"], data["ts"])


async def _export(tx: AsyncSession, row: Outbox) -> Rendered:
    one, number = await _seen(tx, row), json.loads(row.data)["number"]
    if one.channel is None:
        return None
    facts, entries = await journal.timeline(tx, row.about), await timeline.of(tx, row.about)
    named = {person for fact in facts for person in people_in(fact)} | set(one.roles.values())
    named |= {
        one.major.declared_by,
        *(entry.author for entry in entries),
        *(entry.edited_by or "" for entry in entries),
    }
    names = await _names(tx, named)
    content = major_export.document(one, facts, entries, lambda person: names.get(person, person))
    name = f"{str(one.ref).lower()}-timeline-{number}.md"
    return steps.PostFile(one.channel, name, f"{one.ref} timeline", content, f"The timeline of {one.ref}")


async def _names(tx: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    return {one: major_export.plain(await people.name(tx, one)) for one in ids if one}


async def _announcement(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.announcement(await _seen(tx, row))


async def _board(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.board(await _seen(tx, row))


async def _roles_wanted(tx: AsyncSession, row: Outbox) -> Rendered:
    one = await _seen(tx, row)
    return views.roles_wanted(one) if one.active and one.vacant else None


async def _update(tx: AsyncSession, row: Outbox) -> Rendered:
    one, number = await _seen(tx, row), json.loads(row.data).get("update")
    facts = await journal.timeline(tx, row.about)
    told = (fact for fact in facts if fact.kind is FactKind.MAJOR_UPDATED and fact.data["update"] == number)
    found = next(told, None)
    return views.update(one, found) if found else views.ended(one)


async def _nudge(tx: AsyncSession, row: Outbox) -> Rendered:
    one = await _due(tx, row)
    return views.nudge(one) if one else None


async def _update_late(tx: AsyncSession, row: Outbox) -> Rendered:
    one = await _due(tx, row)
    return views.update_late(one) if one else None


async def _handover(tx: AsyncSession, row: Outbox) -> Rendered:
    at = json.loads(row.data)["at"]
    facts = await journal.timeline(tx, row.about)
    passed = next(f for f in facts if f.kind is FactKind.MAJOR_HANDED_OVER and f.at.isoformat() == at)
    return views.handover(await _seen(tx, row), passed, await major_timeline.since_update(tx, row.about))


async def _trouble(tx: AsyncSession, row: Outbox) -> Rendered:
    data = json.loads(row.data)
    return major_asides.trouble(await _seen(tx, row), data["kind"], data["code"], data["person"])


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.MAJOR_CHANNEL: _channel,
    NoticeKind.MAJOR_INVITATION: _invitation,
    NoticeKind.MAJOR_TOPIC: _topic,
    NoticeKind.MAJOR_BOOKMARK: _bookmark,
    NoticeKind.MAJOR_PIN: _pin,
    NoticeKind.MAJOR_EXPORT: _export,
    NoticeKind.MAJOR_ANNOUNCEMENT: _announcement,
    NoticeKind.MAJOR_BOARD: _board,
    NoticeKind.MAJOR_ROLES_WANTED: _roles_wanted,
    NoticeKind.MAJOR_UPDATE: _update,
    NoticeKind.MAJOR_NUDGE: _nudge,
    NoticeKind.MAJOR_UPDATE_LATE: _update_late,
    NoticeKind.MAJOR_HANDOVER: _handover,
    NoticeKind.MAJOR_TROUBLE: _trouble,
}


async def _seen(tx: AsyncSession, row: Outbox) -> MajorSeen:
    return await seen(tx, of_subject(row.about))


async def _due(tx: AsyncSession, row: Outbox) -> MajorSeen | None:
    """None where the update was given meanwhile: a reminder that comes too late is not given."""
    one = await _seen(tx, row)
    return one if one.active and one.major.updates == json.loads(row.data)["update"] else None
