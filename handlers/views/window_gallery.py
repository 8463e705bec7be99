"""Sample windows and collisions, drawn every way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.desk.windows import Shown
from bot.rules.change_flow import ChangeState
from bot.rules.collisions import Collision, CollisionKind, Meeting
from bot.rules.freeze import WindowKind
from bot.rules.policy import Policy
from handlers.views import approvals, change_forms, change_gallery, changes, collisions, windows
from handlers.views.samples import APPROVER, AT, REQUESTER, Drawn, said
from storage.tables import ChangeWindow
from storage.windows import value

HOUR = timedelta(hours=1)


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    hard, lifted = shown(policy, words), shown(policy, words, lifted=True)
    soft = shown(policy, words, hard=False, rrule="FREQ=MONTHLY")
    kept = shown(policy, words, kind=WindowKind.MAINTENANCE, services="", rrule="FREQ=WEEKLY;BYDAY=SA,SU")
    change = change_gallery.sample(ChangeState.SCHEDULED, policy, words)
    on_hold = change.model_copy(update={"held_by": hard.row.number})
    waiting = change_gallery.sample(ChangeState.AUTHORISE, policy, words)
    sheet = change_gallery.sheet(change, policy, words)
    full = replace(sheet, collisions=_collisions(words))
    stopped = replace(full, change=on_hold, held_by=hard.window)
    vote = approvals.reminder(change_gallery.sheet(waiting, policy, words)).blocks
    form = change_forms.edit_form(policy, waiting)
    return {
        "window card": said(windows.card(hard)),
        "window card, soft": said(windows.card(soft)),
        "window card, maintenance": said(windows.card(kept)),
        "window card, lifted": said(windows.card(lifted)),
        "window list": said(windows.listing([hard, soft, kept] * 6, manages=True)),
        "window list, for others": said(windows.listing([hard, soft, kept], manages=False)),
        "window list, empty": said(windows.listing([], manages=True)),
        "window form": windows.window_form(policy, AT, "Europe/London"),
        "window lifting form": windows.lifting_form(hard.row, hard.window),
        "change held": said(windows.held(on_hold, hard, None)),
        "change held, by another now": said(windows.held(on_hold, hard, soft.window)),
        "change in a soft freeze": said(windows.held(change, soft, None)),
        "change released": said(windows.released(change, lifted, [])),
        "change released, to vote on": said(windows.released(waiting, lifted, vote)),
        "change card, collisions": said(changes.card(full)),
        "change card, held": said(changes.card(stopped)),
        "change form, collisions": collisions.on_form(form, _collisions(words), policy),
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
    held = [change_gallery.sample(ChangeState.SCHEDULED, policy, words)] * 12
    return Shown(row, value(row), (AT, AT + 8 * HOUR), [] if lifted else held, policy)


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
