"""Requests as people see them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.rules.complaint.ratings import LOW
from bot.rules.incident.flow import PendingOn
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label, stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.waiting import Waits
from bot.rules.request.flow import OPEN, TO_FULFIL, RequestState
from bot.usecases.request import task_changes, tasks
from bot.usecases.request.lists import Why
from handlers.approval.views.of_records import Asked
from handlers.blocks import complaining, facts, holder, kit
from handlers.blocks.kit import Block, Message
from handlers.ids import Action
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query, of_records
from handlers.request_catalogue.actions import ACTIONS
from handlers.request_catalogue.views.body import MARK, WAITS_FOR, Sheet, body, shortened, task_list
from storage.tables import ApprovalQuestion, RequestTask, ServiceRequest

SAID = {
    FactKind.REQUEST_ASKED: "asked for it",
    FactKind.REQUEST_TO_APPROVE: "put it to approval",
    FactKind.REQUEST_APPROVED: "approved it",
    FactKind.REQUEST_REJECTED: "rejected it",
    FactKind.REQUEST_STARTED: "started it",
    FactKind.REQUEST_TICKED: "ticked “{item}”",
    FactKind.REQUEST_TASK_DONE: "did the task “{title}”",
    FactKind.REQUEST_TASK_RAISED: "raised {other} for the task “{title}”",
    FactKind.REQUEST_TASK_FAILED: "lets the task “{title}” be done anew, since {other} did not do it",
    FactKind.REQUEST_PROMISED: "promises it by {due_at}",
    FactKind.REQUEST_PENDED: "waits for {on}",
    FactKind.REQUEST_RESUMED: "goes on with it",
    FactKind.REQUEST_ANSWERED: "answered",
    FactKind.REQUEST_FULFILLED: "fulfilled it",
    FactKind.REQUEST_CONFIRMED: "confirmed it",
    FactKind.REQUEST_REMINDED: "asks: do you have it? If nobody says anything, it is closed in a few days",
    FactKind.REQUEST_CLOSED: "closed it, since nobody said anything",
    FactKind.REQUEST_RATED: "rated it {rating} of 5",
    FactKind.REQUEST_SENT_BACK: "sent it back",
    FactKind.REQUEST_WITHDRAWN: "withdrew it",
    FactKind.REQUEST_LATE: "reminds of it: it was promised by {due_at}",
    FactKind.REQUEST_INFORMED: "added",
    FactKind.REQUEST_UPDATED: "wrote",
    FactKind.REQUEST_SHARED: "has {whom} told about it",
    FactKind.APPROVAL_ASKED: "asked stage {stage} for approval",
}
"""What a fact says after the name of who did it."""


def say(fact: Fact) -> str:
    data, more = fact.data, {}
    if fact.kind is FactKind.APPROVAL_ASKED and data.get("stage") == 1:
        return ""  # It was put to approval, which is said already.
    if fact.kind is FactKind.REQUEST_RESUMED and "left" in data:
        return f"goes on with it: it waited for {kit.mention(str(data['left']))}, who has left"
    more["on"] = WAITS_FOR[PendingOn(str(data["on"]))] if "on" in data else "somebody"
    if due := data.get("due_at"):
        more["due_at"] = kit.when(datetime.fromisoformat(str(due)))
    if person := data.get("person"):
        more["whom"] = kit.mention(str(person))
    return facts.said(fact, SAID, **more)


def title(request: ServiceRequest) -> str:
    return request.title


def card(sheet: Sheet) -> Message:
    """For those who fulfil it."""
    seen, state = RecordVersion.of(sheet.request), RequestState(sheet.request.state)
    buttons = [actions.button(one, seen) for one in _next(state, sheet.tasks)]
    return _whole(sheet, body(sheet), buttons)


def _next(state: RequestState, every: Sequence[RequestTask]) -> list[actions.Action]:
    """What is to be done next by those who fulfil it, given its tasks."""
    ready = tasks.ready(every)
    pressed = [ACTIONS["start"]] if state in (RequestState.NEW, RequestState.APPROVED) else []
    if state in TO_FULFIL and ready:
        pressed += [ACTIONS["raise"]] if task_changes.to_raise(every) else []
        pressed += [ACTIONS["done"]] if any(not one.change for one in ready) else []
    elif state is RequestState.PENDING:
        pressed.append(ACTIONS["resume"])
    elif state is RequestState.DOING:
        pressed.append(ACTIONS["fulfil"])
    return pressed


def receipt(sheet: Sheet) -> Message:
    """For who asked and whom it is for: where it is, who has it, when it is promised."""
    seen, state = RecordVersion.of(sheet.request), RequestState(sheet.request.state)
    pressed = [ACTIONS["confirm"], ACTIONS["send-back"]] if state is RequestState.DONE else [ACTIONS["withdraw"]]
    if state is RequestState.PENDING and sheet.request.pending_on == PendingOn.CUSTOMER:
        pressed.insert(0, ACTIONS["answer"])
    elif state in OPEN:
        pressed.append(ACTIONS["add"])
    item = sheet.policy.requests.get(sheet.request.item)
    fresh = state in (RequestState.NEW, RequestState.APPROVAL) and item and item.next
    after = [kit.context(kit.esc(item.next))] if fresh and item and item.next else []
    return _whole(sheet, [*body(sheet), *after], [actions.button(one, seen) for one in pressed])


def approval_asked(sheet: Sheet) -> Asked:
    request, seen, case = sheet.request, RecordVersion.of(sheet.request), sheet.poll.case
    return Asked(
        seen,
        sheet.poll,
        title=kit.esc(request.title),
        by=request.requester,
        approval_of=f"*{request.ref}*",
        named=facts.named(request),
        now=f"It is {case.decision}" if case and case.decision else stands(RequestState(request.state)),
        body=lambda: body(sheet),
        buttons=_votes(request),
        unvote=ACTIONS["take-back"],
        reminds=[actions.button(ACTIONS["review"], seen, "primary")],
    )


def question(request: ServiceRequest, asked: ApprovalQuestion) -> Message:
    """For who asked for it, with the button to answer; or with the answer."""
    lead = f":grey_question: {kit.mention(asked.asked_by)} asks about {facts.named(request)}:"
    blocks = [kit.section(f"{lead}\n{kit.quote(asked.question)}")]
    if asked.answer:
        blocks.append(kit.section(f"{kit.mention(asked.answered_by or '')} answered:\n{kit.quote(asked.answer)}"))
    elif RequestState(request.state) not in OPEN:
        return ended(Message(lead, blocks), f"{stands(RequestState(request.state))}.")
    else:
        seen = RecordVersion(request.ref, asked.id or 0)
        blocks.append(kit.actions(actions.button(ACTIONS["reply"], seen, "primary")))
    return Message(f"A question about {request.ref}", blocks)


def answer(sheet: Sheet, asked: ApprovalQuestion) -> Message:
    """For the approver who wanted to know."""
    lead = f":speech_balloon: {kit.mention(asked.answered_by or '')} answered about *{sheet.request.ref}*:"
    blocks = [kit.section(f"{lead}\n{kit.quote(asked.answer or '')}")]
    if sheet.poll.is_open:
        blocks.append(kit.actions(actions.button(ACTIONS["review"], RecordVersion.of(sheet.request), "primary")))
    return Message(f"An answer about {sheet.request.ref}", blocks)


def asked(made: Sequence[ServiceRequest]) -> Message:
    """Where the form was opened: each with its number, and where it stands."""
    rows = [f":white_check_mark: {kit.colon(facts.named(one))} {label(RequestState(one.state))}." for one in made]
    numbers = ", ".join(str(one.ref) for one in made)
    return Message(numbers, [kit.section("\n".join(rows)), kit.context("App Home and `/request list mine` show them.")])


def news(sheet: Sheet, fact: Fact, reader: str) -> Message:
    """With the tasks that the reader's group can do now."""
    request = sheet.request
    message = facts.news(request, fact, say(fact), [])
    if fact.kind is FactKind.REQUEST_ASSIGNED and reader == request.assignee:
        return replace(message, blocks=[*message.blocks, *body(sheet)])
    mine = reader in (request.requester, request.behalf)
    if mine and fact.kind in (FactKind.REQUEST_FULFILLED, FactKind.REQUEST_REMINDED):
        if request.state != RequestState.DONE:
            return ended(message, f"{stands(RequestState(request.state))}.")
        pressed = [actions.button(ACTIONS[one], RecordVersion.of(request)) for one in ("confirm", "send-back")]
        return replace(message, blocks=[*message.blocks, kit.actions(*pressed)])
    more = [] if mine or request.state not in TO_FULFIL else task_list(sheet)
    return replace(message, blocks=[*message.blocks, *more])


