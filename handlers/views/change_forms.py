"""The forms to ask for a change: the first step is enough, the others can be gone to and come back from."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.rules.change_flow import ChangeState, ChangeType
from bot.rules.policy import Policy
from bot.rules.policy_changes import RiskRules
from bot.rules.risk import presumed
from bot.rules.words import SUMMARY_MOST, WORDS_MOST, shorten
from handlers.ids import Action, Field, Form
from handlers.views import kit
from handlers.views.changes import ref_of, seen_of
from handlers.views.incidents import service_options
from handlers.views.kit import Block, View
from storage.tables import Change

HOUR = timedelta(hours=1)
_TYPES = (ChangeType.NORMAL, ChangeType.EMERGENCY)


def suggested(now: datetime) -> tuple[datetime, datetime]:
    """The window that the form begins with: a day ahead, an hour long."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1, hours=1)
    return starts_at, starts_at + HOUR


def request_form(policy: Policy, now: datetime, by: str, typed: str = "") -> View:
    """The form to ask for a change."""
    line = " ".join(typed.split())
    values = {Field.TITLE: line, Field.SERVICE: policy.service_named_in(typed) or "", Field.IMPLEMENTER: by}
    blocks = _first(policy, values, *suggested(now), "")
    return kit.form(Form.CHANGE_REQUEST, "Ask for a change", "Ask for approval", blocks)


def edit_form(policy: Policy, change: Change) -> View:
    """The same on a change that is kept: a draft, or one that is revised by it."""
    values = {
        Field.TITLE: change.title,
        Field.TYPE: change.type,
        Field.SERVICE: change.service,
        Field.WHY: change.why,
        Field.PLAN: change.plan,
        Field.BACKOUT: change.backout,
        Field.IMPLEMENTER: change.implementer,
        Field.INCIDENT: change.incident or "",
    }
    draft = change.state == ChangeState.DRAFT
    note = "" if draft else "Other than mending a slip, an edit voids the votes given and asks for approval anew."
    blocks = _first(policy, values, change.starts_at, change.ends_at, note)
    verb = "Ask for approval" if draft else "Save"
    return kit.form(Form.CHANGE_REQUEST, f"Edit {ref_of(change)}", verb, blocks, seen_of(change))


def way_back_form(policy: Policy, change: Change, now: datetime, by: str) -> View:
    """An emergency change that undoes one that is closed, for the incident that came of it."""
    starts_at = now.replace(second=0, microsecond=0) + timedelta(minutes=15)
    values = {
        Field.TITLE: shorten(f"Back out {ref_of(change)}: {change.title}", SUMMARY_MOST),
        Field.TYPE: ChangeType.EMERGENCY,
        Field.SERVICE: change.service,
        Field.WHY: f"{change.caused or 'An incident'} came of {ref_of(change)}.",
        Field.PLAN: change.backout,
        Field.BACKOUT: shorten(f"Do {ref_of(change)} again: {change.plan}", WORDS_MOST),
        Field.IMPLEMENTER: by,
        Field.INCIDENT: change.caused or "",
    }
    blocks = _first(policy, values, starts_at, starts_at + HOUR, "")
    return kit.form(Form.CHANGE_REQUEST, "Ask for a change", "Ask for approval", blocks)


def details_form(policy: Policy, change: Change) -> View:
    """The second step; saving goes back to the first."""
    blocks = [
        kit.ask(
            Field.TOUCHES,
            "Other services it touches",
            kit.multi_select(service_options(policy), change.touches.split()),
            optional=True,
        ),
        long(Field.TEST_PLAN, "Test plan", "How you will know that it works", change.test_plan, optional=True),
        long(Field.COMMUNICATION, "Communication", "Who is told what, and when", change.communication, optional=True),
        long(Field.LINKS, "Links", "Tickets, documents, pull requests", change.links, optional=True),
    ]
    return kit.form(Form.CHANGE_DETAILS, f"{ref_of(change)}: details", "Save", blocks, seen_of(change))


