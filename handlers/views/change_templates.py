"""Standard changes as people see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.rules.change_templates import TemplateState, TemplateStep, legal
from bot.rules.policy import Policy
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.words import shorten
from handlers.ids import Action, Field, Form
from handlers.views import kit
from handlers.views.change_forms import HOUR, long
from handlers.views.changes import ref_of, seen_of
from handlers.views.kit import Block, Message, View
from storage.tables import Change, Template

_BUTTONS = {
    TemplateStep.APPROVE: (Action.APPROVE_TEMPLATE, "Approve", "primary"),
    TemplateStep.RETIRE: (Action.RETIRE_TEMPLATE, "Retire", None),
}
_MARK = {
    TemplateState.PROPOSED: ":large_yellow_circle:",
    TemplateState.ACTIVE: ":large_green_circle:",
    TemplateState.SUSPENDED: ":no_entry:",
    TemplateState.RETIRED: ":white_circle:",
}


def std(template: Template) -> Ref:
    return Ref(Noun.STANDARD, template.number)


def seen(template: Template) -> Seen:
    return Seen(std(template), template.version)


def proposal(template: Template, policy: Policy) -> Message:
    """A standard change for who approves and retires it."""
    state = TemplateState(template.state)
    by = f" by {kit.mention(template.settled_by)}" if template.settled_by else ""
    head = f"{_MARK[state]} *{std(template)}* *{kit.esc(template.name)}*: standard change, version {template.version}"
    blocks = [
        kit.section(head),
        kit.context(
            f"{kit.esc(policy.service_name(template.service))} · {state}{by} · proposed by "
            f"{kit.mention(template.proposed_by)} from CHG-{template.proposed_from}"
        ),
        *_plans(template),
    ]
    buttons = [kit.button(action, label, seen(template), style) for action, label, style in _pressed(state)]
    if buttons:
        blocks.append(kit.actions(*buttons))
    return Message(f"{std(template)} {kit.esc(template.name)} is {state}", blocks)


def listing(templates: Sequence[Template], owed: Mapping[str, Change], policy: Policy) -> Message:
    """`/change standard`: what can be used without further approval, and what is proposed or suspended.

    `owed`: by service, what was begun without an approval that is overdue.
    """
    if not templates:
        text = (
            ":sparkles: There is no standard change yet. A normal change that was closed as a success can become one: "
            "`/change CHG-n` has the button."
        )
        return Message(text, [kit.section(text)])
    debts = {owed[one.service].number: owed[one.service] for one in templates if one.service in owed}
    blocks = [kit.header("Standard changes"), *(kit.section(debt(one, policy)) for one in debts.values())]
    for one in templates:
        text = (
            f"{_MARK[TemplateState(one.state)]} *{std(one)}* {kit.esc(one.name)}\n"
            f"{kit.esc(policy.service_name(one.service))} · version {one.version} · {one.state}"
        )
        usable = one.state == TemplateState.ACTIVE and one.service not in owed
        button = kit.button(Action.USE_TEMPLATE, "Use", seen(one), "primary")
        blocks.append(kit.section(text) | ({"accessory": button} if usable else {}))
    return Message(f"{len(templates)} standard changes", blocks)


def debt(change: Change, policy: Policy) -> str:
    """Why a team has no standard changes; App Home says it too."""
    named = f"*{ref_of(change)}* {kit.esc(change.title)} ({kit.esc(policy.service_name(change.service))})"
    due = f" was due {kit.when(change.due_at)}" if change.due_at else " is overdue"
    asked = f"{named} was begun without approval, which{due}."
    return f":rotating_light: {asked} Until it is decided, the team of the service has no standard changes."


def suggested(now: datetime) -> tuple[datetime, datetime]:
    """The window that the form begins with: the next full hour."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) + HOUR
    return starts_at, starts_at + HOUR


def use_form(template: Template, policy: Policy, now: datetime, by: str) -> View:
    """What is left to say; the rest is agreed and shown."""
    head = f"*{kit.esc(template.name)}* · {kit.esc(policy.service_name(template.service))}"
    blocks = [kit.section(head), *_plans(template), *_free("", *suggested(now), by)]
    return kit.form(Form.STANDARD_CHANGE, f"Use {std(template)}", "Schedule", blocks, seen(template))


def reschedule_form(change: Change) -> View:
    """Of a standard change only this may be edited."""
    head = kit.section(f"*{ref_of(change)}* {kit.esc(change.title)}")
    blocks = [head, *_free(change.why, change.starts_at, change.ends_at, change.implementer)]
    return kit.form(Form.STANDARD_EDIT, f"Edit {ref_of(change)}", "Save", blocks, seen_of(change))


def suggestion(change: Change, times: int) -> Message:
    text = (
        f":bulb: *{kit.esc(change.title)}* has gone well {times} times. As a standard change it would need no further "
        "approval."
    )
    propose = kit.button(Action.PROPOSE_TEMPLATE, "Make it a standard change", seen_of(change), "primary")
    return Message(f"{kit.esc(change.title)} could be a standard change", [kit.section(text), kit.actions(propose)])


def suspended(template: Template, because: str) -> Message:
    text = (
        f":no_entry: *{std(template)}* {kit.esc(template.name)} is suspended, since {because} did not go well. "
        "A change manager can approve it again, or retire it."
    )
    buttons = [
        kit.button(action, label, seen(template), style) for action, label, style in _pressed(TemplateState.SUSPENDED)
    ]
    return Message(f"{std(template)} is suspended", [kit.section(text), kit.actions(*buttons)])


def _pressed(state: TemplateState) -> list[tuple[Action, str, str | None]]:
    return [_BUTTONS[step] for step in legal(state)]


def _plans(template: Template) -> list[Block]:
    said = (("Plan", template.plan), ("Test plan", template.test_plan), ("Backout plan", template.backout))
    return [kit.section(f"*{name}*\n{kit.quote(shorten(text, 600))}") for name, text in said if text]


def _free(why: str, starts_at: datetime, ends_at: datetime, implementer: str) -> list[Block]:
    return [
        long(Field.WHY, "Why", "What it is for this time", why),
        kit.ask(Field.STARTS_AT, "Start", kit.datetime_input(starts_at), live=True),
        kit.ask(Field.ENDS_AT, "End", kit.datetime_input(ends_at), live=True),
        kit.ask(Field.IMPLEMENTER, "Implementer", kit.people_input(implementer)),
    ]
