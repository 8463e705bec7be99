"""What Deskbell does as a step of a workflow, in the name of the person whom the workflow gives.

How a step ended is told to Slack through the outbox, so that it is told once, whatever breaks.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeType
from bot.rules.configuration.service_guess import UNSURE
from bot.rules.form.conditions import Answer
from bot.rules.form.questions import Question, QuestionType, field_of
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import is_subject, of_subject
from bot.rules.record.refusals import FormRefused, Refusal
from bot.rules.workflow import steps
from bot.rules.workflow.steps import NoFileInWords, NoSuchQuestion, NoSuchStep, NothingToWaitFor, WorkflowStep
from bot.usecases import people
from bot.usecases.approvables import APPROVABLES
from bot.usecases.approval.approvals import WITHDRAWN
from bot.usecases.change import changes
from bot.usecases.change.changes import Request
from bot.usecases.incident import incidents
from bot.usecases.incident.incidents import Report
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.request import catalogue, requests
from bot.usecases.request.requests import Order
from storage.approval import approvals, workflow_waits
from storage.db.queued import attempt
from storage.delivery import outbox

WORKFLOW = "workflow"
"""What a step that failed is about."""


@dataclass(frozen=True)
class Executed:
    step: str
    execution: str
    """Slack's id of it."""
    inputs: Mapping[str, Any]

    def text(self, name: str) -> str:
        return str(self.inputs.get(name) or "").strip()


async def executed(tx: AsyncSession, step: Executed, *, now: datetime) -> None:
    """Done or refused, Slack is told; one that waits is told later."""
    by = step.text("person")
    try:
        async with attempt(tx):
            await people.member(tx, by)
            outputs = await _done(tx, step, by, now)
    except Refusal as refused:
        faults = refused.faults.values() if isinstance(refused, FormRefused) else ()
        why = " ".join(faults) or refused.sentence
        await outbox.put(tx, steps.failed(step.execution, WORKFLOW, why), now)
        return
    if outputs is not None:
        about = outputs.get("reference", WORKFLOW)
        await outbox.put(tx, steps.done(step.execution, about, outputs), now)


async def _done(tx: AsyncSession, step: Executed, by: str, now: datetime) -> Mapping[str, str] | None:
    if step.step not in set(WorkflowStep):
        raise NoSuchStep(name=step.step[:60])
    return await _STEPS[WorkflowStep(step.step)](tx, step, by, now)


async def _report(tx: AsyncSession, step: Executed, by: str, now: datetime) -> Mapping[str, str]:
    policy, summary, description = (await in_force(tx)).policy, step.text("summary"), step.text("description")
    service = _service(policy, step.text("service")) or policy.service_named_in(f"{summary} {description}") or UNSURE
    report = Report(summary, description, service, Impact.MEDIUM, Urgency.MEDIUM)
    return {"reference": str((await incidents.log(tx, report, by=by, now=now)).ref)}


async def _ask(tx: AsyncSession, step: Executed, by: str, now: datetime) -> Mapping[str, str]:
    """The answers are lines: “Which service? VPN”, or “service: vpn”."""
    item = await catalogue.item(tx, step.text("item"), by)
    policy = (await in_force(tx)).policy
    given: dict[str, Answer | None] = {}
    for line in filter(None, map(str.strip, step.text("answers").splitlines())):
        question, answer = _answered(item.title, item.questions, line)
        given[question.id] = _read(question, answer, policy)
    try:
        request = await requests.ask(tx, Order(item.key, given), by=by, now=now)
    except FormRefused as refused:
        # No input stands beside the sentence: it says which question it is about.
        asks = {field_of(one.id): f"“{one.asks}”: " for one in item.questions}
        raise FormRefused({at: asks.get(at, "") + fault for at, fault in refused.faults.items()}) from None
    return {"reference": str(request.ref)}


def _answered(item: str, questions: tuple[Question, ...], line: str) -> tuple[Question, str]:
    for one in questions:
        for name in (one.asks, f"{one.asks}:", f"{one.id}:"):
            if line.casefold().startswith(name.casefold()):
                return one, line[len(name) :].strip()
    raise NoSuchQuestion(asked=line, item=item, known=", ".join(one.asks for one in questions) or "nothing")


def _read(question: Question, answer: str, policy: Policy) -> Answer:
    """Raises NoFileInWords: what a file is, and its digest, is said by Slack alone."""
    if question.type is QuestionType.FILE:
        raise NoFileInWords(asks=question.asks)
    if question.type in (QuestionType.PEOPLE, QuestionType.CHOICES):
        return tuple(one.strip() for one in answer.split(",") if one.strip())
    if question.type is QuestionType.SERVICE:
        return _service(policy, answer) or answer
    return answer.lower() if question.type is QuestionType.YES_NO else answer


async def _ask_for_change(tx: AsyncSession, step: Executed, by: str, now: datetime) -> Mapping[str, str]:
    """A draft: who it is of submits it, so that nobody asks for a change in the name of another."""
    policy, starts_at = (await in_force(tx)).policy, now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    service = _service(policy, step.text("service")) or policy.service_named_in(step.text("title")) or ""
    request = Request(
        title=step.text("title"), type=ChangeType.NORMAL, service=service, why=step.text("why"),
        plan=step.text("plan"), backout=step.text("backout"), starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1), implementer=by,
    )  # fmt: skip
    return {"reference": str((await changes.keep(tx, request, None, by=by, now=now)).ref)}


async def _wait(tx: AsyncSession, step: Executed, by: str, now: datetime) -> Mapping[str, str] | None:
    """Nothing yet, where nobody has decided."""
    typed = step.text("reference").upper()
    if not is_subject(typed) or of_subject(typed).noun not in APPROVABLES:
        raise NothingToWaitFor(ref=typed[:40] or "That")
    ref = of_subject(typed)
    await visibility.shown_to(tx, ref, by)
    await APPROVABLES[ref.noun].hold(tx, ref)
    subject = await APPROVABLES[ref.noun].find(tx, ref)
    case = await approvals.case(tx, str(ref), subject.revision)
    if case is not None and case.state in ("decided", "cancelled"):
        return {"decision": case.decision or WITHDRAWN}
    await workflow_waits.add(tx, step.execution, str(ref), now)
    return None


def _service(policy: Policy, typed: str) -> str:
    """By its key or name."""
    wanted = typed.casefold()
    return next((key for key, one in policy.services.items() if wanted in (key, one.name.casefold())), "")


_STEPS: Mapping[
    WorkflowStep, Callable[[AsyncSession, Executed, str, datetime], Awaitable[Mapping[str, str] | None]]
] = {
    WorkflowStep.REPORT_INCIDENT: _report,
    WorkflowStep.ASK_FOR_SOMETHING: _ask,
    WorkflowStep.ASK_FOR_CHANGE: _ask_for_change,
    WorkflowStep.WAIT_UNTIL_APPROVED: _wait,
}
