"""App Home: what waits for me, what I opened."""

from collections.abc import Sequence

from bot.desk.home import MOST, Home, Listed, Shelf
from bot.rules.policy import Policy
from handlers.ids import Action
from handlers.views import approvals, change_calendar, change_templates, changes, kit
from handlers.views.incident_lists import Query, row
from handlers.views.kit import Block, HomeView

TITLES = {
    Shelf.BREACHING: ":hourglass_flowing_sand: Due within the hour, or late",
    Shelf.MINE: "Assigned to you",
    Shelf.UNASSIGNED: "With nobody yet",
    Shelf.QUEUE: "The queue, by deadline",
}


def home(seen: Home) -> HomeView:
    """The Home tab. MOST records a list keep it under Slack's 100 blocks."""
    blocks = [
        kit.actions(
            kit.button(Action.REPORT_INCIDENT, "Report an incident", style="primary"),
            kit.button(Action.RAISE_CHANGE, "Ask for a change"),
        ),
        kit.header("Waiting for you"),
        *_waiting(seen),
        kit.divider(),
        kit.header("Opened by you"),
        *_opened(seen),
        kit.divider(),
        *change_calendar.on_home(seen.picture, seen.week),
    ]
    return HomeView({"type": "home", "blocks": blocks})


def _waiting(seen: Home) -> list[Block]:
    blocks = [kit.section(change_templates.debt(one, seen.policy)) for one in seen.owed[:MOST]]
    blocks += approvals.lines(seen.to_approve[:MOST], seen.policy)
    blocks += _more(seen.to_approve, "`/change approvals` shows all")
    for shelf, title in TITLES.items():
        listed = seen.shelves.get(shelf)
        if listed is not None and listed.shown:
            blocks += [kit.section(f"*{title}* ({listed.total})"), *_shelf(shelf, listed, seen.policy)]
    return blocks or [kit.section(":sparkles: Nothing waits for you.")]


def _opened(seen: Home) -> list[Block]:
    blocks = _shelf(Shelf.REPORTED, seen.shelves[Shelf.REPORTED], seen.policy)
    blocks += [kit.section(changes.line(one, seen.policy)) for one in seen.my_changes[:MOST]]
    blocks += _more(seen.my_changes, "older ones: `/change CHG-n`")
    return blocks or [kit.section("Nothing is open. Report an incident or ask for a change above.")]


def _shelf(shelf: Shelf, listed: Listed, policy: Policy) -> list[Block]:
    blocks = [row(one, listed.due.get(one.number), policy) for one in listed.shown]
    if listed.total <= len(listed.shown):
        return blocks
    everything = kit.button(Action.LIST_ALL, f"All {listed.total}", Query(shelf, 0, by_deadline=True))
    return [*blocks, kit.actions(everything)]


def _more(listed: Sequence[object], where: str) -> list[Block]:
    return [kit.context(f"There are more; {where}.")] if len(listed) > MOST else []
