"""What is said of changes."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.change import notices
from bot.rules.change.flow import OPEN, ChangeState
from bot.rules.change.reminders import ReminderKind
from bot.rules.policy.policy import GroupKey
from bot.rules.record.flow import stands
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.approval import asking
from bot.usecases.change import access, approval, reminders, steps, suspected_cause
from bot.usecases.change.details import ChangeDetails, sheet
from bot.usecases.change.revisions import EDITS, REASON
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import find
from handlers.approval.views import messages as approval_views
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.change.views import card as change_views
from handlers.change.views import cause as link_views
from handlers.change.views import reminders as reminder_views
from handlers.change.views import standard_changes, updates
from handlers.configuration_item.impact_on_card import with_impact
from handlers.records.ended import ended
from handlers.records.news import fact_of
from storage.approval import questions
from storage.change import standard_changes as template_rows
from storage.delivery import outbox, posts
from storage.journal import journal
from storage.tables import ApprovalQuestion, Change, Outbox, Template
from storage.workspace import people as directory


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    sheet = await _sheet(tx, row)
    return await with_impact(tx, sheet.change, change_views.card(sheet))


async def _request(tx: AsyncSession, row: Outbox) -> Rendered:
    shown, data = await _sheet(tx, row), json.loads(row.data)
    late = shown.change.revision != data["revision"] or not shown.poll.is_open
    if row.verb == "post" and late:
        return None
    return approval_views.request(shown, row.lane.removeprefix("@"), data["revision"], data["stage"])


async def _decided(tx: AsyncSession, row: Outbox) -> Rendered:
    """Of what was decided on a revision, whatever became of the change since."""
    shown = await _sheet(tx, row)
    revision = _revision(row, shown)
    poll = await approval.poll_on(tx, shown.change, revision)
    if poll.case is None or not poll.case.decision:
        return None
    message = change_views.decided(shown.change, poll)
    return ended(message, change_views.end_of_decision(shown.change, poll.case))


async def _remark(tx: AsyncSession, row: Outbox) -> Rendered:
    shown, data = await _sheet(tx, row), json.loads(row.data)
    seats = (await approval.poll_on(tx, shown.change, data["revision"])).seats
    vote = next((one for one in seats if (one.stage, one.approver) == (data["stage"], data["seat"])), None)
    if vote is None or vote.vote in (None, Vote.APPROVE):
        return _over(row, shown, "The vote was taken back.")
    message = approval_views.remark(shown, vote)
    return ended(message, approval_views.end_of(shown, data["revision"]))


async def _unreachable(tx: AsyncSession, row: Outbox) -> Rendered:
    """Until enough may vote again."""
    shown, data = await _sheet(tx, row), json.loads(row.data)
    how = approval_views.end_of(shown, data["revision"])
    seats = [one for one in shown.poll.seats if one.stage == data["stage"]]
    needs = next((one.needs for one in shown.poll.stages if one.number == data["stage"]), 0)
    if not how and sum(one.vote != Vote.REJECT for one in seats) >= needs:
        how = "Enough may vote again."
    if how and row.verb == "post":
        return None
    return ended(approval_views.unreachable(shown, data["stage"]), how)


async def _unstaffed(tx: AsyncSession, row: Outbox) -> Rendered:
    change, data = await _change(tx, row), json.loads(row.data)
    left = data["person"]
    if data.get("role"):
        cancels = row.lane.removeprefix("@") in await directory.members(tx, GroupKey.CHANGE_MANAGERS)
        message = reminder_views.orphaned(change, left, cancels=cancels)
        return ended(message, "" if change.state in OPEN else f"{stands(ChangeState(change.state))} now.")
    message = reminder_views.unstaffed(change, left)
    if change.implementer != left:
        return ended(message, f"{reminder_views.mention(change.implementer)} is to carry it out now.")
    return ended(message, "" if change.state in OPEN else f"{stands(ChangeState(change.state))} now.")


def _over(row: Outbox, shown: ChangeDetails, how: str) -> Rendered:
    """Nothing where it was not said yet; else that it is over."""
    message = change_views.moved(shown.change, shown.poll.case)
    return None if row.verb == "post" else ended(message, how)


async def _moved(tx: AsyncSession, row: Outbox) -> Rendered:
    change = await _change(tx, row)
    return await _in_thread(tx, row, change_views.moved(change, await approval.case(tx, change)))


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
    if not await reminders.due(tx, change, kind, data["occurrence"], row.last_attempt_at or row.created_at):
        return change_views.moved(change, shown.poll.case) if row.verb == "redraw" and alone else None
    asked_by = await steps.asks_review(tx, change)
    message = reminder_views.reminder(change, kind, poll=shown.poll, asked_by=asked_by, alone=alone)
    if not alone:
        return await _in_thread(tx, row, message)
    return await _below_first(tx, row, change, message) if kind is ReminderKind.OVERRUN else message


async def _below_first(tx: AsyncSession, row: Outbox, change: Change, message: Message) -> Message:
    """In the thread of the first that said this person that its window closed."""
    occurrence = reminders.first_overrun(change)
    [notice] = notices.work_reminder(ReminderKind.OVERRUN, row.about, occurrence, [row.lane])
    first = await outbox.said(tx, notice)
    return replace(message, thread_ts=first.slack_ts) if first and row.verb == "post" else message


async def _reminder(tx: AsyncSession, row: Outbox) -> Rendered:
    """One at a time: of several the newest says what is true, and the others that they were sent."""
    shown, now = await _sheet(tx, row), row.last_attempt_at or row.created_at
    how, reader = approval_views.end_of(shown, _revision(row, shown)), row.lane.removeprefix("@")
    wanted = reader in await asking.wanted(tx, shown.poll, now) and shown.poll.is_open
    if row.verb == "post":
        return await _below_request(tx, row, approval_views.reminder(shown, reader)) if wanted and not how else None
    sent = await outbox.get(tx, row.redraws or 0) or row
    if not wanted or how or await outbox.is_followed(tx, sent):
        message = approval_views.reminded_before(shown.change, sent.first_attempt_at or sent.created_at)
        return ended(message, how)
    return approval_views.reminder(shown, reader)


async def _overdue(tx: AsyncSession, row: Outbox) -> Rendered:
    shown = await _sheet(tx, row)
    case = shown.poll.case
    if case is None or (row.verb == "post" and not case.is_due):
        return None
    return ended(approval_views.overdue(shown.change, case), approval_views.end_of(shown, shown.change.revision))


async def _caused(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nothing of an incident that has been made private since."""
    incident = await suspected_cause.shown_in_public(tx, json.loads(row.data)["incident"])
    if incident is None:
        return None
    return await _in_thread(tx, row, link_views.caused(await _change(tx, row), incident))


