"""App Home, and `/desk`: where a person looks first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.record import notices
from bot.rules.record.text import shorten
from bot.rules.record.waiting import VOTE
from bot.usecases.policy import in_force
from bot.usecases.records.waiting import waiting
from bot.usecases.report import management_dashboard
from handlers import nouns
from handlers.approval.views import messages as approval_views
from handlers.blocks import help_screen, kit
from handlers.blocks.kit import Message
from handlers.ids import Action, Command, Event
from handlers.records import replies
from handlers.records.commands import Asked, Listener, Verb, anything, word
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from storage.delivery import home_visits, outbox


async def opened(ack: AsyncAck, event: dict[str, Any], turn: RequestContext) -> None:
    """The tab is drawn by the relay, fresh; and from now on at each change."""
    if event.get("tab", "home") == "home":
        async with turn.begin() as tx:
            await home_visits.record(tx, turn.person, turn.now)
            await management_dashboard.look(tx, turn.person, turn.now)
            await outbox.put(tx, notices.home(turn.person), turn.now)
    await ack()


async def first(asked: Asked) -> Message:
    """`/desk`: what this person needs; all of it is behind a button."""
    async with asked.turn.read() as tx:
        shown = [(await one.shown_to(tx, asked.turn.person), one.first) for one in TABLES]
    return help_screen.short(shown)


async def everything_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    async with turn.read() as tx:
        view = help_screen.everything([await one.shown_to(tx, turn.person) for one in TABLES])
    await replies.show_view(client, body, view)
    await ack()


async def show_to_approve(asked: Asked) -> None:
    """All that waits for this person's vote, whatever it is."""
    turn, drawn = asked.turn, nouns.waiting_rows()
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        votes = [one for one in await waiting(tx, turn.person, turn.now) if one.why == VOTE]
        rows = [drawn[one.record.noun](one, policy) for one in votes]
    await replies.say(asked.ack, approval_views.waiting(rows))


def _with_approvals(table: Table) -> Table:
    """The commands of what is put to approval have the one list."""
    if table.command not in (Command.CHANGE, Command.REQUEST):
        return table
    first_verb, *rest = table.own
    return replace(table, own=[first_verb, APPROVALS, *rest])


def tables() -> Sequence[Table]:
    return TABLES


APPROVALS = Verb("approvals", "all that waits for your vote", show_to_approve, word("approvals"))


def _with_first(table: Table) -> Table:
    """`/desk` alone shows what one needs first, whatever else it is typed with."""
    if table.command is not Command.DESK:
        return table
    own = [*table.own[:-1], Verb("", "every command on one screen", show_first, anything)]
    return replace(table, own=own, screen=first)


async def show_first(asked: Asked) -> None:
    """What one needs first; and, where something else was typed, that it is no command of the desk."""
    message, typed = await first(asked), asked.text.split()
    if typed:
        other = next((one.command for one in TABLES if one.command == f"/{typed[0].lower()}"), "")
        said = f"There is no `/desk {kit.esc(shorten(typed[0], 40))}`." + (f" `{other}` is a command." if other else "")
        message = replace(message, blocks=[kit.section(said), *message.blocks])
    await replies.say(asked.ack, message)


TABLES = tuple(sorted(
    map(_with_first, map(_with_approvals, nouns.tables(tables))), key=lambda one: one.command is Command.DESK
))  # fmt: skip
EVENTS: dict[str, Listener] = {Event.APP_HOME_OPENED: opened}
ACTIONS: dict[str, Listener] = {Action.HELP_ALL: everything_clicked}
