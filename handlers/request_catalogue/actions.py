"""All that can be done to a request that is there. The order is that of help and menu."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.incident.flow import PendingOn
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.request.flow import RequestAct, RequestStep
from bot.usecases.change import permissions
from bot.usecases.records import assignment, comments
from bot.usecases.request import checklists, closing, pending, requests, task_changes, tasks
from handlers.approval import votes
from handlers.blocks import holder, kit
from handlers.blocks.kit import Block
from handlers.change.views import step_forms as notes
from handlers.change.views.standard_changes import suggested
from handlers.ids import Field
from handlers.incident.actions import WAITS, Rating
from handlers.records.actions import Action, button, of
from handlers.records.fields import Ask, Choice, Instant, Person, Words, comment
from handlers.records.form_values import Filled
from handlers.records.standard_actions.standard import STANDARD, by_ref
from handlers.records.typed_values import Said, Shown, only
from handlers.request_catalogue.sheets import sheet_of
from handlers.request_catalogue.views.body import Sheet, body
from storage.tables import RequestTask, ServiceRequest


async def _question(tx: AsyncSession, _request: ServiceRequest, seen: RecordVersion, _by: str) -> Any:
    return await permissions.question(tx, seen)


async def _ready(tx: AsyncSession, request: ServiceRequest, _seen: RecordVersion, _by: str) -> Sequence[RequestTask]:
    return tasks.ready(await tasks.of(tx, request))


async def _items(tx: AsyncSession, request: ServiceRequest, _seen: RecordVersion, _by: str) -> Sequence[Any]:
    return checklists.open_items(await tasks.of(tx, request))


async def _to_raise(tx: AsyncSession, request: ServiceRequest, _seen: RecordVersion, _by: str) -> Sequence[RequestTask]:
    return task_changes.to_raise(await tasks.of(tx, request))


def _menu_of_items(shown: Shown, _value: Any) -> Block:
    offered = [kit.option(item, item, task.title) for task, item in shown.more or ()]
    return kit.select(offered or [kit.option("Nothing is left", "none")])


def _menu_of_tasks(shown: Shown, _value: Any) -> Block:
    offered = [kit.option(one.title, one.key, one.instructions) for one in shown.more or ()]
    return kit.select(offered or [kit.option("None is open", "none")])


async def _sheet(tx: AsyncSession, request: ServiceRequest, _seen: RecordVersion, _by: str) -> Sheet:
    return await sheet_of(tx, request)


def _other_votes(seen: RecordVersion) -> Sequence[Block]:
    """Beside approving what was read."""
    return [button(ACTIONS["approve-if"], seen), button(ACTIONS["reject"], seen, "danger")]


async def _assign(tx: AsyncSession, about: RecordVersion, who: str, *, by: str, now: datetime) -> Any:
    return await assignment.assign(tx, about.ref, who, None, by=by, now=now)


def _person(said: Said) -> Sequence[Any]:
    """“me” or “@somebody”. Raises NoSuchPerson, OneOfThem."""
    if said.words.strip().lower() == "me":
        return (said.shown.by,)
    return (only(said),)


async def _rate(tx: AsyncSession, about: RecordVersion, rating: str, comment: str, *, by: str, now: datetime) -> Any:
    return await closing.rate(tx, about.ref, int(rating), comment, by=by, now=now)


_WAITS = {**WAITS, PendingOn.CUSTOMER: "Who asked for it"}
ACTIONS = of(
    Noun.REQUEST, "request",
    Action("approve", votes.vote(Vote.APPROVE), "vote for it", "has your vote for it.", comment("", "", "[words]"),
           "Approve", RequestAct.VOTE, reads="review"),
    Action("review", votes.vote(Vote.APPROVE), "", "has your vote for it.", (
               Words(Field.COMMENT, "Comment", "It stands on record", optional=True),
           ), "Review", RequestAct.VOTE, "Review", "Approve", typed=False, looks_up=_sheet,
           note=lambda shown: body(shown.more, whole=True), beside=_other_votes),
    Action("approve-if", votes.vote(Vote.CONDITION), "vote for it under a condition",
           "has your vote under a condition.",
           comment("Condition", "What must be so for your approval to hold; it stands on record", "condition"),
           "Approve with condition", RequestAct.VOTE, "Approve", "Approve"),
    Action("reject", votes.vote(Vote.REJECT), "vote against it", "has your vote against it.",
           comment("Reason", "Who asked for it reads this", "reason"),
           "Reject", RequestAct.VOTE, "Reject", "Reject"),
    Action("question", votes.ask, "ask who wants it, before you vote", "has your question; you hear the answer.",
           comment("Question", "Who asked for it hears it and can answer", "question"),
           "Ask a question", RequestAct.VOTE, "Ask about", "Ask"),
    Action("reply", votes.answer, "", "has your answer.", comment("Answer", "", ""), "Answer", RequestAct.REPLY,
           "Answer on", "Answer", typed=False, looks_up=_question, note=notes.asked),
    Action("take-back", votes.withdraw, "take your vote back", "waits for your vote again.",
           label="Take my vote back", step=RequestAct.UNVOTE),
    Action("start", by_ref(requests.start), "you begin to fulfil it", "is being fulfilled; you have it.",
           label="Start", step=RequestStep.START),
    Action("pend", by_ref(pending.pend), "wait for who asked, or for somebody else", "is pending.", (
               Choice(Field.PENDING_ON, "Waiting for", PendingOn, what="reason to wait", labels=_WAITS.__getitem__,
                      first=lambda _: PendingOn.CUSTOMER),
               *comment("Reason", "What is missing; who asked for it reads this", "reason"),
           ), "Set pending…", RequestStep.PEND, "Wait with", "Set pending"),
    Action("resume", by_ref(pending.resume), "go on after waiting", "is being fulfilled again.",
           label="Resume", step=RequestStep.RESUME),
    Action("answer", by_ref(pending.answer), "answer what it waits for", "has your answer; work goes on.",
           comment("Answer", "Those who fulfil it read this", "answer"),
           "Answer…", RequestStep.ANSWER, "Answer on", "Send"),
    Action("tick", by_ref(checklists.tick), "an item of a task's checklist is done", "has one item less.", (
               Ask(Field.TASK, "Item", _menu_of_items, Filled.choice, lambda said: (said.words, ""), "item"),
           ), "Tick…", RequestAct.TASK, "Checklist of", "Tick", looks_up=_items),
    Action("done", by_ref(tasks.finish), "a task of it is done", "has one task less.", (
               Ask(Field.TASK, "Task", _menu_of_tasks, Filled.choice, lambda said: (said.words, ""), "task"),
           ), "Task done…", RequestAct.TASK, "Task of", "Done", looks_up=_ready),
    Action("raise", by_ref(task_changes.raise_change), "raise the standard change that does a task of it",
           "waits for the change that you have raised; you carry it out.", (
               Ask(Field.TASK, "Task", _menu_of_tasks, Filled.choice, lambda said: (said.words, ""), "task"),
               Instant(Field.STARTS_AT, "Window opens", lambda shown: suggested(shown.now)[0]),
               Instant(Field.ENDS_AT, "Window closes", lambda shown: suggested(shown.now)[1]),
           ), "Raise change…", RequestAct.RAISE, "Change for", "Raise it", looks_up=_to_raise),
    Action("fulfil", by_ref(requests.fulfil), "all of it is done", "is fulfilled. Who asked for it confirms it now.",
           comment("What was done", "Who asked for it reads this", "what was done"),
           "Fulfilled…", RequestStep.FULFIL, "Fulfil", "Fulfilled"),
    Action("confirm", by_ref(requests.confirm), "you have what you asked for", "is closed.",
           label="I have it", step=RequestStep.CONFIRM),
    Action("send-back", by_ref(requests.send_back), "it is not what you asked for", "is being fulfilled again.",
           comment("What is missing", "Those who fulfil it read this", "what is missing"),
           "Not yet…", RequestStep.SEND_BACK, "Send back", "Send back"),
    Action("withdraw", by_ref(requests.withdraw), "it is not needed any more", "is withdrawn.",
           comment("Reason", "It stays on record", "reason"),
           "Withdraw…", RequestStep.WITHDRAW, "Withdraw", "Withdraw it"),
    Action("rate", _rate, "say how it went, once it is closed", "has your mark. Thank you.", (
               Choice(Field.RATING, "How did it go?", Rating, what="mark", usage="1-5",
                      labels=lambda one: one.label),
               Words(Field.COMMENT, "Comment", usage="[comment]", optional=True),
           ), "Rate…", RequestAct.RATE, "Rate", "Send"),
    Action("assign", _assign, "give it to somebody", "is given.", (
               Person(Field.PERSON, "Person", first=lambda shown: shown.row.assignee),
           ), "Assign…", RequestAct.ASSIGN, "Assign", "Assign", usage="me|@person", parse=_person,
           tells=holder.given("assignee", "owner_group")),
    Action("add", by_ref(comments.inform), "say more about what you asked for",
           "has that on record; those who see to it are told.",
           (Words(Field.COMMENT, "Information", "Whoever sees to it reads this, and so does everybody who sees it"),),
           "Add information", RecordAct.INFORM, "Add to", "Send"),
    *(one for one in STANDARD if one.verb != "ask-review"),
)  # fmt: skip