def line(request: ServiceRequest, now: datetime | None) -> str:
    """A request in two lines of a list."""
    state = RequestState(request.state)
    promised = request.due_at and state in TO_FULFIL
    due = f" · {kit.due(request.due_at, now, 'promised by', 'was promised by')}" if request.due_at and promised else ""
    who = f" · with {kit.mention(request.assignee)}" if request.assignee else ""
    head = f"{MARK[state]} {facts.named(request)} for {kit.mention(request.behalf or request.requester)}"
    return f"{head}\n{label(state)}{due}{who}"


def row(request: ServiceRequest, now: datetime | None) -> Block:
    return kit.section(line(request, now)) | {"accessory": actions.more_button(RecordVersion.of(request))}


def waits(one: Waits, _policy: Policy) -> Block:
    """In “Waiting for you”."""
    request: ServiceRequest = one.record
    if one.why == Why.ASSIGNED:
        shown, steps = row(request, one.now), _next(RequestState(request.state), one.more or ())
        return shown | ({"accessory": actions.button(steps[0], RecordVersion.of(request))} if steps else {})
    verb = {Why.VOTE: "review", Why.CONFIRM: "confirm", Why.ANSWER: "answer"}[Why(one.why)]
    button = actions.button(ACTIONS[verb], RecordVersion.of(request), "primary")
    return kit.section(line(request, one.now) + holder.stands_in(one.more)) | {"accessory": button}


