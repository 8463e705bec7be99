"""Incidents in Slack: all listeners, gathered from their modules."""

from bot.rules.incident import list_filter
from bot.rules.record.refs import Noun
from bot.usecases.incident import permissions
from handlers.ids import Command
from handlers.incident import card_selects, lists, messages, report_form
from handlers.incident import verbs as incident_verbs
from handlers.records import listeners, verbs
from handlers.records.commands import Listener, Verb
from handlers.records.registration import Registration
from handlers.records.tables import Table

COMMANDS = Table(
    Command.INCIDENT,
    "Incidents: something is broken or slow",
    noun=Noun.INCIDENT,
    looks_at_others=True,
    own=[
        *lists.VERBS,
        verbs.shown(incident_verbs.KIND, "one incident and where it stands"),
        *verbs.verbs(incident_verbs.KIND),
        Verb(
            "[summary]",
            "report one: a form opens with your words in it",
            report_form.report,
            lambda typed: typed.lower() != "help",
        ),
    ],
    staff=permissions.works,
    first=("[summary]", "list", "ack", "resolve", "update"),
    lists_by=list_filter.is_nothing_else,
    own_words="No, report it",
    opens=True,
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(incident_verbs.KIND),
    **report_form.ACTIONS,
    **card_selects.ACTIONS,
}
SUBMISSIONS: dict[str, Listener] = {**listeners.submissions(incident_verbs.KIND), **report_form.SUBMISSIONS}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=incident_verbs.KIND,
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    shortcuts=report_form.SHORTCUTS,
    reads={Noun.INCIDENT: incident_verbs.reading},
    lists={Noun.INCIDENT: lists.listing},
    renderers=messages.RENDERERS,
)
