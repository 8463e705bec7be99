"""The forms of what is done to an incident."""

from collections.abc import Sequence

from bot.rules.incident_flow import PendingOn
from bot.rules.policy import Policy
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.words import WORDS_MOST
from handlers.ids import Field, Form
from handlers.views import kit
from handlers.views.incident_report import labelled, service_menu
from handlers.views.incidents import ref_of, seen_of
from handlers.views.kit import Block, View
from storage.tables import Incident

_WAITS = {PendingOn.CUSTOMER: "The customer", PendingOn.VENDOR: "A vendor", PendingOn.CHANGE: "A change"}
FROM_MATRIX = "matrix"
"""Stands in the menu of priorities for what impact and urgency give."""


def resolution(incident: Incident, policy: Policy) -> View:
    codes = [kit.option(code, code) for code in policy.incidents.codes]
    blocks = [
        kit.ask(Field.CODE, "Resolution code", kit.select(codes, policy.incidents.codes[0])),
        _words(Field.RESOLUTION, "Resolution note", "What was wrong and what mended it; the reporter reads this"),
    ]
    return _form(Form.INCIDENT_RESOLUTION, incident, "Resolve", "Resolve", blocks)


def pending(incident: Incident, _policy: Policy) -> View:
    reasons = [kit.option(label, on) for on, label in _WAITS.items()]
    blocks = [
        kit.ask(Field.PENDING_ON, "Waiting for", kit.select(reasons, PendingOn.CUSTOMER)),
        _words(
            Field.COMMENT, "Reason", "What is missing; of the customer, the reporter is asked for it in these words"
        ),
    ]
    return _form(Form.INCIDENT_PENDING, incident, "Wait with", "Set pending", blocks)


def cancellation(incident: Incident, _policy: Policy) -> View:
    blocks = [_words(Field.COMMENT, "Reason", "Why it needs no fixing; those whom it concerns read this")]
    return _form(Form.INCIDENT_CANCELLATION, incident, "Cancel", "Cancel it", blocks)


def reopening(incident: Incident, _policy: Policy) -> View:
    blocks = [_words(Field.COMMENT, "Reason", "What is still wrong; the desk reads this")]
    return _form(Form.INCIDENT_REOPENING, incident, "Reopen", "Reopen", blocks)


def note(incident: Incident, _policy: Policy) -> View:
    blocks = [_words(Field.COMMENT, "Note", "For the desk alone: the reporter never sees it")]
    return _form(Form.INCIDENT_NOTE, incident, "Note on", "Keep", blocks)


def update(incident: Incident, _policy: Policy) -> View:
    blocks = [_words(Field.COMMENT, "Update", "The reporter and those affected get this as a direct message")]
    return _form(Form.INCIDENT_UPDATE, incident, "Update on", "Tell them", blocks)


def assignment(incident: Incident, policy: Policy) -> View:
    groups = [kit.option(group.title, key) for key, group in policy.groups.items()]
    blocks = [
        kit.ask(Field.PERSON, "Person", kit.people_input(incident.assignee), optional=True),
        kit.ask(Field.GROUP, "Or a group", kit.select(groups, incident.assigned_group), optional=True),
    ]
    return _form(Form.INCIDENT_ASSIGNMENT, incident, "Assign", "Assign", blocks)


def classing(incident: Incident, policy: Policy) -> View:
    blocks = [
        kit.ask(Field.IMPACT, "Impact", kit.select(labelled(Impact), incident.impact)),
        kit.ask(Field.URGENCY, "Urgency", kit.select(labelled(Urgency), incident.urgency)),
        kit.ask(Field.SERVICE, "Service", service_menu(policy, incident.service)),
    ]
    if incident.overridden:
        blocks.append(kit.context("The priority was set by hand and stays; *Set priority…* hands it back."))
    return _form(Form.INCIDENT_CLASS, incident, "Change", "Save", blocks)


def priority(incident: Incident, policy: Policy) -> View:
    given = policy.priority(Impact(incident.impact), Urgency(incident.urgency))
    options = [kit.option(one.label, one) for one in Priority]
    options.append(kit.option(f"As impact and urgency give it: {given.label}", FROM_MATRIX))
    blocks = [
        kit.ask(Field.PRIORITY, "Priority", kit.select(options, incident.priority)),
        _words(Field.COMMENT, "Reason", "Why it differs from what impact and urgency give"),
    ]
    return _form(Form.INCIDENT_PRIORITY, incident, "Priority of", "Set", blocks)


def link(incident: Incident, _policy: Policy) -> View:
    return _form(Form.INCIDENT_LINK, incident, "Link", "Link", [_reference("Another record", "Like INC-12 or CHG-3")])


def merger(incident: Incident, _policy: Policy) -> View:
    blocks = [_reference("The same as", "The incident that goes on, like INC-12; people of this one follow it")]
    return _form(Form.INCIDENT_MERGER, incident, "Merge", "Merge", blocks)


def sharing(incident: Incident, _policy: Policy) -> View:
    blocks = [kit.ask(Field.PERSON, "Person", kit.people_input(), hint="They will see all but the desk's notes")]
    return _form(Form.INCIDENT_SHARING, incident, "Show", "Let them see it", blocks)


def rating(incident: Incident, _policy: Policy) -> View:
    marks = ("1 · Poor", "2 · Fair", "3 · Good", "4 · Very good", "5 · Excellent")
    options = [kit.option(mark, mark[0]) for mark in marks]
    blocks = [
        kit.ask(Field.RATING, "How did it go?", kit.select(options)),
        kit.ask(Field.COMMENT, "Comment", kit.text_input(most=WORDS_MOST, lines=True), optional=True),
    ]
    return _form(Form.INCIDENT_RATING, incident, "Rate", "Send", blocks)


def _form(form_id: Form, incident: Incident, verb: str, submit: str, blocks: Sequence[Block]) -> View:
    lead = kit.section(f"*{ref_of(incident)}* {kit.esc(incident.summary)}")
    return kit.form(form_id, f"{verb} {ref_of(incident)}", submit, [lead, *blocks], seen_of(incident))


def _words(field: Field, label: str, hint: str) -> Block:
    return kit.ask(field, label, kit.text_input(most=WORDS_MOST, lines=True), hint=hint)


def _reference(label: str, hint: str) -> Block:
    return kit.ask(Field.OTHER, label, kit.text_input(most=20), hint=hint)