def listing(query: Query, found: Sequence[ServiceRequest], total: int, size: int, now: datetime) -> Listing:
    return of_records("request", query, [row(one, now) for one in found], total, size)


def _whole(sheet: Sheet, blocks: Sequence[Block], buttons: Sequence[Block]) -> Message:
    request, state = sheet.request, RequestState(sheet.request.state)
    spoken = f"{request.ref} {kit.esc(request.title)} · {label(state)}"
    closed = state is RequestState.CLOSED
    offered = closed and request.item in sheet.policy.requests
    again = [kit.button(Action.ASK_AGAIN, "Ask again…", request.item)] if offered else []
    if closed and request.rating is None:
        again.insert(0, actions.button(ACTIONS["rate"], RecordVersion.of(request)))
    if closed and request.rating is not None and request.rating <= LOW:
        again.append(complaining.button(str(request.ref)))
    if state in OPEN:
        return Message(spoken, [*blocks, kit.actions(*buttons, actions.more_button(RecordVersion.of(request)))])
    message = ended(Message(spoken, list(blocks)), f"{stands(state)}.")
    return Message(spoken, [*message.blocks, *([kit.actions(*again)] if again else [])])


def _votes(request: ServiceRequest) -> list[Block]:
    seen = RecordVersion.of(request)
    if shortened(request):
        verbs = {"review": "primary", "reject": "danger", "question": None}
        return [actions.button(ACTIONS[verb], seen, style) for verb, style in verbs.items()]
    return [
        actions.button(ACTIONS["approve"], seen, "primary"),
        actions.button(ACTIONS["approve-if"], seen),
        actions.button(ACTIONS["reject"], seen, "danger"),
        actions.button(ACTIONS["question"], seen),
    ]
