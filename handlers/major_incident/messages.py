"""What is said of major incidents, and what is done in the workspace for them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.major_incident import channel as major_incident_channel
from bot.rules.major_incident.flow import MajorState, MajorTimer, worsened
from bot.rules.major_incident.history_text import people_in
from bot.rules.major_incident.policy import RoleKey
from bot.rules.record.facts import FactKind
from bot.rules.record.notices import NoticeKind, channel, reader_of
from bot.rules.record.refs import of_subject
from bot.rules.review.written_out import markdown_line
from bot.usecases import people
from bot.usecases.major_incident import major_incidents as majors
from bot.usecases.major_incident import roles
from bot.usecases.major_incident import timeline as major_incident_timeline
from bot.usecases.records import timeline as record_timeline
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery import slack_tasks as delivery_slack_tasks
from handlers.major_incident.details import seen
from handlers.major_incident.views import export, notes
from handlers.major_incident.views import messages as views
from handlers.major_incident.views.messages import MajorSeen
from storage.delivery import outbox, posts
from storage.journal import journal
from storage.major_incident import major_incidents, timeline
from storage.tables import Outbox


async def _channel(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nobody needs a channel for what is over."""
    one = await _seen(tx, row)
    if not one.active or one.channel is not None:
        return None
    private = one.incident.private
    # The name of a private channel is no secret: it says nothing of what happened.
    return delivery_slack_tasks.OpenChannel(
        major_incident_channel.names(one.ref, "" if private else one.incident.summary), private
    )


async def _invitation(tx: AsyncSession, row: Outbox) -> Rendered:
    one, person = await _seen(tx, row), json.loads(row.data).get("person")
    if one.channel is None:
        return None
    return delivery_slack_tasks.Invite(one.channel, (person,) if person else await roles.invited(tx, one.ref))


async def _topic(tx: AsyncSession, row: Outbox) -> Rendered:
    one = await _seen(tx, row)
    if one.channel is None:
        return None
    commander = one.roles.get(RoleKey.COMMANDER)
    return delivery_slack_tasks.SetTopic(
        one.channel, views.topic(one, await people.name(tx, commander) if commander else None)
    )


async def _bookmark(tx: AsyncSession, row: Outbox) -> Rendered:
    """The card in this channel, and the announcement in the room; once they stand there."""
    one, card = await _seen(tx, row), json.loads(row.data)["of"] == "card"
    kind = NoticeKind.INCIDENT_CARD if card else NoticeKind.MAJOR_ANNOUNCEMENT
    lane = row.lane if card else channel(majors.room(one.policy, one.incident))
    posted = await outbox.first(tx, row.about, kind, lane)
    if one.channel is None or posted is None or posted.slack_channel is None or posted.slack_ts is None:
        return None
    title, emoji = (f"{one.ref} card", ":ticket:") if card else ("Major incidents", ":rotating_light:")
    return delivery_slack_tasks.Bookmark(one.channel, title, emoji, posted.slack_channel, posted.slack_ts)


async def _pin(_tx: AsyncSession, row: Outbox) -> Rendered:
    data = json.loads(row.data)
    return delivery_slack_tasks.ReadMessage(data["channel"], data["ts"])


async def _export(tx: AsyncSession, row: Outbox) -> Rendered:
    one, number = await _seen(tx, row), json.loads(row.data)["number"]
    if one.channel is None:
        return None
    facts, entries = await major_incident_timeline.exported(tx, one.incident), await timeline.of(tx, row.about)
    named = {person for fact in facts for person in people_in(fact)} | set(one.roles.values())
    named |= {
        one.major.declared_by,
        *(entry.author for entry in entries),
        *(entry.edited_by or "" for entry in entries),
    }
    names = await _names(tx, named)
    content = export.document(one, facts, entries, lambda person: names.get(person, person))
    name = f"{str(one.ref).lower()}-timeline-{number}.md"
    return delivery_slack_tasks.PostFile(
        one.channel, name, f"{one.ref} timeline", content, f"The timeline of {one.ref}"
    )


