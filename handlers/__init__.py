"""The doors to Slack. `register` wires every command, button, form and event to its listener."""

from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers import (
    answers,
    change_collisions,
    changes,
    directory_events,
    errors,
    home,
    incident_reports,
    incidents,
    major_incidents,
    sla,
    turn,
)
from handlers.commands import Listener
from handlers.ids import Field, Form
from storage.database import Database

ACTIONS: dict[str, Listener] = {
    **incidents.ACTIONS,
    **major_incidents.ACTIONS,
    **changes.ACTIONS,
    **sla.ACTIONS,
    Field.SERVICE: answers.by_form(
        {Form.INCIDENT_REPORT: incident_reports.filling, Form.CHANGE_REQUEST: change_collisions.filling}
    ),
}
SUBMISSIONS: dict[str, Listener] = {
    **incidents.SUBMISSIONS,
    **major_incidents.SUBMISSIONS,
    **changes.SUBMISSIONS,
    **sla.SUBMISSIONS,
}
EVENTS: dict[str, Listener] = {**home.EVENTS, **directory_events.EVENTS, **major_incidents.EVENTS, **incidents.EVENTS}
SHORTCUTS: dict[str, Listener] = {**incidents.SHORTCUTS}
OPTIONS: dict[str, Listener] = {**incidents.OPTIONS}
"""What menus that search ask for while somebody types, by field."""


def register(
    app: AsyncApp, database: Database, reads: AsyncWebClient, now: Callable[[], datetime], public_url: str = ""
) -> None:
    app.middleware(turn.taker(database, reads, now, public_url))
    app.error(errors.answer)
    for table in home.TABLES:
        app.command(table.command)(table.listener())
    for action_id, listener in ACTIONS.items():
        app.action(action_id)(listener)
    for form_id, listener in SUBMISSIONS.items():
        app.view(form_id)(listener)
    for event, listener in EVENTS.items():
        app.event(event)(listener)
    for shortcut_id, listener in SHORTCUTS.items():
        app.shortcut(shortcut_id)(listener)
    for field, listener in OPTIONS.items():
        app.options(field)(listener)
