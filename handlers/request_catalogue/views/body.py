"""What a request says, for its card and for who votes on it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.form.questions import QuestionType
from bot.rules.incident.flow import PendingOn
from bot.rules.policy.policy import Policy
from bot.rules.record.flow import label
from bot.rules.record.refs import RecordVersion
from bot.rules.request.flow import TO_FULFIL, RequestState
from bot.usecases.approval.asking import Poll
from bot.usecases.request import tasks
from handlers.approval.views.of_records import conditions
from handlers.blocks import holder, kit, moved_in, questions
from handlers.blocks.kit import Block
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading, excerpt
from handlers.sla.views.lines import rounded
from storage.tables import RequestTask, ServiceRequest

MARK = {
    RequestState.NEW: ":white_circle:",
    RequestState.APPROVAL: ":large_purple_circle:",
    RequestState.APPROVED: ":white_circle:",
    RequestState.DOING: ":large_yellow_circle:",
    RequestState.PENDING: ":double_vertical_bar:",
    RequestState.DONE: ":large_green_circle:",
    RequestState.CLOSED: ":white_check_mark:",
    RequestState.REJECTED: ":no_entry_sign:",
    RequestState.WITHDRAWN: ":heavy_multiplication_x:",
}


WAITS_FOR = {PendingOn.CUSTOMER: "who asked for it", PendingOn.VENDOR: "a vendor", PendingOn.CHANGE: "a change"}


ANSWER_MOST = 600
"""Characters of an answer on a card."""


@dataclass(frozen=True)
class Sheet:
    """All that a card shows."""

    request: ServiceRequest
    policy: Policy
    tasks: Sequence[RequestTask]
    poll: Poll
    links: Sequence[str] = ()


def body(sheet: Sheet, *, whole: bool = False) -> list[Block]:
    """`whole`: with every word of the answers, however long."""
    request, state = sheet.request, RequestState(sheet.request.state)
    answers = answers_of(request)
    said = [block for one in answers for block in _answer(one, RecordVersion.of(request), whole=whole)]
    links = kit.linked(sheet.links)
    head = kit.section(f"{MARK[state]} *{request.ref}* *{kit.esc(request.title)}*")
    return [head, kit.context(" · ".join(_facts(sheet))), *said, *conditions(sheet.poll), *task_list(sheet), *links]


def _answer(one: Mapping[str, Any], seen: RecordVersion, *, whole: bool) -> list[Block]:
    lead, text = f"*{kit.esc(one['asks'])}*", str(one["said"])
    if one["type"] != QuestionType.LONG_TEXT or len(text) <= ANSWER_MOST:
        return [kit.section(f"{lead}\n{questions.said(one)}")]
    return reading.whole([Passage(kit.esc(one["asks"]), text)]) if whole else [excerpt(text, ANSWER_MOST, seen, lead)]


def shortened(request: ServiceRequest) -> bool:
    """Whether its card has less than all that was answered."""
    return any(
        one["type"] == QuestionType.LONG_TEXT and len(str(one["said"])) > ANSWER_MOST for one in answers_of(request)
    )


def answers_of(request: ServiceRequest) -> list[dict[str, Any]]:
    """What was asked and answered; nothing once it was erased."""
    return json.loads(request.answers) if request.answers.startswith("[") else []


def reading_of(request: ServiceRequest) -> Reading:
    """All that was answered."""
    return Reading(request.title, [Passage(kit.esc(one["asks"]), str(one["said"])) for one in answers_of(request)])


def _facts(sheet: Sheet) -> list[str]:
    request, state = sheet.request, RequestState(sheet.request.state)
    who = kit.mention(request.requester)
    found = [f"for {kit.mention(request.behalf)}, asked by {who}" if request.behalf else f"for {who}"]
    found += [kit.esc(sheet.policy.service_name(request.service)), label(state)]
    if origin := moved_in.mark(request.old_ref, request.imported_from):
        found.append(origin)
    if state is RequestState.APPROVAL and sheet.poll.is_open:
        found.append(f"waits for {holder.awaited(sheet.poll.standing)}")
    if state is RequestState.PENDING and request.pending_on:
        still = "; its time stands still" if request.seconds_left is not None else ""
        found.append(f"waits for {WAITS_FOR[PendingOn(request.pending_on)]}{still}")
    if request.approved_at:
        found.append(f"approval took {rounded(request.approved_at - request.raised_at)}")
    if request.rating is not None:
        found.append(f":star: {request.rating} of 5")
    if request.due_at and state in TO_FULFIL:
        found.append(f"promised by {kit.when(request.due_at)}")
    return found + ([f"with {kit.mention(request.assignee)}"] if request.assignee else [])


def task_list(sheet: Sheet) -> list[Block]:
    if not sheet.tasks:
        return []
    ready = {one.key for one in tasks.ready(sheet.tasks)}
    lines = []
    for one in sheet.tasks:
        group = sheet.policy.groups.get(one.group_key)
        mark = ":white_check_mark:" if one.done_at else ":white_circle:" if one.key in ready else ":hourglass:"
        by = kit.mention(one.done_by) if one.done_by else kit.esc(group.title if group else one.group_key)
        how = f"\n{kit.INDENT}{kit.esc(one.instructions)}" if one.instructions and not one.done_at else ""
        lines.append(f"{mark} {kit.esc(one.title)} · {by}{how}")
        if one.change and not one.done_at:
            what = f"waits for {one.raised}" if one.raised else f"by the standard change “{kit.esc(one.change)}”"
            lines.append(f"{kit.INDENT}:arrows_counterclockwise: {what}")
        if not one.done_at:
            left = tasks.left_of(one)
            ticks = {
                item: ":white_medium_square:" if item in left else ":ballot_box_with_check:"
                for item in json.loads(one.checklist)
            }
            lines += [f"{kit.INDENT}{tick} {kit.esc(item)}" for item, tick in ticks.items()]
    return [kit.section("\n".join(["*Tasks*", *lines]))]
