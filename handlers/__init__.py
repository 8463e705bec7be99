"""The doors to Slack. `register` wires every command, button, form and event to its listener."""

from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp

from handlers import changes, errors, home, incidents, turn
from handlers.commands import Listener
from storage.database import Database

ACTIONS: dict[str, Listener] = {**incidents.ACTIONS, **changes.ACTIONS}
SUBMISSIONS: dict[str, Listener] = {**incidents.SUBMISSIONS, **changes.SUBMISSIONS}
EVENTS: dict[str, Listener] = {**home.EVENTS}


def register(app: AsyncApp, database: Database, now: Callable[[], datetime]) -> None:
    app.middleware(turn.taker(database, now))
    app.error(errors.answer)
    for table in home.TABLES:
        app.command(table.command)(table.listener())
    for action_id, listener in ACTIONS.items():
        app.action(action_id)(listener)
    for form_id, listener in SUBMISSIONS.items():
        app.view(form_id)(listener)
    for event, listener in EVENTS.items():
        app.event(event)(listener)
