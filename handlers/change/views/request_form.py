"""The forms to ask for a change: the first step is enough, the others can be gone to and come back from."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.rules.change.flow import ChangeState, ChangeType
from bot.rules.change.policy import RiskRules
from bot.rules.change.risk import presumed
from bot.rules.form.additional_fields import FieldsOf
from bot.rules.form.conditions import Answer
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import SUMMARY_MOST, WORDS_MOST, headed, shorten
from handlers.blocks import kit
from handlers.blocks.kit import Block, View
from handlers.blocks.services import service_options
from handlers.change.views.card import ref_of
from handlers.configuration_item.views.items_question import items_asked
from handlers.ids import Action, Field, Form
from handlers.records import additional_fields
from storage.tables import Change, Incident

HOUR = timedelta(hours=1)
_TYPES = (ChangeType.NORMAL, ChangeType.EMERGENCY)


def suggested(now: datetime) -> tuple[datetime, datetime]:
    """The window that the form begins with: a day ahead, an hour long."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1, hours=1)
    return starts_at, starts_at + HOUR


def request_form(policy: Policy, now: datetime, by: str, typed: str = "") -> View:
    """The form to ask for a change."""
    title, why = headed(typed)
    values = {Field.TITLE: title, Field.WHY: why, Field.IMPLEMENTER: by}
    values[Field.SERVICE] = policy.service_named_in(typed) or ""
    blocks = _first(policy, values, *suggested(now), "")
    return kit.form(Form.CHANGE_REQUEST, "Ask for a change", "Ask for approval", blocks)


def edit_form(policy: Policy, change: Change, given: Mapping[str, Answer | None]) -> View:
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
    asks_again = "An edit of what was voted on voids the votes and asks again; *Why* and *Communication* may be mended."
    note = "" if draft else asks_again
    blocks = _first(policy, values, change.starts_at, change.ends_at, note, given)
    verb = "Ask for approval" if draft else "Save"
    return kit.form(Form.CHANGE_REQUEST, f"Edit {ref_of(change)}", verb, blocks, RecordVersion.of(change))


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
    return kit.form(Form.CHANGE_DETAILS, f"{ref_of(change)}: details", "Save", blocks, RecordVersion.of(change))


def risk_form(rules: RiskRules, change: Change, answers: Mapping[str, int], criticality: str) -> View:
    """The questionnaire; saving goes back to the first step. An option's value is the question and its score."""
    blocks = [kit.context("What you leave open is assumed, and the card says so.")]
    for number, (key, question) in enumerate(rules.questions.items()):
        options = [kit.option(text, f"{key} {score}") for score, text in enumerate(question.answers)]
        chosen = f"{key} {answers[key]}" if key in answers else None
        assumed = f"Assumed: {question.answers[presumed(rules, key, criticality)]}"
        menu = kit.select(options, chosen)
        asked = kit.ask(Field.ANSWER, question.asks, menu, hint="" if chosen else assumed, optional=True)
        blocks.append(asked | {"block_id": f"{Field.ANSWER}_{number}"})
    return kit.form(Form.CHANGE_RISK, f"{ref_of(change)}: risk", "Save", blocks, RecordVersion.of(change))


def emergency_form(
    policy: Policy, now: datetime, by: str, typed: str, why: str, known: Sequence[Incident] = ()
) -> View:
    """For who may not begin without approval: the same, asked for. `why` says that they may not."""
    starts_at = now.replace(second=0, microsecond=0) + timedelta(minutes=15)
    title, why_asked = headed(typed)
    values = {
        Field.TITLE: title,
        Field.WHY: why_asked,
        Field.TYPE: ChangeType.EMERGENCY,
        Field.SERVICE: policy.service_named_in(typed) or "",
        Field.IMPLEMENTER: by,
    }
    note = f"{why} This asks for an emergency change, which is approved first."
    blocks = [*_first(policy, values, starts_at, starts_at + HOUR, note)]
    return kit.form(Form.CHANGE_REQUEST, "Ask for a change", "Ask for approval", [*_named(known), *blocks])


def _named(known: Sequence[Incident]) -> list[Block]:
    """Open incidents that it may mend."""
    if not known:
        return []
    lines = [f"*{one.ref}* {kit.esc(shorten(one.summary, 80))}" for one in known]
    return [kit.context("Open incidents: " + " · ".join(lines))]


def break_glass_form(policy: Policy, now: datetime, by: str, typed: str = "", known: Sequence[Incident] = ()) -> View:
    """To begin at once and have it approved afterwards."""
    due = policy.changes.retroactive
    hours = int(due.total_seconds() // 3600)
    named, (title, why) = policy.service_named_in(typed), headed(typed)
    blocks = [
        kit.section(f":rotating_light: It begins now. Its approvers are asked, and must approve within {hours} hours."),
        kit.ask(Field.TITLE, "Title", kit.text_input(title, most=SUMMARY_MOST)),
        kit.ask(Field.SERVICE, "Service", kit.select(service_options(policy), named)),
        *_named(known),
        kit.ask(
            Field.INCIDENT,
            "Incident",
            kit.text_input(str(known[0].ref) if len(known) == 1 else "", most=20),
            hint="The incident that it mends, as in INC-12",
        ),
        long(Field.WHY, "Why", "What it is for, and why it cannot wait for approval", why),
        long(Field.PLAN, "Plan", "The steps, in order"),
        long(Field.BACKOUT, "Backout plan", "How to get back to where you were"),
        kit.ask(Field.ENDS_AT, "End", kit.datetime_input(now.replace(second=0, microsecond=0) + HOUR)),
        kit.ask(Field.IMPLEMENTER, "Implementer", kit.people_input(by)),
    ]
    return kit.form(Form.CHANGE_BREAK_GLASS, "Begin without approval", "Begin now", blocks)


def long(field: Field, label: str, hint: str, typed: str = "", *, optional: bool = False) -> Block:
    return kit.ask(field, label, kit.text_input(typed, most=WORDS_MOST, lines=True), hint=hint, optional=optional)


def _first(
    policy: Policy,
    values: Mapping[Field, str],
    starts_at: datetime,
    ends_at: datetime,
    note: str,
    given: Mapping[str, Answer | None] = MappingProxyType({}),
) -> list[Block]:
    types = [kit.option(one.capitalize(), one) for one in _TYPES]
    title = kit.text_input(values[Field.TITLE], most=SUMMARY_MOST)
    incident = kit.text_input(values.get(Field.INCIDENT, ""), most=20)
    return [
        *([kit.context(note)] if note else []),
        kit.ask(Field.TITLE, "Title", title, hint="What changes, in a line"),
        kit.ask(Field.TYPE, "Type", kit.select(types, values.get(Field.TYPE, ChangeType.NORMAL)), live=True),
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
        *additional_fields.drawn(policy, FieldsOf.CHANGE, given),
        items_asked(live=True),
        kit.actions(
            kit.button(Action.CHANGE_RISK, "Answer the risk questions"),
            kit.button(Action.CHANGE_DETAILS, "Add details"),
            kit.button(Action.KEEP_DRAFT, "Keep as a draft"),
        ),
    ]
