"""Actions, as the gallery shows them."""

from collections.abc import Mapping
from datetime import UTC, date

from bot.rules.action.flow import ActionKind, ActionState
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.usecases.action.lists import Digest
from bot.usecases.action.waiting import Why
from handlers.action import listeners
from handlers.action.actions import ACTIONS
from handlers.action.views import card as views
from handlers.blocks import kit
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.ids import Form
from handlers.records.paging import Query
from handlers.records.standard_actions.promises import ASKS
from handlers.records.typed_values import Shown
from storage.tables import ActionItem

TODAY = date(2026, 3, 2)


def sample(
    state: ActionState, words: Mapping[str, str], due: str = "2026-03-06", owner: str | None = AGENT
) -> ActionItem:
    return ActionItem(
        number=3, state=state, title=words.get("title", "Restart the gateway nightly"), kind=ActionKind.PREVENT,
        verification=words.get("comment", "The graph of memory stays flat for a week"), parent="INC-1", owner=owner,
        owner_group="service-desk", due_on=due, planned_on=due, raised_by=APPROVER, raised_at=AT, moved_at=AT,
        moved_by=AGENT, extensions=2, repeats="FREQ=MONTHLY", private=owner is None,
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: sample(state, words) for state in ActionState}
    first, comment = known[ActionState.OPEN], words.get("comment", "It takes longer")
    late = [sample(ActionState.DOING, words, "2026-02-27"), first, sample(ActionState.OPEN, words, "2026-03-02", None)]
    digest = views.digest(Digest(TODAY, late * 5, late * 5), policy)
    facts = [
        Fact(kind, "ACT-3", by, AT, 1, _data(kind), {"comment": comment})
        for kind, by in ((FactKind.ACTION_DONE, AGENT), (FactKind.ACTION_ASSIGNED, SYSTEM))
    ]
    shown = {verb: Shown(first, policy, AGENT, AT, UTC) for verb in ACTIONS}
    new = [ask.drawn(Shown(words.get("title", ""), policy, AGENT, AT)) for ask in ASKS]
    return {
        **{f"action, {state}": said(views.card(one, policy, ["INC-1", "CHG-2"])) for state, one in known.items()},
        "action, given": said(views.given(first, policy, [])),
        "action list": said(views.listing(Query(Noun.ACTION), list(known.values()), 40, 15, TODAY, policy).message()),
        "action list, empty": said(views.listing(Query(Noun.ACTION, "late"), [], 0, 15, TODAY, policy).message()),
        "action digest": said(digest) if digest else {},
        **{f"action news, {fact.kind}": said(views.news(known[ActionState.DONE], fact)) for fact in facts},
        "action news, open": said(views.news(late[2], facts[1])),
        "action form, new": kit.form(Form.ACTION_RAISE, "New action", "Add", new),
        **listeners.KIND.previews(shown, first),
    }


def _data(kind: FactKind) -> dict[str, str]:
    return {"assignee": "", "group": "service-desk", "left": APPROVER} if kind is FactKind.ACTION_ASSIGNED else {}


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(ActionState.OPEN, words), why, more=TODAY) for why in Why]
