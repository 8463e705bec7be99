"""Every view that Deskbell draws, with samples in it: `deskbell preview` prints them, tests hold them to the limits."""

from collections.abc import Sequence

from bot.desk.home import Home, Listed, Shelf
from bot.desk.stand_ins import Waiting
from bot.rules.change_calendar import Look, Span
from bot.rules.change_flow import ChangeState
from bot.rules.policy import Policy
from handlers.views import (
    audit_gallery,
    cab_gallery,
    change_calendar_gallery,
    change_gallery,
    help_screen,
    home,
    incident_gallery,
    kit,
    lanes_gallery,
    major_gallery,
    sla_gallery,
    window_gallery,
)
from handlers.views.samples import AT, Drawn, said


def gallery(policy: Policy, tables: Sequence[help_screen.CommandTable], **words: str) -> dict[str, Drawn]:
    """By name. `words` fill the records' texts: the tests make them long and hostile."""
    change = change_gallery.sample(ChangeState.AUTHORISE, policy, words)
    week = Look.at(AT.date())
    shown = change_calendar_gallery.picture(change_calendar_gallery.page(policy, words, Span.WEEK))
    crowd = Home(
        policy,
        [Waiting(change)] * 11,
        [change] * 2,
        [change] * 11,
        incident_gallery.shelves(policy, words),
        week,
        shown,
    )
    nothing = Home(policy, [], [], [], {Shelf.REPORTED: Listed([], 0)}, week)
    return {
        **incident_gallery.drawn(policy, words),
        **major_gallery.drawn(policy, words),
        **sla_gallery.drawn(policy, words),
        **change_gallery.drawn(policy, words),
        **audit_gallery.drawn(),
        **change_calendar_gallery.drawn(policy, words),
        **window_gallery.drawn(policy, words),
        **cab_gallery.drawn(policy, words),
        **lanes_gallery.drawn(),
        "home": home.home(crowd).view,
        "home, empty": home.home(nothing).view,
        "help": said(help_screen.of(tables)),
        "note": kit.note_view("Not done", "INC-1 was already resolved by agent."),
    }
