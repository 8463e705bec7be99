"""What Slack sends. `register` wires every command, button, form and event to its listener."""

from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from handlers import add_message, home, mentions, offered
from handlers.change import conflicts as change_conflicts
from handlers.change_window import listeners as change_window_listeners
from handlers.ids import Action, Event, Field, Form
from handlers.incident import report_form
from handlers.nouns import gathered
from handlers.records import paging, replies, suggestion_buttons
from handlers.records.commands import Listener
from handlers.records.standard_actions import reading
from handlers.request import context, errors, linked
from handlers.request.app import Door
from handlers.request.dispatch import Routes
from handlers.request.linked import Workspace
from storage.db.database import Database


async def opened(ack: AsyncAck) -> None:
    """Slack tells of a button that is a link, too; the link has done it all."""
    await ack()


ACTIONS: dict[str, Listener] = {
    **gathered(lambda noun: noun.actions),
    **home.ACTIONS,
    Action.OPEN_CARD: opened,
    **suggestion_buttons.listeners(home.TABLES),
    **paging.listeners(gathered(lambda noun: noun.lists)),
    **reading.listeners(gathered(lambda noun: noun.reads)),
    **dict.fromkeys(
        (Field.STARTS_AT, Field.ENDS_AT),
        replies.by_form(
            {
                **dict.fromkeys(change_conflicts.FORMS, change_conflicts.filling),
                Form.CHANGE_WINDOW: change_window_listeners.filling,
            }
        ),
    ),
    Field.SERVICE: replies.by_form(
        {Form.INCIDENT_REPORT: report_form.filling, Form.CHANGE_REQUEST: change_conflicts.filling}
    ),
}
SUBMISSIONS: dict[str, Listener] = {**gathered(lambda noun: noun.submissions), **add_message.SUBMISSIONS}
EVENTS: dict[str, Listener] = {
    **gathered(lambda noun: noun.events),
    **home.EVENTS,
    Event.APP_MENTION: mentions.listener(home.TABLES),
    Event.MESSAGE: mentions.messages(home.TABLES),
}
SHORTCUTS: dict[str, Listener] = {**gathered(lambda noun: noun.shortcuts), **add_message.SHORTCUTS}
OPTIONS = gathered(lambda noun: noun.options)
"""What menus that search ask for while somebody types, by field."""
ROUTES = Routes(
    commands={table.command: table.listener() for table in home.TABLES},
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    events=EVENTS,
    shortcuts=SHORTCUTS,
    options=OPTIONS,
)


def register(
    door: Door,
    database: Database,
    reads: AsyncWebClient,
    now: Callable[[], datetime],
    public_url: str,
    workspace: Workspace,
) -> None:
    door.middleware(linked.Turns(context.taker(database, reads, now, public_url), workspace, offered))
    door.error(errors.answer)
    ROUTES.register(door)
