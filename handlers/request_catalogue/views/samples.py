"""Requests, as the gallery shows them."""

import json
from collections.abc import Mapping

from bot.rules.approval.voting import Question as VoteQuestion
from bot.rules.approval.voting import Stage
from bot.rules.form.evaluation import begun, evaluate
from bot.rules.form.questions import Question, QuestionType
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.rules.request.flow import RequestState
from bot.rules.request.policy import Item, known
from bot.usecases.approval.asking import Poll
from bot.usecases.request.lists import Why
from handlers.approval.views import of_records
from handlers.blocks import facts, kit
from handlers.blocks.samples import AGENT, APPROVER, AT, REQUESTER, Drawn, said
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from handlers.request_catalogue import listeners
from handlers.request_catalogue.actions import ACTIONS
from handlers.request_catalogue.views import card as views
from handlers.request_catalogue.views import form
from handlers.request_catalogue.views.body import Sheet
from storage.tables import ApprovalCase, ApprovalQuestion, RequestTask, ServiceRequest

_OPTIONS = ("A new one", "A repair")


def sample(state: RequestState, words: Mapping[str, str]) -> ServiceRequest:
    text = words.get("comment", "A repair")
    answers = [
        {"id": "need", "asks": words.get("title", "What do you need?"), "type": "text", "answer": text, "said": text},
        {"id": "who", "asks": "Who needs it?", "type": "people", "answer": [REQUESTER, AGENT], "said": ""},
    ]
    return ServiceRequest(
        number=3, state=state, item="laptop", title=words.get("title", "A laptop"), service="laptops",
        owner_group="service-desk", requester=REQUESTER, behalf=APPROVER, policy_version=1, form_digest="0" * 16,
        answers=json.dumps(answers), promise=86400, assignee=AGENT, raised_at=AT, due_at=AT, moved_at=AT,
        moved_by=AGENT,
    )  # fmt: skip


def sheet(request: ServiceRequest, policy: Policy) -> Sheet:
    tasks = [
        RequestTask(id=number, request=3, key=key, title=title, group_key="service-desk", after=after,
                    instructions="As the list says", done_at=done, done_by=AGENT if done else None)
        for number, (key, title, after, done) in enumerate(
            (("account", "Make the account", "", AT), ("laptop", "Prepare the laptop", "account", None),
             ("badge", "Make the badge", "laptop", None))
        )
    ]  # fmt: skip
    case = ApprovalCase(
        subject="REQ-3", revision=1, policy="requests", state="open", barred=" ", asked_at=AT, needed_at=AT, due_at=AT,
        stage=1,
    )  # fmt: skip
    stages = (Stage("Change approvers", (APPROVER,), 1, False),)
    return Sheet(request, policy, tasks, Poll(case, [], [], VoteQuestion(1, {}, stages), []), ["INC-1"])


def every_question(words: Mapping[str, str]) -> Item:
    """A form with a question of each type."""
    asks = words.get("title", "What do you need?")[:150]
    options = {QuestionType.CHOICE: _OPTIONS, QuestionType.CHOICES: _OPTIONS}
    found = [
        Question(id=f"q{number}", asks=asks, type=kind, options=options.get(kind, ()), help="As the sticker says",
                 when={"q0": "x"} if number else None)
        for number, kind in enumerate(QuestionType)
    ]  # fmt: skip
    return Item.model_validate(
        {"(key)": "laptop", "title": "A laptop", "service": "laptops", "description": asks, "approval": "requests",
         "questions": found, "cost": "About 900", "next": "The desk gets in touch"}
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    shown = {state: sheet(sample(state, words), policy) for state in RequestState}
    new, item = shown[RequestState.APPROVAL], every_question(words)
    request, comment = new.request, words.get("comment", "It takes longer")
    fact = Fact(FactKind.REQUEST_FULFILLED, "REQ-3", AGENT, AT, 1, {}, {"comment": comment})
    reminder = Fact(FactKind.REQUEST_REMINDED, "REQ-3", SYSTEM, AT, 1, {})
    task = Fact(FactKind.REQUEST_TASK_DONE, "REQ-3", AGENT, AT, 1, {"title": "Make the account"})
    wanted = ApprovalQuestion(
        id=1, subject="REQ-3", asked_by=APPROVER, asked_at=AT, question=comment, answered_by=REQUESTER, answered_at=AT
    )
    replied = ApprovalQuestion.model_validate(wanted.model_dump() | {"answer": comment})
    given = begun(item.questions, {"q0": "x"})
    filled = evaluate(item.questions, given, known(policy.services))
    more = {"review": new, "reply": wanted, "tick": [(new.tasks[1], words.get("title", "Charger")[:75])]}
    asks = {verb: Shown(request, policy, AGENT, AT, more.get(verb, new.tasks)) for verb in ACTIONS}
    return {
        **{f"request, {state}": said(views.card(one)) for state, one in shown.items()},
        **{f"request receipt, {state}": said(views.receipt(one)) for state, one in shown.items()},
        "request, to approve": said(of_records.vote(views.approval_asked(new), APPROVER, 1)),
        "request, to approve for another": said(of_records.vote(views.approval_asked(new), AGENT, 1, APPROVER)),
        "request, to approve no more": said(of_records.vote(views.approval_asked(new), APPROVER, 2)),
        "request, approval reminder": said(of_records.reminder(views.approval_asked(new), APPROVER)),
        "request news": said(views.news(new, fact, REQUESTER)),
        "request news, reminder": said(views.news(shown[RequestState.DONE], reminder, REQUESTER)),
        "request news, task": said(views.news(shown[RequestState.DOING], task, AGENT)),
        "request, asked about": said(views.question(request, wanted)),
        "request, asked about and answered": said(views.question(request, replied)),
        "request, answer": said(views.answer(new, replied)),
        "request, told": said(facts.told(request, kit.esc(comment))),
        "request list": said(
            views.listing(Query(Noun.REQUEST), [one.request for one in shown.values()], 40, 15, AT).message()
        ),
        "request list, empty": said(views.listing(Query(Noun.REQUEST, "late"), [], 0, 15, AT).message()),
        "request catalogue": said(form.catalogue([*policy.requests.values(), item], "")),
        "request catalogue, empty": said(form.catalogue([], "fax")),
        "request form, new": form.form(item, filled, given, policy),
        "request form, changed": form.form(item, filled, given, policy, ["“Which one?” is asked now."]),
        **listeners.KIND.previews(asks, request),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    pending = {Why.ANSWER: RequestState.PENDING}
    found = pending | {
        Why.VOTE: RequestState.APPROVAL,
        Why.ASSIGNED: RequestState.DOING,
        Why.CONFIRM: RequestState.DONE,
    }
    return [Waits(sample(state, words), why) for why, state in found.items()]


__all__ = ["drawn", "waits"]
