"""Audits and findings as people see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.rules.audit.checks import Examined, ItemVerdict, Verdict
from bot.rules.audit.flow import LIVE, OWED, AuditState, FindingKind, FindingState
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label, stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.waiting import Waits
from bot.usecases.audit.audits import TITLE_MOST
from handlers.audit.actions import AUDITS, FINDINGS
from handlers.blocks import facts, holder, kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Field, Form
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query, of_records
from storage.tables import AuditCheck, AuditFinding, AuditSample, InternalAudit

CLAUSES_MOST = 300
MARK = {
    AuditState.PLANNED: ":calendar:",
    AuditState.UNDER_WAY: ":mag:",
    AuditState.REPORTED: ":white_check_mark:",
    AuditState.CANCELLED: ":heavy_multiplication_x:",
}
FINDING_MARK = {
    FindingState.OPEN: ":red_circle:",
    FindingState.ANSWERED: ":large_yellow_circle:",
    FindingState.CLOSED: ":white_check_mark:",
    FindingState.WITHDRAWN: ":heavy_multiplication_x:",
}
_AUDIT_LEADING = {AuditState.PLANNED: ("start",), AuditState.UNDER_WAY: ("check", "report")}
_FINDING_LEADING = {FindingState.OPEN: ("answer", "action"), FindingState.ANSWERED: ("action", "close", "send-back")}
SAID = {
    FactKind.AUDIT_PLANNED: "planned it for {planned_on}",
    FactKind.AUDIT_STARTED: "began it",
    FactKind.AUDIT_CHECKED: "checked clause {clause}: {verdict}",
    FactKind.AUDIT_SAMPLED: "drew a sample of {size} {population}",
    FactKind.AUDIT_EXAMINED: "looked at {record}: it {verdict}",
    FactKind.AUDIT_REPORTED: "reported it with {counted}",
    FactKind.AUDIT_CANCELLED: "cancelled it",
    FactKind.AUDIT_UNSTAFFED: "found that {person}, who audits it, has left; give it to somebody else",
    FactKind.AUDIT_MOVED: "put it on {planned_on}",
    FactKind.AUDIT_REMINDED: "reminded of it",
    FactKind.FINDING_RAISED: "raised it for clause {clause}, due on {due_on}",
    FactKind.FINDING_ANSWERED: "answered it",
    FactKind.FINDING_TAKEN_NOTE_OF: "took note of it",
    FactKind.FINDING_CLOSED: "closed it: it took effect",
    FactKind.FINDING_SENT_BACK: "sent it back: it took no effect",
    FactKind.FINDING_WITHDRAWN: "withdrew it",
    FactKind.FINDING_PUT_OFF: "put it off to {due_on}",
    FactKind.FINDING_REMINDED: "reminded of it",
}
"""What a fact says after the name of who did it."""


@dataclass(frozen=True)
class Sheet:
    """All that an audit's card shows."""

    audit: InternalAudit
    policy: Policy
    checks: Mapping[str, AuditCheck] = field(default_factory=dict)
    findings: Sequence[AuditFinding] = ()
    samples: Sequence[AuditSample] = ()
    links: Sequence[str] = ()
    verdicts: Mapping[str, ItemVerdict] = field(default_factory=dict)
    """Of the records that were drawn, by reference."""


def say(fact: Fact) -> str:
    counted = kit.counted(int(str(fact.data.get("findings") or 0)), "finding")
    return facts.said(fact, SAID, person=kit.mention(str(fact.data.get("person"))), counted=counted)


def title(one: InternalAudit | AuditFinding) -> str:
    return one.title


def plan_form(typed: str, clauses: str = "") -> View:
    blocks = [
        kit.ask(Field.TITLE, "Title", kit.text_input(typed, most=TITLE_MOST), optional=True),
        kit.ask(Field.CLAUSES, "Clauses", kit.text_input(clauses, most=CLAUSES_MOST), hint="Like 8.6.1 9.4, or 8.6"),
        kit.ask(Field.PERSON, "Auditor", kit.people_input(), hint="Nobody who has a hand in what is audited"),
        kit.ask(Field.DUE_ON, "On", {"type": "datepicker"}),
        kit.ask(Field.COMMENT, "Held against", kit.text_input(most=600, lines=True), optional=True,
                hint="Documents, contracts or law, beside the clauses"),
    ]  # fmt: skip
    return kit.form(Form.AUDIT_PLAN, "Plan an audit", "Plan", blocks)