async def _names(tx: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    return {one: markdown_line(await people.name(tx, one)) for one in ids if one}


async def _announcement(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.announcement(await _seen(tx, row))


async def _board(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.board(await _seen(tx, row))


async def _roles_wanted(tx: AsyncSession, row: Outbox) -> Rendered:
    """The first stands in the channel, the others in its thread."""
    one = await _seen(tx, row)
    if row.verb != "post":
        return views.roles_wanted(one)
    if not (one.active and one.vacant):
        return None
    asked = await posts.first(tx, row.about, NoticeKind.MAJOR_ROLES_WANTED, row.lane)
    return replace(views.roles_wanted(one), thread_ts=asked.ts if asked else None)


async def _update(tx: AsyncSession, row: Outbox) -> Rendered:
    """What ends it, and a step back, is shown in the room for all; the rest is in the thread of what was announced."""
    one, data = await _seen(tx, row), json.loads(row.data)
    number = data.get("update")
    if "stood_down" in data:
        return await _below(tx, row, views.stood_down(one, data["stood_down"]), loud=True)
    facts = await journal.timeline(tx, row.about)
    told = (fact for fact in facts if fact.kind is FactKind.MAJOR_UPDATED and fact.data["update"] == number)
    if (found := next(told, None)) is None:
        return await _below(tx, row, views.ended(one), loud=True)
    update = views.update(one, found, await _seen_late(tx, row, one, number))
    return await _below(tx, row, update, loud=found.data["state"] == MajorState.RESOLVED or worsened(facts, found))


async def _below(tx: AsyncSession, row: Outbox, said: Message, *, loud: bool) -> Message:
    """In the thread of the announcement where one stands: in the incident's own channel and a direct message none does.

    What was declared again was announced again.
    """
    announced = await posts.last(tx, row.about, NoticeKind.MAJOR_ANNOUNCEMENT, row.lane)
    return replace(said, thread_ts=announced.ts, broadcast=loud) if announced else said


async def _seen_late(tx: AsyncSession, row: Outbox, one: MajorSeen, number: int) -> bool:
    """Whether the update that this one promised did not come in time, and is still to come."""
    lapsed = await major_incidents.rung(tx, row.about, MajorTimer.LATE, f"{number}:")
    return one.active and one.major.updates == number and lapsed > 0


async def _nudge(tx: AsyncSession, row: Outbox) -> Rendered:
    one, settled = await _due(tx, row)
    return views.nudge(one, settled) if not settled or row.verb != "post" else None


async def _update_late(tx: AsyncSession, row: Outbox) -> Rendered:
    one, settled = await _due(tx, row)
    return views.update_late(one, settled) if not settled or row.verb != "post" else None


async def _handover(tx: AsyncSession, row: Outbox) -> Rendered:
    at = json.loads(row.data)["at"]
    facts = await journal.timeline(tx, row.about)
    passed = next(f for f in facts if f.kind is FactKind.MAJOR_HANDED_OVER and f.at.isoformat() == at)
    facts, entries = await major_incident_timeline.since_update(tx, row.about)
    one = await _seen(tx, row)
    shown = await record_timeline.told_to(tx, one.incident, facts, reader_of(row.lane))
    return views.handover(one, passed, shown, entries)


async def _trouble(tx: AsyncSession, row: Outbox) -> Rendered:
    data = json.loads(row.data)
    return notes.trouble(await _seen(tx, row), data["kind"], data["code"], data["person"])


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


async def _due(tx: AsyncSession, row: Outbox) -> tuple[MajorSeen, str]:
    """How what it reminds of ended; empty while it is still to be given. A reminder that comes too late is not sent."""
    one = await _seen(tx, row)
    if one.major.updates != json.loads(row.data)["update"]:
        return one, "the status update was given"
    return one, "" if one.active else "it is over"