def risk_form(rules: RiskRules, change: Change, answers: Mapping[str, int], criticality: str) -> View:
    """The questionnaire; saving goes back to the first step. An option's value is the question and its score."""
    blocks = [kit.context("What you leave as it is counts as answered.")]
    for number, (key, question) in enumerate(rules.questions.items()):
        options = [kit.option(text, f"{key} {score}") for score, text in enumerate(question.answers)]
        chosen = answers.get(key, presumed(rules, key, criticality))
        asked = kit.ask(Field.ANSWER, question.asks, kit.select(options, f"{key} {chosen}"))
        blocks.append(asked | {"block_id": f"{Field.ANSWER}_{number}"})
    return kit.form(Form.CHANGE_RISK, f"{ref_of(change)}: risk", "Save", blocks, seen_of(change))


def break_glass_form(policy: Policy, now: datetime, by: str, typed: str = "") -> View:
    """To begin at once and have it approved afterwards."""
    due = policy.changes.retroactive
    hours = int(due.total_seconds() // 3600)
    named = policy.service_named_in(typed)
    blocks = [
        kit.section(f":rotating_light: It begins now. Its approvers are asked, and must approve within {hours} hours."),
        kit.ask(Field.TITLE, "Title", kit.text_input(" ".join(typed.split()), most=SUMMARY_MOST)),
        kit.ask(Field.SERVICE, "Service", kit.select(service_options(policy), named)),
        kit.ask(Field.INCIDENT, "Incident", kit.text_input(most=20), hint="The incident that it mends, as in INC-12"),
        long(Field.WHY, "Reason", "Why it cannot wait for approval"),
        long(Field.PLAN, "Plan", "The steps, in order"),
        long(Field.BACKOUT, "Backout plan", "How to get back to where you were"),
        kit.ask(Field.ENDS_AT, "End", kit.datetime_input(now.replace(second=0, microsecond=0) + HOUR)),
        kit.ask(Field.IMPLEMENTER, "Implementer", kit.people_input(by)),
    ]
    return kit.form(Form.CHANGE_BREAK_GLASS, "Begin without approval", "Begin now", blocks)


def long(field: Field, label: str, hint: str, typed: str = "", *, optional: bool = False) -> Block:
    return kit.ask(field, label, kit.text_input(typed, most=WORDS_MOST, lines=True), hint=hint, optional=optional)


def _first(
    policy: Policy, values: Mapping[Field, str], starts_at: datetime, ends_at: datetime, note: str
) -> list[Block]:
    types = [kit.option(one.capitalize(), one) for one in _TYPES]
    title = kit.text_input(values[Field.TITLE], most=SUMMARY_MOST)
    incident = kit.text_input(values.get(Field.INCIDENT, ""), most=20)
    return [
        *([kit.context(note)] if note else []),
        kit.ask(Field.TITLE, "Title", title, hint="What changes, in a line"),
        kit.ask(Field.TYPE, "Type", kit.select(types, values.get(Field.TYPE, ChangeType.NORMAL))),
        kit.ask(Field.SERVICE, "Service", kit.select(service_options(policy), values[Field.SERVICE]), live=True),
        long(Field.WHY, "Why", "What it is for, and what happens without it", values.get(Field.WHY, "")),
        long(Field.PLAN, "Plan", "The steps, in order", values.get(Field.PLAN, "")),
        long(
            Field.BACKOUT,
            "Backout plan",
            "How to get back to where you were, and by when it must be decided",
            values.get(Field.BACKOUT, ""),
        ),
        kit.ask(Field.STARTS_AT, "Start", kit.datetime_input(starts_at), live=True),
        kit.ask(Field.ENDS_AT, "End", kit.datetime_input(ends_at), live=True),
        kit.ask(Field.IMPLEMENTER, "Implementer", kit.people_input(values[Field.IMPLEMENTER])),
        kit.ask(Field.INCIDENT, "Incident", incident, hint="Of an emergency change, as in INC-12", optional=True),
        kit.actions(
            kit.button(Action.CHANGE_RISK, "Answer the risk questions"),
            kit.button(Action.CHANGE_DETAILS, "Add details"),
            kit.button(Action.KEEP_DRAFT, "Keep as a draft"),
        ),
    ]