async def _backout_offer(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nothing of an incident that is not for the reader's eyes, or no longer."""
    number, reader = json.loads(row.data)["incident"], row.lane.removeprefix("@")
    incident = await suspected_cause.shown_in_private(tx, number, reader)
    return link_views.backout_offer(await _change(tx, row), incident) if incident else None


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    change = await _change(tx, row)
    fact = await fact_of(tx, row, change)
    return await _in_thread(tx, row, updates.news(change, fact)) if fact else None


async def _question(tx: AsyncSession, row: Outbox) -> Rendered:
    return approval_views.question(await _change(tx, row), await _asked(tx, row))


async def _answer(tx: AsyncSession, row: Outbox) -> Rendered:
    shown = await _sheet(tx, row)
    return ended(
        approval_views.answer(shown, await _asked(tx, row)), approval_views.end_of(shown, _revision(row, shown))
    )


async def _proposal(tx: AsyncSession, row: Outbox) -> Rendered:
    template = await find(tx, Template, of_subject(row.about))
    return standard_changes.proposal(template, (await in_force(tx)).policy)


async def _suspended(tx: AsyncSession, row: Outbox) -> Rendered:
    template = await find(tx, Template, of_subject(row.about))
    told = standard_changes.suspended(template, json.loads(row.data)["because"])
    return ended(told, standard_changes.end_of_suspension(template))


async def _suggestion(tx: AsyncSession, row: Outbox) -> Rendered:
    change = await _change(tx, row)
    told = standard_changes.suggestion(change, json.loads(row.data)["times"])
    return ended(told, standard_changes.end_of_suggestion(await template_rows.alike(tx, change.title, change.service)))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.CHANGE_CARD: _card,
    NoticeKind.APPROVAL_REQUEST: _request,
    NoticeKind.CHANGE_DECIDED: _decided,
    NoticeKind.CHANGE_MOVED: _moved,
    NoticeKind.CHANGE_REVISED: _revised,
    NoticeKind.CHANGE_NEWS: _news,
    NoticeKind.CHANGE_REMINDER: _reminded,
    NoticeKind.CHANGE_CAUSED: _caused,
    NoticeKind.BACKOUT_OFFER: _backout_offer,
    NoticeKind.APPROVAL_REMINDER: _reminder,
    NoticeKind.APPROVAL_OVERDUE: _overdue,
    NoticeKind.APPROVAL_QUESTION: _question,
    NoticeKind.APPROVAL_ANSWER: _answer,
    NoticeKind.APPROVAL_REMARK: _remark,
    NoticeKind.APPROVAL_UNREACHABLE: _unreachable,
    NoticeKind.CHANGE_UNSTAFFED: _unstaffed,
    NoticeKind.TEMPLATE_PROPOSAL: _proposal,
    NoticeKind.TEMPLATE_SUGGESTION: _suggestion,
    NoticeKind.TEMPLATE_SUSPENDED: _suspended,
}


def _revision(row: Outbox, shown: ChangeDetails) -> int:
    """The one that a message is about; the present one of a message that was sent before messages said so."""
    return int(json.loads(row.data).get("revision", shown.change.revision))


async def _in_thread(tx: AsyncSession, row: Outbox, message: Message) -> Message:
    """Beside the card, where it stands in the same channel; by itself in a direct message."""
    card = await posts.first(tx, row.about, NoticeKind.CHANGE_CARD, row.lane)
    return replace(message, thread_ts=card.ts) if card else message


async def _below_request(tx: AsyncSession, row: Outbox, message: Message) -> Message:
    """In the thread of what this person was asked last; by itself where that is not there."""
    asked = await posts.last(tx, row.about, NoticeKind.APPROVAL_REQUEST, row.lane)
    return replace(message, thread_ts=asked.ts) if asked else message


async def _sheet(tx: AsyncSession, row: Outbox) -> ChangeDetails:
    return await sheet(tx, of_subject(row.about), row.last_attempt_at or row.created_at)


async def _change(tx: AsyncSession, row: Outbox) -> Change:
    return await access.find(tx, of_subject(row.about))


async def _asked(tx: AsyncSession, row: Outbox) -> ApprovalQuestion:
    number = json.loads(row.data)["question"]
    question = await questions.get(tx, number)
    if question is None:
        raise LookupError(f"question {number} is gone")
    return question
