"""Audits and findings, as the gallery shows them."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.rules.audit.checks import Verdict
from bot.rules.audit.flow import AuditState, AuditStep, FindingKind, FindingState, FindingStep
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.usecases.audit.kind import Why
from handlers.audit import listeners
from handlers.audit.actions import AUDITS, FINDINGS
from handlers.audit.views import card as views
from handlers.audit.views.card import Sheet
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from storage.tables import AuditCheck, AuditFinding, AuditSample, InternalAudit


def sample(state: AuditState, words: Mapping[str, str]) -> InternalAudit:
    return InternalAudit(
        number=3, state=state, title=words.get("title", "Resolution processes"), clauses="8.6.1 8.6.2 8.6.3",
        criteria=words.get("comment", "DOC-2"), auditor=APPROVER, planned_on=str((AT + timedelta(days=9)).date()),
        summary=words.get("comment", "Sound as a whole") if state is AuditState.REPORTED else "",
        planned_by=AGENT, planned_at=AT, moved_at=AT, moved_by=AGENT,
    )  # fmt: skip


def finding(state: FindingState, words: Mapping[str, str]) -> AuditFinding:
    comment = words.get("comment", "Two of 25 were not classified")
    return AuditFinding(
        number=4, state=state, title=words.get("title", comment), kind=FindingKind.MINOR, audit="AUD-3",
        clause="8.6.1", evidence="INC-1 INC-2", owner=AGENT, owner_group="change-managers",
        due_on=str((AT + timedelta(days=14)).date()), raised_by=APPROVER, raised_at=AT, moved_at=AT, moved_by=APPROVER,
        cause="" if state is FindingState.OPEN else comment, correction=comment,
        effect=comment if state is FindingState.CLOSED else "",
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    audits = {state: sample(state, words) for state in AuditState}
    found = {state: finding(state, words) for state in FindingState}
    first, one = audits[AuditState.PLANNED], found[FindingState.OPEN]
    comment = words.get("comment", "It takes longer")
    checks = {
        "8.6.1": AuditCheck(audit=3, clause="8.6.1", verdict=Verdict.MINOR, words=comment, by=APPROVER, at=AT),
        "8.6.2": AuditCheck(audit=3, clause="8.6.2", verdict=Verdict.CONFORMS, words=comment, by=APPROVER, at=AT),
    }
    drawn_ = AuditSample(
        audit=3, number=1, population="incidents", period="2026-Q1", size=25, word=comment, seed="s",
        population_hash="p", refs=" ".join(f"INC-{n}" for n in range(1, 26)), at=AT,
    )  # fmt: skip
    shown = {**{verb: Shown(first, policy, AGENT, AT, ZoneInfo("UTC")) for verb in AUDITS}}
    of_finding = {verb: Shown(one, policy, AGENT, AT, ZoneInfo("UTC")) for verb in FINDINGS}
    fact = Fact(FactKind.AUDIT_REPORTED, "AUD-3", APPROVER, AT, 1, {"findings": 1}, {"comment": comment})
    raised = Fact(FactKind.FINDING_RAISED, "FND-4", APPROVER, AT, 1, {"clause": "8.6.1", "due_on": "2026-03-16"},
                  {"comment": comment})  # fmt: skip
    sheets = {
        state: Sheet(each, policy, checks, list(found.values()), [drawn_], ["ACT-1"]) for state, each in audits.items()
    }
    return {
        **{f"audit, {state}": said(views.card(each)) for state, each in sheets.items()},
        **{f"finding, {state}": said(views.finding_card(each, policy, ["ACT-1"])) for state, each in found.items()},
        "audit due": said(views.due(first)),
        "audit due no more": said(views.due(audits[AuditState.CANCELLED])),
        "finding due": said(views.due(one)),
        "finding due no more": said(views.due(found[FindingState.CLOSED])),
        "audit news": said(views.news(first, fact, set(AuditStep))),
        "finding news": said(views.news(one, raised, set(FindingStep))),
        "audit list": said(views.listing(Query(Noun.AUDIT), list(audits.values()), 40, 15, policy, AT).message()),
        "audit list, empty": said(views.listing(Query(Noun.AUDIT, "late"), [], 0, 15, policy, AT).message()),
        "finding list": said(views.listing(Query(Noun.FINDING), list(found.values()), 40, 15, policy, AT).message()),
        "audit, plan": views.plan_form(words.get("title", "")),
        **listeners.AUDIT.previews(shown, first),
        **listeners.FINDING.previews(of_finding, one),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(AuditState.PLANNED, words), Why.AUDIT), Waits(finding(FindingState.OPEN, words), Why.ANSWER)]
