"""What is said of changes."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_access, change_reminders, change_steps, templates
from bot.desk.change_revisions import EDITS, REASON
from bot.desk.change_sheet import Sheet, sheet
from bot.desk.incident_eyes import eyes_of
from bot.desk.policy import in_force
from bot.rules.change_reminders import ReminderKind
from bot.rules.notices import NoticeKind
from bot.rules.refs import of_subject
from handlers.rendering import Rendered, Renderer
from handlers.views import approvals as approval_views
from handlers.views import change_links as link_views
from handlers.views import change_reminders as reminder_views
from handlers.views import change_templates as template_views
from handlers.views import changes as change_views
from handlers.views.change_standing import voting
from handlers.views.kit import Message
from storage import changes, incidents, journal, posts
from storage.tables import Change, ChangeQuestion, Outbox


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return change_views.card(await _sheet(tx, row))


async def _request(tx: AsyncSession, row: Outbox) -> Rendered:
    shown, data = await _sheet(tx, row), json.loads(row.data)
    late = shown.change.revision != data["revision"] or not voting(shown.change)
    if row.verb == "post" and late:
        return None
    return approval_views.request(shown, row.lane.removeprefix("@"), data["revision"], data["stage"])


async def _decided(tx: AsyncSession, row: Outbox) -> Rendered:
    change = await _change(tx, row)
    return change_views.decided(change) if change.decision else None


async def _moved(tx: AsyncSession, row: Outbox) -> Rendered:
    return await _in_thread(tx, row, change_views.moved(await _change(tx, row)))


async def _revised(tx: AsyncSession, row: Outbox) -> Rendered:
    shown = await _sheet(tx, row)
    if shown.change.revision != json.loads(row.data)["revision"]:
        return None
    told = [one for one in await journal.timeline(tx, row.about) if one.kind in EDITS]
    why = told[-1].words.get(REASON, "") if told else ""
    return await _in_thread(tx, row, change_views.revised(shown, why))


async def _reminded(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nothing where it took so long to say that something else is true by now.

    Who was told alone had buttons: once they are no use, the message says where the change stands.
    """
    shown, data = await _sheet(tx, row), json.loads(row.data)
    change, kind, alone = shown.change, ReminderKind(data["reminder"]), row.lane.startswith("@")
    if not await change_reminders.due(tx, change, kind, data["occurrence"], row.last_attempt_at or row.created_at):
        return change_views.moved(change) if row.verb == "redraw" and alone else None
    asked_by = await change_steps.asks_review(tx, change)
    message = reminder_views.reminder(change, kind, waited_for=shown.poll.open_seats, asked_by=asked_by, alone=alone)
    return message if alone else await _in_thread(tx, row, message)


async def _reminder(tx: AsyncSession, row: Outbox) -> Rendered:
    shown = await _sheet(tx, row)
    wanted = row.lane.removeprefix("@") in shown.poll.open_seats
    return approval_views.reminder(shown) if wanted and voting(shown.change) else None


async def _overdue(tx: AsyncSession, row: Outbox) -> Rendered:
    change = await _change(tx, row)
    return approval_views.overdue(change) if change.decision is None else None


async def _caused(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nothing of an incident that has been made private since."""
    incident = await incidents.get(tx, json.loads(row.data)["incident"])
    if incident is None or incident.private:
        return None
    return await _in_thread(tx, row, link_views.caused(await _change(tx, row), incident))


async def _backout_offer(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nothing of an incident that is not for the reader's eyes, or no longer."""
    eyes = await eyes_of(tx, row.lane.removeprefix("@"))
    incident = await incidents.seen_by(tx, json.loads(row.data)["incident"], eyes)
    return link_views.backout_offer(await _change(tx, row), incident) if incident else None


async def _question(tx: AsyncSession, row: Outbox) -> Rendered:
    return approval_views.question(await _change(tx, row), await _asked(tx, row))


async def _answer(tx: AsyncSession, row: Outbox) -> Rendered:
    return approval_views.answer(await _sheet(tx, row), await _asked(tx, row))


async def _proposal(tx: AsyncSession, row: Outbox) -> Rendered:
    template = await templates.find_template(tx, of_subject(row.about))
    return template_views.proposal(template, (await in_force(tx)).policy)


async def _suspended(tx: AsyncSession, row: Outbox) -> Rendered:
    template = await templates.find_template(tx, of_subject(row.about))
    return template_views.suspended(template, json.loads(row.data)["because"])


async def _suggestion(tx: AsyncSession, row: Outbox) -> Rendered:
    return template_views.suggestion(await _change(tx, row), json.loads(row.data)["times"])


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.CHANGE_CARD: _card,
    NoticeKind.APPROVAL_REQUEST: _request,
    NoticeKind.CHANGE_DECIDED: _decided,
    NoticeKind.CHANGE_MOVED: _moved,
    NoticeKind.CHANGE_REVISED: _revised,
    NoticeKind.CHANGE_REMINDER: _reminded,
    NoticeKind.CHANGE_CAUSED: _caused,
    NoticeKind.BACKOUT_OFFER: _backout_offer,
    NoticeKind.APPROVAL_REMINDER: _reminder,
    NoticeKind.APPROVAL_OVERDUE: _overdue,
    NoticeKind.APPROVAL_QUESTION: _question,
    NoticeKind.APPROVAL_ANSWER: _answer,
    NoticeKind.TEMPLATE_PROPOSAL: _proposal,
    NoticeKind.TEMPLATE_SUGGESTION: _suggestion,
    NoticeKind.TEMPLATE_SUSPENDED: _suspended,
}


async def _in_thread(tx: AsyncSession, row: Outbox, message: Message) -> Message:
    """Beside the card, where it stands in the same channel; by itself in a direct message."""
    card = await posts.first(tx, row.about, NoticeKind.CHANGE_CARD, row.lane)
    return replace(message, thread_ts=card.ts) if card else message


async def _sheet(tx: AsyncSession, row: Outbox) -> Sheet:
    return await sheet(tx, of_subject(row.about))


async def _change(tx: AsyncSession, row: Outbox) -> Change:
    return await change_access.find(tx, of_subject(row.about))


async def _asked(tx: AsyncSession, row: Outbox) -> ChangeQuestion:
    number = json.loads(row.data)["question"]
    question = await changes.question(tx, number)
    if question is None:
        raise LookupError(f"question {number} is gone")
    return question
