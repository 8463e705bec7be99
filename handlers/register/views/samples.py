"""Registers and their entries, as the gallery shows them."""

import json
from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.rules.form.evaluation import begun, evaluate
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.rules.register.flow import EntryState
from bot.rules.request.policy import known
from bot.usecases.register.kind import Why
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from handlers.register import listeners
from handlers.register.actions import ACTIONS
from handlers.register.views import card as views
from handlers.register.views.card import Draft
from storage.tables import RegisterEntry


def sample(state: EntryState, words: Mapping[str, str]) -> RegisterEntry:
    comment = words.get("comment", "One gateway serves all")
    asked = {"id": "what", "asks": "What could happen?", "type": "long text", "answer": comment, "said": comment}
    return RegisterEntry(
        number=7, state=state, register_key="risk", stage="identified", title=words.get("title", "No spare gateway"),
        answers=json.dumps([asked, asked | {"id": "more"}]), score=12.0, owner=AGENT, owner_group="change-managers",
        review_on=str((AT + timedelta(days=182)).date()), accepted_by=APPROVER,
        accepted_until=str((AT + timedelta(days=90)).date()), made_by=AGENT, made_at=AT, moved_at=AT, moved_by=AGENT,
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    found = {state: sample(state, words) for state in EntryState}
    first = found[EntryState.OPEN]
    seen, registers = views.seen_of(first), policy.registers
    shown = {verb: Shown(first, policy, AGENT, AT, ZoneInfo("UTC")) for verb in ACTIONS}
    shown["move"] = Shown(first, policy, AGENT, AT, ("identified", "closed"))
    forms = {
        f"register form, {key}": views.form(
            one, Draft(key, str(seen) if at else ""), evaluate(one.questions, begun(one.questions, {}),
            known(policy.services)), {}, policy, words.get("title", ""),
        )
        for at, (key, one) in enumerate(registers.items())
    }  # fmt: skip
    return {
        **forms,
        **{
            f"register entry, {state}": said(views.card(one, registers.get("risk"), policy, ["ACT-1"]))
            for state, one in found.items()
        },
        "registers": said(views.registers(registers, {"risk": 3})),
        "registers, none": said(views.registers({}, {})),
        "register list": said(views.listing(Query(Noun.ENTRY), list(found.values()), 40, 15, policy).message()),
        "register list, empty": said(views.listing(Query(Noun.ENTRY, "late"), [], 0, 15, policy).message()),
        **listeners.KIND.previews(shown, first),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(EntryState.OPEN, words), Why.REVIEW)]