def card(sheet: Sheet) -> Message:
    audit, state, seen = sheet.audit, AuditState(sheet.audit.state), RecordVersion.of(sheet.audit)
    said = [f"*{label(state)}*", f"auditor {kit.mention(audit.auditor)}", f"planned for {kit.day(audit.planned_on)}"]
    blocks = [kit.section(f"{MARK[state]} {facts.named(audit)}"), kit.context(" · ".join(said))]
    lines = [_check(number, sheet.checks.get(number)) for number in audit.clauses.split()]
    blocks += [kit.section("\n".join(lines[at : at + 15])) for at in range(0, len(lines), 15)]
    if audit.criteria:
        blocks.append(kit.context(f"Held against {kit.excerpt(audit.criteria, 300)}"))
    for one in sheet.samples[:5]:
        refs = one.refs.split()
        some = kit.some(refs, 10)
        blocks.append(kit.context(f"Sample of {len(refs)} {one.population}, {kit.esc(one.period)}: {some}"))
        if known := [found for ref in refs if (found := sheet.verdicts.get(ref))]:
            blocks.append(kit.section(_looked_at(known, len(refs))))
    if sheet.findings:
        lines = [line_of_finding(one, sheet.policy, None) for one in sheet.findings]
        blocks.append(kit.section("\n".join(kit.first(lines, 15))))
    if audit.summary:
        blocks.append(kit.section(f"*Report*\n{kit.quote(audit.summary, 1500)}"))
    others = [one for one in sheet.links if not one.startswith("FND-")]
    blocks += kit.linked(others)
    first = [actions.button(one, seen) for one in _leading(audit)]
    return Message(f"{audit.ref} {kit.esc(audit.title)} · {label(state)}",
                   [*blocks, kit.actions(*first, actions.more_button(seen))])  # fmt: skip


def _looked_at(known: Sequence[ItemVerdict], drawn: int) -> str:
    """How many of a sample were looked at, and each that deviates with what was seen."""
    bad = [one for one in known if one.said is Examined.DEVIATES]
    lines = [f"• {one.ref} deviates: {kit.excerpt(one.words, 150)}" for one in bad[:10]]
    more = [f"… and {len(bad) - 10} more"] if len(bad) > 10 else []
    return "\n".join([f"{len(known)} of {drawn} looked at, {len(bad)} deviate", *lines, *more])


def finding_card(finding: AuditFinding, policy: Policy, links: Sequence[str] = ()) -> Message:
    state, seen = FindingState(finding.state), RecordVersion.of(finding)
    said = [FindingKind(finding.kind).label, f"*{label(state)}*", f"clause {finding.clause}", f"of {finding.audit}"]
    said += [holder.with_whom(finding.owner, finding.owner_group, policy)] + (
        [f"due {kit.day(finding.due_on)}"] if state in OWED else []
    )
    blocks = [kit.section(f"{FINDING_MARK[state]} {facts.named(finding)}"), kit.context(" · ".join(said))]
    if finding.evidence:
        blocks.append(kit.context(f"Seen in {kit.some(finding.evidence.split())}"))
    for name, words in (
        ("Cause", finding.cause),
        ("Put right at once", finding.correction),
        ("Effect", finding.effect),
    ):
        blocks += [kit.section(f"*{name}*\n{kit.quote(words, 600)}")] if words else []
    shown = [one for one in links if one != finding.audit]
    blocks += kit.linked(shown)
    first = [actions.button(one, seen) for one in _leading(finding)]
    return Message(f"{finding.ref} {kit.esc(finding.title)} · {label(state)}",
                   [*blocks, kit.actions(*first, actions.more_button(seen))])  # fmt: skip


