"""All that can be done to an audit and to a finding. The order is that of help and menu."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.audit.checks import Examined, Verdict, examined_named, verdict_named
from bot.rules.audit.flow import AuditAct, AuditStep, FindingAct, FindingStep
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases import people
from bot.usecases.audit import audits, findings
from bot.usecases.audit.audits import Said as Checked
from bot.usecases.records import assignment
from handlers.blocks import holder, kit
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.days import Day
from handlers.records.fields import Ask, Choice, Group, Person, Words, comment
from handlers.records.form_values import Filled
from handlers.records.standard_actions.standard import STANDARD, by_ref
from handlers.records.typed_values import Said, Shown, assignee, leading, next_word

EVIDENCE_MOST = 300


async def _zone(tx: AsyncSession, _row: Any, _seen: RecordVersion, by: str) -> Any:
    """In which a day that is typed is meant."""
    return await people.zone(tx, by)


async def check(tx: AsyncSession, about: Any, *values: Any, by: str, now: datetime) -> Any:
    """`values`: clause, verdict, words, evidence and owner."""
    clause, verdict, words, evidence, owner = values
    return await audits.check(tx, about.ref, Checked(clause, verdict, words, evidence, owner), by=by, now=now)


def _clause_menu(shown: Shown, value: Any) -> dict[str, Any]:
    return kit.select([kit.option(one, one) for one in shown.row.clauses.split()], value)


def _checked(said: Said) -> Sequence[Any]:
    """“8.6.1 minor @owner Two were not classified”. Raises NoSuchVerdict."""
    clause, rest = next_word(said.words)
    verdict, rest = next_word(rest)
    found = verdict_named(verdict)
    owner, behind = leading(replace(said, words=rest))
    return clause, found, behind.words, "", owner


async def _sampled(tx: AsyncSession, _row: Any, seen: RecordVersion, _by: str) -> Sequence[str]:
    """What was drawn, what nobody has looked at first."""
    known = await audits.verdicts(tx, seen.ref)
    return sorted(await audits.in_samples(tx, seen.ref), key=lambda one: one in known)


def _item_menu(shown: Shown, value: Any) -> dict[str, Any]:
    drawn = shown.more[: kit.MENU_MOST] if isinstance(shown.more, list) else []
    return kit.select([kit.option(one, one) for one in drawn] or [kit.option("No sample was drawn", "none")], value)


def _examined(said: Said) -> Sequence[Any]:
    """“INC-12 deviates It has no category”. Raises NoSuchItemVerdict."""
    ref, rest = next_word(said.words)
    verdict, rest = next_word(rest)
    return ref, examined_named(verdict), rest


AUDITS = of(
    Noun.AUDIT, "audit",
    Action("start", by_ref(audits.start), "you begin it", "is under way.", label="Begin", step=AuditStep.START),
    Action("check", check, "say what you found about a clause", "has what you found.", (
               Ask(Field.CLAUSES, "Clause", _clause_menu, Filled.choice, usage="8.6.1"),
               Choice(Field.STATUS, "How it stands", Verdict, what="verdict", labels=lambda one: one.label),
               *comment("What you found", "What you looked at, and what you saw", "what you found"),
               Ask(Field.OTHER, "Records", lambda _, value: kit.text_input(value or "", most=EVIDENCE_MOST),
                   Filled.text, hint="That you looked at, like INC-12 CHG-3", optional=True),
               Person(Field.PERSON, "Who answers a finding", "Left out: who answers for the clause", optional=True),
           ), "Check a clause…", AuditAct.CHECK, "Check", "Keep", parse=_checked,
           usage="8.6.1 conforms|minor|… [@owner] what you found"),
    Action("examine", by_ref(audits.examine), "say what a record of a sample is like", "has what you say of it.", (
               Ask(Field.INCIDENT, "Record", _item_menu, Filled.choice, usage="INC-12"),
               Choice(Field.STATUS, "How it stands", Examined, what="verdict", labels=lambda one: one.label),
               *comment("What you saw", "What you looked at, and what is missing", "what you saw"),
           ), "Look at a record…", AuditAct.EXAMINE, "Look at", "Keep", parse=_examined,
           usage="INC-12 meets|deviates what you saw", looks_up=_sampled),
    Action("report", by_ref(audits.report), "it is over: say what came of it", "is reported.",
           comment("The report", "What was looked at, and how the whole stands", "report"),
           "Report…", AuditStep.REPORT, "Report", "Report"),
    Action("assign", by_ref(audits.assign), "give it to another auditor", "has another auditor.",
           (Person(Field.PERSON, "Auditor", "Nobody who has a hand in what is audited"),),
           "Another auditor…", AuditAct.ASSIGN, "Assign", "Assign"),
    Action("move", by_ref(audits.move), "put it on another day", "is on another day.", (
               Day(Field.DUE_ON, "On", "A day that is to come"),
               *comment("Reason", "It stays on record", "reason"),
           ), "Another day…", AuditAct.MOVE, "Move", "Move", looks_up=_zone),
    *(one for one in STANDARD if one.verb in ("link", "unlink", "action", "note")),
    Action("cancel", by_ref(audits.cancel), "it will not be held", "is cancelled.",
           comment("Reason", "Why it is not held; it stays on record", "reason"),
           "Cancel…", AuditStep.CANCEL, "Cancel", "Cancel it"),
)  # fmt: skip
FINDINGS = of(
    Noun.FINDING, "finding",
    Action("answer", by_ref(findings.answer), "say what caused it", "is answered. Add actions to it.", (
               Words(Field.CAUSE, "What caused it", "What had to be so for this to happen?", "cause"),
               Words(Field.COMMENT, "What was put right at once", "", "", optional=True),
           ), "Answer…", FindingStep.ANSWER, "Answer", "Answer", parse=lambda said: (said.words, ""), usage="cause"),
    Action("close", by_ref(findings.close), "you have seen that it took effect", "is closed.",
           comment("What you saw", "How you know that it does not come again", "what you saw"),
           "It took effect…", FindingStep.CLOSE, "Close", "Close"),
    Action("send-back", by_ref(findings.send_back), "it took no effect", "is with its owner again.",
           comment("Reason", "What is missing; the owner reads this", "reason"),
           "Send back…", FindingStep.SEND_BACK, "Send back", "Send back"),
    Action("take-note", by_ref(findings.take_note), "say what becomes of it, and close it", "is closed.",
           comment("What becomes of it", "Of an observation, an opportunity or a good practice", "what becomes of it"),
           "Take note…", FindingStep.NOTE, "Take note of", "Close"),
    Action("extend", by_ref(findings.extend), "put it off to a later day", "is put off; that stays on record.", (
               Day(Field.DUE_ON, "Due on", "A later day than now"),
               *comment("Reason", "Why it takes longer", "reason"),
           ), "Put off…", FindingAct.EXTEND, "Put off", "Put off", looks_up=_zone),
    Action("assign", by_ref(assignment.assign), "give it to who answers it", "is given.", (
               Person(Field.PERSON, "Person", first=lambda shown: shown.row.owner, optional=True),
               Group(Field.GROUP, "Or a group", optional=True),
           ), "Assign…", FindingAct.ASSIGN, "Assign", "Assign", usage="me|@person|group", parse=assignee,
           tells=holder.given("owner", "owner_group")),
    *(one for one in STANDARD if one.verb in ("action", "link", "unlink", "note", "raise-problem")),
    Action("withdraw", by_ref(findings.withdraw), "it was none", "is withdrawn.",
           comment("Reason", "Why it is none; it stays on record", "reason"),
           "Withdraw…", FindingStep.WITHDRAW, "Withdraw", "Withdraw"),
)  # fmt: skip
