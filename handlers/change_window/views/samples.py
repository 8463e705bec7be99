"""Sample windows and collisions, drawn every way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.rules.change.flow import ChangeState, ChangeType
from bot.rules.change.policy import approval_for
from bot.rules.change.risk import assess
from bot.rules.change_window.conflicts import Collision, CollisionKind, Meeting
from bot.rules.change_window.windows import WindowKind, WindowSort
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun
from bot.usecases.change.assessment_preview import AssessmentPreview
from bot.usecases.change_window.windows import Shown
from handlers.approval.views import messages as approval_messages
from handlers.blocks.samples import APPROVER, AT, REQUESTER, Drawn, said
from handlers.change.views import card as change_card
from handlers.change.views import conflicts as change_conflicts
from handlers.change.views import request_form
from handlers.change.views import samples as change_samples
from handlers.change_window.views import card
from handlers.records.paging import Query
from storage.change_window.windows import value
from storage.tables import ChangeWindow

HOUR = timedelta(hours=1)


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    hard, lifted = shown(policy, words), shown(policy, words, lifted=True)
    soft = shown(policy, words, hard=False, rrule="FREQ=MONTHLY")
    kept = shown(policy, words, kind=WindowKind.MAINTENANCE, services="", rrule="FREQ=WEEKLY;BYDAY=SA,SU")
    change = change_samples.sample(ChangeState.SCHEDULED, policy, words)
    on_hold = change.model_copy(update={"held_by": hard.row.number})
    waiting = change_samples.sample(ChangeState.AUTHORISE, policy, words)
    sheet = change_samples.sheet(change, policy, words)
    full = replace(sheet, collisions=_collisions(words))
    stopped = replace(full, change=on_hold, held_by=hard.window)
    vote = approval_messages.still_waits(waiting)
    form = request_form.edit_form(policy, waiting, {})
    return {
        "window card": said(card.card(hard)),
        "window card, soft": said(card.card(soft)),
        "window card, maintenance": said(card.card(kept)),
        "window card, lifted": said(card.card(lifted)),
        "window list": said(card.listing(Query(Noun.WINDOW), [hard, soft, kept] * 6, manages=True).message()),
        "window list, for others": said(card.listing(Query(Noun.WINDOW), [hard, soft, kept], manages=False).message()),
        "window list, empty": said(card.listing(Query(Noun.WINDOW), [], manages=True).message()),
        "window form": card.window_form(policy, AT, "Europe/London"),
        "window lifting form": card.lifting_form(hard.row, hard.window),
        "change held": said(card.held(on_hold, hard, None, on_hold.requester)),
        "change held, by another now": said(card.held(on_hold, hard, soft.window)),
        "change in a soft freeze": said(card.held(change, soft, None)),
        "change released": said(card.released(change, lifted, [])),
        "change released, to vote on": said(card.released(waiting, lifted, vote)),
        "change card, collisions": said(change_card.card(full)),
        "change card, held": said(change_card.card(stopped)),
        "change form, collisions": change_conflicts.on_form(form, _collisions(words), policy, _outlook(policy)),
        "window form, with what it holds": card.catches(
            card.window_form(policy, AT, "Europe/London"), [waiting] * 7, WindowSort.HARD
        ),
    }


def shown(
    policy: Policy,
    words: Mapping[str, str],
    *,
    kind: WindowKind = WindowKind.FREEZE,
    hard: bool = True,
    services: str = "payroll vpn",
    rrule: str | None = None,
    lifted: bool = False,
) -> Shown:
    row = ChangeWindow(
        state="standing",
        number=3,
        kind=kind,
        hard=hard,
        services=services,
        title=words.get("title", "Year-end closing"),
        reason=words.get("why", "The books are closed."),
        starts_at=AT,
        ends_at=AT + 8 * HOUR,
        zone="Europe/London",
        rrule=rrule,
        made_by=APPROVER,
        made_at=AT,
        policy_version=1,
    )
    if lifted:
        row.lifted_by, row.lifted_at = REQUESTER, AT + HOUR
        row.lifted_why = words.get("comment", "The books are closed already.")
    held = [change_samples.sample(ChangeState.SCHEDULED, policy, words)] * 12
    return Shown(row, value(row), (AT, AT + 8 * HOUR), [] if lifted else held, policy)


def _outlook(policy: Policy) -> AssessmentPreview:
    told = assess(policy.risk, {"backout": 3}, "high")
    return AssessmentPreview(told, approval_for(policy.approvals, ChangeType.NORMAL, told.risk, "vpn")[1].rules, True)


def _collisions(words: Mapping[str, str]) -> list[Collision]:
    title, same, near = words.get("title", "Year-end closing"), Meeting("vpn", "vpn"), Meeting("vpn", "network")
    return [
        Collision(CollisionKind.FREEZE, "WIN-3", title, same, AT, AT + HOUR),
        Collision(CollisionKind.SOFT_FREEZE, "WIN-4", title, None, AT, AT + HOUR),
        Collision(CollisionKind.NEAR_FREEZE, "WIN-5", title, near, AT, AT + HOUR),
        Collision(CollisionKind.OUTSIDE, "", "", same),
        Collision(CollisionKind.MAJOR, "INC-2", title, near),
        *[Collision(CollisionKind.CHANGE, "CHG-8", title, same, AT, AT + HOUR)] * 3,
    ]
