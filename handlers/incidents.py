"""Incidents in Slack: every door, gathered from the modules that keep them."""

from bot.rules.refs import Noun
from handlers import (
    change_links,
    incident_endings,
    incident_forms,
    incident_lists,
    incident_mentions,
    incident_reports,
    incident_verbs,
    major_incidents,
    sla,
)
from handlers.commands import Listener, Table, Verb
from handlers.ids import Command

COMMANDS = Table(
    Command.INCIDENT,
    "Incidents: something is broken or slow",
    noun=Noun.INCIDENT,
    own=[
        *incident_lists.VERBS,
        *incident_verbs.verbs(),
        *major_incidents.VERBS,
        sla.WHY,
        Verb(
            "[summary]",
            "report one: a form opens with your words in it",
            incident_reports.report,
            lambda typed: typed.lower() != "help",
        ),
    ],
)
ACTIONS: dict[str, Listener] = {
    **incident_reports.ACTIONS,
    **incident_verbs.ACTIONS,
    **incident_lists.ACTIONS,
    **incident_endings.ACTIONS,
    **change_links.ACTIONS,
}
SUBMISSIONS: dict[str, Listener] = {**incident_reports.SUBMISSIONS, **incident_forms.SUBMISSIONS}
EVENTS: dict[str, Listener] = incident_mentions.EVENTS
SHORTCUTS: dict[str, Listener] = incident_reports.SHORTCUTS
OPTIONS: dict[str, Listener] = incident_reports.OPTIONS
