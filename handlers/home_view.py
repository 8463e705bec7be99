"""App Home: what waits for me, what I opened."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import MOST as MOST_WAITING
from bot.rules.record.waiting import VOTE, Waits
from bot.usecases.home import MOST, Home, HomeSection
from handlers.blocks import kit
from handlers.blocks.kit import Block, HomeView
from handlers.calendar.views import agenda as calendar_agenda
from handlers.change.views import card as change_card
from handlers.change.views import standard_changes as change_standard_changes
from handlers.ids import Action
from handlers.incident.views import waiting
from handlers.incident.views.lists import row
from handlers.on_call.views import lists as on_call_lists
from handlers.records.paging import Query
from handlers.report.views import management_dashboard

Rows: TypeAlias = Mapping[Noun, Callable[[Waits, Policy], Block]]
Lines: TypeAlias = Mapping[Noun, Callable[[Any, Policy, datetime], Block]]
FILTERS = {
    HomeSection.MINE: (Action.LIST_MINE, "Mine"),
    HomeSection.UNASSIGNED: (Action.LIST_UNASSIGNED, "Unassigned"),
    HomeSection.LATE: (Action.LIST_LATE, "Late"),
    HomeSection.ALL: (Action.LIST_QUEUE, "All"),
}


def home(seen: Home, rows: Rows, lines: Lines) -> HomeView:
    """The Home tab; by noun, `rows` draw what waits and `lines` what is listed.

    MOST records a list keep it under Slack's 100 blocks.
    """
    blocks = [
        kit.actions(
            kit.button(Action.REPORT_INCIDENT, "Report an incident", style="primary"),
            kit.button(Action.OPEN_CATALOGUE, "Ask for something"),
            kit.button(Action.RAISE_CHANGE, "Ask for a change"),
        ),
        *on_call_lists.on_home(seen.on_call),
        kit.header("Waiting for you"),
        *_waiting(seen, rows),
        *management_dashboard.on_home(seen.dashboard),
        *_queue(seen),
        kit.divider(),
        kit.header("Opened by you"),
        *_opened(seen, lines),
        kit.divider(),
        *calendar_agenda.on_home(seen.picture, seen.week),
    ]
    return HomeView({"type": "home", "blocks": blocks})


def _waiting(seen: Home, rows: Rows) -> list[Block]:
    blocks = [kit.section(change_standard_changes.debt(one, seen.policy)) for one in seen.owed[:MOST]]
    blocks += on_call_lists.asked_for(seen.exchanges)
    votes = [one for one in seen.waits if one.why == VOTE]
    rest = [one for one in seen.waits if one.why != VOTE]
    blocks += [rows[one.record.noun](one, seen.policy) for one in votes[:MOST]]
    if len(votes) > MOST:
        blocks.append(kit.context("More wait for your vote; `/change approvals` shows all."))
    blocks += [rows[one.record.noun](one, seen.policy) for one in rest[:MOST_WAITING]]
    if len(rest) > MOST_WAITING:
        left_out = len(rest) - MOST_WAITING
        blocks.append(kit.context(f"{left_out} more wait; `/incident list mine` and `/change list mine` show all."))
    return blocks or [kit.section(":sparkles: Nothing waits for you.")]


def _queue(seen: Home) -> list[Block]:
    """The desk's list, once: what waits for the reader stands above. Its filters open it, a page at a time."""
    if not seen.counts:
        return []
    filters = [
        kit.button(action, f"{label} ({seen.counts[section]})", _query(section))
        for section, (action, label) in FILTERS.items()
    ]
    rows = [row(one, seen.queue.due.get(one.number), seen.policy, waiting.next_step(one)) for one in seen.queue.shown]
    requests = kit.button(Action.LIST_ALL, "Requests", Query(Noun.REQUEST, "group"))
    return [kit.divider(), kit.header("The desk's incidents"), kit.actions(*filters, requests), *rows]


def _opened(seen: Home, lines: Lines) -> list[Block]:
    blocks = [row(one, seen.reported.due.get(one.number), seen.policy) for one in seen.reported.shown]
    if seen.reported.total > len(blocks):
        everything = kit.button(Action.LIST_ALL, f"All {seen.reported.total}", _query(HomeSection.REPORTED))
        blocks.append(kit.actions(everything))
    blocks += [
        kit.section(change_card.line(one, seen.cases.get(one.number), seen.policy)) for one in seen.my_changes[:MOST]
    ]
    blocks += _more(seen.my_changes, "`/change list mine` shows all")
    blocks += [lines[one.noun](one, seen.policy, seen.now) for one in seen.opened[:MOST]]
    blocks += _more(seen.opened, "`/request list mine` and `/problem list` show all")
    return blocks or [kit.section("Nothing else of yours is open.")]


def _query(section: HomeSection) -> Query:
    return Query(Noun.INCIDENT, section, 0, by_deadline=True)


def _more(listed: Sequence[object], where: str) -> list[Block]:
    return [kit.context(f"There are more; {where}.")] if len(listed) > MOST else []
