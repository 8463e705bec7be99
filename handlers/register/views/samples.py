"""Registers and their entries, as the gallery shows them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.rules.approval.voting import CaseState, Question, Stage
from bot.rules.form.evaluation import begun, evaluate
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.record.waiting import Waits
from bot.rules.register.flow import EntryState
from bot.rules.request.policy import known
from bot.usecases.approval.asking import Poll
from bot.usecases.register.kind import Why
from handlers.approval.views import of_records
from handlers.blocks import facts
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from handlers.register import listeners
from handlers.register.actions import ACTIONS, Stages
from handlers.register.views import card as views
from handlers.register.views.card import Draft, Sheet
from storage.tables import Approval, ApprovalCase, RegisterEntry


def sample(state: EntryState, words: Mapping[str, str]) -> RegisterEntry:
    comment = words.get("comment", "One gateway serves all")
    asked = {"id": "what", "asks": "What could happen?", "type": "long text", "answer": comment, "said": comment}
    return RegisterEntry(
        number=7, state=state, register_key="risk", stage="identified", title=words.get("title", "No spare gateway"),
        answers=json.dumps([asked, asked | {"id": "more"}]), score=12.0, owner=AGENT, owner_group="change-managers",
        review_on=str((AT + timedelta(days=182)).date()), accepted_by=APPROVER,
        accepted_until=str((AT + timedelta(days=90)).date()), made_by=AGENT, made_at=AT, moved_at=AT, moved_by=AGENT,
    )  # fmt: skip


def sheet(entry: RegisterEntry, policy: Policy) -> Sheet:
    return Sheet(entry, policy.registers.get("risk"), policy, ["ACT-1"], Poll(None, [], [], Question(1, {}, ()), []))


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    found = {state: sample(state, words) for state in EntryState}
    first = found[EntryState.OPEN]
    seen, registers = RecordVersion.of(first), policy.registers
    shown = {verb: Shown(first, policy, AGENT, AT, ZoneInfo("UTC")) for verb in ACTIONS}
    moves = sample(EntryState.OPEN, words)
    moves.asked_stage, moves.asked_by, moves.leave_by = "in treatment", AGENT, AT + timedelta(days=14)
    shown |= {verb: Shown(moves, policy, APPROVER, AT) for verb in ("vote", "approve-if", "reject", "unvote")}
    stages = (Stage("Change managers", (APPROVER,), 1, veto=True),)
    case = ApprovalCase(subject="REG-7", revision=1, policy="cab", state=CaseState.OPEN, barred="", asked_at=AT,
                        needed_at=AT, due_at=AT + timedelta(days=5), stage=1)  # fmt: skip
    voted = replace(sheet(moves, policy), poll=Poll(case, [], [], Question(1, {}, stages), []))
    seat = Approval(
        subject="REG-7", revision=1, stage=1, approver=APPROVER, asked_at=AT, vote="approve", voted_by=APPROVER
    )
    given = Poll(case, [], [seat], Question(1, {}, stages), [])
    over = Poll(case.model_copy(update={"state": CaseState.DECIDED}), [], [], Question(1, {}, stages), [])
    shown["move"] = Shown(first, policy, AGENT, AT, Stages(("identified", "closed"), ("closed",)))
    forms = {
        f"register form, {key}": views.form(
            one, Draft(key, str(seen) if at else ""), evaluate(one.questions, begun(one.questions, {}),
            known(policy.services)), {}, policy, words.get("title", ""),
        )
        for at, (key, one) in enumerate(registers.items())
    }  # fmt: skip
    return {
        **forms,
        **{f"register entry, {state}": said(views.card(sheet(one, policy))) for state, one in found.items()},
        "register entry, to be moved": said(views.card(voted)),
        "register vote": said(of_records.vote(views.asked(voted), APPROVER, 1)),
        "register vote, given": said(of_records.vote(views.asked(replace(voted, poll=given)), APPROVER, 1)),
        "register vote, over": said(of_records.vote(views.asked(replace(voted, poll=over)), APPROVER, 1)),
        "register vote, reminder": said(of_records.reminder(views.asked(voted), APPROVER)),
        "register vote, told": said(facts.told(moves, "a vote was taken back.")),
        "registers": said(views.registers(registers, {"risk": 3})),
        "registers, none": said(views.registers({}, {})),
        "register list": said(views.listing(Query(Noun.ENTRY), list(found.values()), 40, 15, policy, AT).message()),
        "register list, empty": said(views.listing(Query(Noun.ENTRY, "late"), [], 0, 15, policy, AT).message()),
        **listeners.KIND.previews(shown, first),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(EntryState.OPEN, words), why) for why in Why]
