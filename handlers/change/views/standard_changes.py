"""Standard changes as people see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.rules.change.standard_changes import TemplateState, TemplateStep, legal
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.change.overdue_approvals import Owed
from handlers.blocks import facts, kit
from handlers.blocks.kit import Block, Message, View
from handlers.change.actions import ACTIONS, STANDARD
from handlers.change.views.card import ref_of
from handlers.change.views.request_form import HOUR, long
from handlers.change.views.step_forms import passages
from handlers.ids import Action as Id
from handlers.ids import Field, Form
from handlers.records.actions import button
from handlers.records.paging import Listing, Query, part
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Reading
from storage.tables import Change, Template

LISTED = 15
NONE = (
    ":sparkles: There is no standard change yet. A normal change that was closed as a success can become one: "
    "`/change CHG-n` has the button."
)
PLAN_MOST = 600
"""Characters of a plan on a card."""
_MARK = {
    TemplateState.PROPOSED: ":large_yellow_circle:",
    TemplateState.ACTIVE: ":large_green_circle:",
    TemplateState.SUSPENDED: ":no_entry:",
    TemplateState.RETIRED: ":white_circle:",
}

_SAID = {
    FactKind.TEMPLATE_PROPOSED: "proposed version {version} of it, from {from}",
    FactKind.TEMPLATE_APPROVED: "approved version {version}",
    FactKind.TEMPLATE_SUSPENDED: "suspended version {version}, since a change made from it failed",
    FactKind.TEMPLATE_RETIRED: "retired version {version}",
}


def say(fact: Fact) -> str:
    """What a fact says after the name of who did it."""
    return facts.said(fact, _SAID)


def std(template: Template) -> Ref:
    return Ref(Noun.STANDARD, template.number)


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
    buttons = _buttons(template)
    if buttons:
        blocks.append(kit.actions(*buttons))
    return Message(f"{std(template)} {kit.esc(template.name)} is {state}", blocks)


def listing(
    query: Query, templates: Sequence[Template], owed: Mapping[str, Owed], policy: Policy, *, manages: bool = False
) -> Listing:
    """`/change standard`: what can be used without further approval, and what is proposed or suspended.

    `manages`: with what change managers may press.
    `owed`: by service, what was begun without an approval that is overdue.
    """
    query, found = part(templates, query, LISTED)
    debts = {owed[one.service].change.number: owed[one.service] for one in found if one.service in owed}
    blocks = [kit.section(debt(one, policy)) for one in debts.values()]
    for one in found:
        text = (
            f"{_MARK[TemplateState(one.state)]} *{std(one)}* {kit.esc(one.name)}\n"
            f"{kit.esc(policy.service_name(one.service))} · version {one.version} · {one.state}"
        )
        usable = one.state == TemplateState.ACTIVE and one.service not in owed
        use = kit.button(Id.USE_TEMPLATE, "Use", RecordVersion.of(one), "primary")
        review = button(STANDARD["review"], RecordVersion.of(one))
        settles = manages and TemplateStep.APPROVE in legal(TemplateState(one.state))
        pressed = use if usable else review if settles else None
        blocks.append(kit.section(text) | ({"accessory": pressed} if pressed else {}))
    return Listing(query, "Standard changes", blocks, len(templates), LISTED, NONE)


def debt(owed: Owed, policy: Policy) -> str:
    """Why a team has no standard changes; App Home says it too."""
    change = owed.change
    named = f"*{ref_of(change)}* {kit.esc(change.title)} ({kit.esc(policy.service_name(change.service))})"
    asked = f"{named} was begun without approval, which was due {kit.when(owed.due_at)}."
    return f":rotating_light: {asked} Until it is decided, the team of the service has no standard changes."


def suggested(now: datetime) -> tuple[datetime, datetime]:
    """The window that the form begins with: the next full hour."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) + HOUR
    return starts_at, starts_at + HOUR


def use_form(template: Template, policy: Policy, now: datetime, by: str) -> View:
    """What is left to say; the rest is agreed and shown."""
    head = f"*{kit.esc(template.name)}* · {kit.esc(policy.service_name(template.service))}"
    blocks = [kit.section(head), *_plans(template), *_free("", *suggested(now), by)]
    return kit.form(Form.STANDARD_CHANGE, f"Use {std(template)}", "Schedule", blocks, RecordVersion.of(template))


def reschedule_form(change: Change) -> View:
    """Of a standard change only this may be edited."""
    head = kit.section(f"*{ref_of(change)}* {kit.esc(change.title)}")
    blocks = [head, *_free(change.why, change.starts_at, change.ends_at, change.implementer)]
    return kit.form(Form.STANDARD_EDIT, f"Edit {ref_of(change)}", "Save", blocks, RecordVersion.of(change))


def suggestion(change: Change, times: int) -> Message:
    text = (
        f":bulb: *{kit.esc(change.title)}* has gone well {times} times. As a standard change it would need no further "
        "approval."
    )
    propose = button(ACTIONS["propose"], RecordVersion.of(change), "primary")
    return Message(f"{kit.esc(change.title)} could be a standard change", [kit.section(text), kit.actions(propose)])


def suspended(template: Template, because: str) -> Message:
    text = (
        f":no_entry: *{std(template)}* {kit.esc(template.name)} is suspended, since {because} did not go well. "
        "A change manager can approve it again, or retire it."
    )
    buttons = kit.actions(*_buttons(template, whole=False))
    return Message(f"{std(template)} is suspended", [kit.section(text), buttons])


def end_of_suspension(template: Template) -> str:
    """What a change manager made of it; empty while they have not looked."""
    return "" if template.state == TemplateState.SUSPENDED else f"{std(template)} is {template.state} now."


def end_of_suggestion(alike: Sequence[Template]) -> str:
    """What came of it; empty while nobody has proposed one."""
    found = next((one for one in alike if one.state != TemplateState.RETIRED), None)
    return f"It was proposed as {std(found)}." if found else ""


def _buttons(template: Template, *, whole: bool = True) -> list[Block]:
    """`whole`: beside its plans. What is not all shown is read before it is approved."""
    read = not whole or shortened(template)
    approve = button(STANDARD["review" if read else "approve"], RecordVersion.of(template), "primary", "Approve")
    pressed = {
        TemplateStep.APPROVE: approve,
        TemplateStep.RETIRE: button(STANDARD["retire"], RecordVersion.of(template)),
    }
    return [pressed[step] for step in legal(TemplateState(template.state))]


def reading_of(template: Template) -> Reading:
    return Reading(template.name, passages(template))


def shortened(template: Template) -> bool:
    return any(len(one.text) > PLAN_MOST for one in passages(template))


def _plans(template: Template) -> list[Block]:
    return [
        reading.excerpt(one.text, PLAN_MOST, RecordVersion.of(template), f"*{one.name}*") for one in passages(template)
    ]


def _free(why: str, starts_at: datetime, ends_at: datetime, implementer: str) -> list[Block]:
    return [
        long(Field.WHY, "Why", "What it is for this time", why),
        kit.ask(Field.STARTS_AT, "Start", kit.datetime_input(starts_at), live=True),
        kit.ask(Field.ENDS_AT, "End", kit.datetime_input(ends_at), live=True),
        kit.ask(Field.IMPLEMENTER, "Implementer", kit.people_input(implementer)),
    ]