def due(one: InternalAudit | AuditFinding) -> Message:
    """For who holds an audit or answers a finding; once that is over it says so."""
    seen = RecordVersion.of(one)
    if isinstance(one, InternalAudit):
        text = f"The audit {facts.named(one)} is planned for {kit.day(one.planned_on)}."
        live, state = one.state in LIVE, stands(AuditState(one.state))
    else:
        text = f"The finding {facts.named(one)} is due on {kit.day(one.due_on)}."
        live, state = one.state in OWED, stands(FindingState(one.state))
    buttons = kit.actions(*(actions.button(each, seen) for each in _leading(one)[:1]), actions.more_button(seen))
    message = Message(f"{one.ref} is due", [kit.section(f":hourglass_flowing_sand: {text}"), buttons])
    return message if live else ended(message, f"{state} now.")


def news(one: InternalAudit | AuditFinding, fact: Fact, can: Collection[StrEnum]) -> Message:
    """With what its state suggests to this reader."""
    seen = RecordVersion.of(one)
    first = [actions.button(each, seen) for each in _leading(one) if each.step in can]
    return facts.news(one, fact, say(fact), [*first, actions.more_button(seen)])


def line(audit: InternalAudit, now: datetime | None) -> str:
    """An audit in two lines of a list."""
    state = AuditState(audit.state)
    numbers = audit.clauses.split()
    some = f"{kit.clauses(numbers[:8])}{' …' if len(numbers) > 8 else ''}"
    day = kit.day(audit.planned_on)
    if state in LIVE:
        day = kit.due_on(audit.planned_on, now, "planned for", "was planned for")
    said = " · ".join((label(state), day, f"auditor {kit.mention(audit.auditor)}", some))
    return f"{MARK[state]} {facts.named(audit)}\n{said}"


def line_of_finding(finding: AuditFinding, policy: Policy, now: datetime | None) -> str:
    """A finding in two lines of a list."""
    state = FindingState(finding.state)
    due_on = kit.due_on(finding.due_on, now) if state in OWED else ""
    said = (
        FindingKind(finding.kind).label,
        label(state),
        f"clause {finding.clause}",
        due_on,
        holder.with_whom(finding.owner, finding.owner_group, policy),
    )
    return f"{FINDING_MARK[state]} {facts.named(finding)}\n{' · '.join(filter(None, said))}"


def row(one: InternalAudit | AuditFinding, policy: Policy, now: datetime | None) -> Block:
    text = line(one, now) if isinstance(one, InternalAudit) else line_of_finding(one, policy, now)
    return kit.section(text) | {"accessory": actions.more_button(RecordVersion.of(one))}


def _leading(one: InternalAudit | AuditFinding) -> Sequence[actions.Action]:
    """What its state suggests."""
    if isinstance(one, InternalAudit):
        return [AUDITS[verb] for verb in _AUDIT_LEADING.get(AuditState(one.state), ())]
    return [FINDINGS[verb] for verb in _FINDING_LEADING.get(FindingState(one.state), ())]


def waits(one: Waits, policy: Policy) -> Block:
    """In “Waiting for you”."""
    record: InternalAudit | AuditFinding = one.record
    leading = next(iter(_leading(record)), None)
    if record.state == FindingState.ANSWERED:
        leading = FINDINGS["close"]
    pressed = {"accessory": actions.button(leading, RecordVersion.of(record))} if leading else {}
    return row(record, policy, one.now) | pressed


def listing(
    query: Query, found: Sequence[InternalAudit | AuditFinding], total: int, size: int, policy: Policy, now: datetime
) -> Listing:
    name = "audit" if query.noun == "AUD" else "finding"
    return of_records(name, query, [row(one, policy, now) for one in found], total, size, are_open=name != "audit")


def _check(number: str, check: AuditCheck | None) -> str:
    if check is None:
        return f":white_circle: {number}: not checked yet"
    verdict = Verdict(check.verdict)
    mark = ":white_check_mark:" if verdict is Verdict.CONFORMS else ":mag_right:"
    return f"{mark} {number}: {verdict.label}. {kit.excerpt(check.words, 120)}"
