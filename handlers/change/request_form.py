"""Asking for a change in Slack: the first step, the steps behind its buttons, editing, breaking the glass."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType
from bot.rules.change.refusals import BreakGlassOnly
from bot.rules.form.additional_fields import FieldsOf
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases.change import access, approval, changes
from bot.usecases.change.changes import Details, Request
from bot.usecases.change_window.conflicts import Plan, plan_of
from bot.usecases.configuration_item import naming
from bot.usecases.incident import lists as incident_lists
from bot.usecases.policy import in_force
from bot.usecases.records import fields
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.change.conflicts import with_collisions
from handlers.change.views import card as change_views
from handlers.change.views import request_form as views
from handlers.change.views import standard_changes
from handlers.ids import Action, Field, Form
from handlers.records import additional_fields, replies
from handlers.records.commands import Asked, Listener, Reply
from handlers.records.form_values import Filled
from handlers.request.context import RequestContext
from storage.tables import Change


async def ask(asked: Asked) -> None:
    """`/change [title]` opens the form."""
    if asked.mistaken is not None:
        raise asked.mistaken
    await asked.opens(await _request_form(asked.turn, asked.text))


async def ask_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=await _request_form(turn, ""))
    await ack()


async def edit_typed(asked: Asked) -> None:
    ref, _ = asked.about(Noun.CHANGE, "edit")
    async with asked.turn.read() as tx:
        seen = RecordVersion(ref, (await access.find(tx, ref)).revision)
    await asked.opens(await _edit_form(asked.turn, seen), kit.button(Action.EDIT_CHANGE, "Edit", seen))


async def edit_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    view = await _edit_form(turn, RecordVersion.parse(action["value"], Noun.CHANGE))
    await replies.show_view(client, body, view)
    await ack()


async def break_glass_typed(asked: Asked) -> None:
    """For who may; for others an emergency change with what was typed, which is approved before it begins."""
    typed, turn = asked.text.partition(" ")[2], asked.turn
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        known = await incident_lists.open_for(tx, turn.person, policy.service_named_in(typed), turn.now)
        try:
            await changes.may_break_glass(tx, turn.person)
            view = views.break_glass_form(policy, turn.now, turn.person, typed, known)
        except BreakGlassOnly as refused:
            view = views.emergency_form(policy, turn.now, turn.person, typed, refused.sentence, known)
    await asked.opens(view)


async def asked_for(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        policy = (await in_force(tx)).policy
        additional_fields.require_fit(view, policy, FieldsOf.CHANGE)
        about = filled.about_any(Noun.CHANGE)
        change = await changes.submit(tx, _request(filled, view, policy), about, by=turn.person, now=turn.now)
        await naming.as_reported(tx, change, filled.choices(Field.CI_ITEMS), by=turn.person, now=turn.now)
        answer = await _answer(tx, change)
    await reply(answer)
    await ack()


async def break_glass_given(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    filled = Filled(view)
    request = Request(
        title=filled.text(Field.TITLE),
        type=ChangeType.EMERGENCY,
        service=filled.choice(Field.SERVICE),
        why=filled.text(Field.WHY),
        plan=filled.text(Field.PLAN),
        backout=filled.text(Field.BACKOUT),
        starts_at=turn.now,
        ends_at=filled.instant(Field.ENDS_AT),
        implementer=filled.person(Field.IMPLEMENTER),
        incident=filled.text(Field.INCIDENT),
    )
    async with turn.begin() as tx:
        answer = await _answer(tx, await changes.break_glass(tx, request, by=turn.person, now=turn.now))
    await reply(answer)
    await ack()


async def _answer(tx: AsyncSession, change: Change) -> Message:
    """Where it was asked for: its number, and where it stands."""
    case = await approval.case(tx, change)
    return change_views.asked(change, case, (await in_force(tx)).policy)


async def details_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    change, first = await _kept(body, turn)
    async with turn.read() as tx:
        second = views.details_form((await in_force(tx)).policy, change)
    await _push(body, client, first, second)
    await ack()


async def risk_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    change, first = await _kept(body, turn)
    async with turn.read() as tx:
        desk = await in_force(tx)
    given = access.answers_of(change)
    critical = access.criticality(desk, change.services)
    await _push(body, client, first, views.risk_form(desk.policy.risk, change, given, critical))
    await ack()


async def keep_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """What is typed is kept as a draft, and the form says where to find it."""
    change, _ = await _kept(body, turn)
    ref = access.ref_of(change)
    said = f":pencil2: *{ref}* is kept. `/change {ref}` goes on with it; App Home lists it among what you opened."
    await client.views_update(view_id=body["view"]["id"], view=kit.note_view(f"{ref} is kept", said))
    await ack()


async def described(
    ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """Saved, and back to the first step, which is drawn from what is kept now."""
    filled = Filled(view)
    details = Details(
        touches=filled.choices(Field.TOUCHES),
        test_plan=filled.text(Field.TEST_PLAN),
        communication=filled.text(Field.COMMUNICATION),
        links=filled.text(Field.LINKS),
    )
    async with turn.begin() as tx:
        seen = filled.about(Noun.CHANGE)
        change = await changes.describe(tx, seen, details, by=turn.person, now=turn.now)
        first = await _first_step(tx, change, turn.person)
    await client.views_update(view_id=body["view"]["root_view_id"], view=first)
    await ack()


async def risk_answered(
    ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    filled = Filled(view)
    scores = {key: int(score) for key, _, score in (one.partition(" ") for one in filled.answers(Field.ANSWER))}
    async with turn.begin() as tx:
        seen = filled.about(Noun.CHANGE)
        change = await changes.answer_risk(tx, seen, scores, by=turn.person, now=turn.now)
        first = await _first_step(tx, change, turn.person)
    await client.views_update(view_id=body["view"]["root_view_id"], view=first)
    await ack()


async def _kept(body: dict[str, Any], turn: RequestContext) -> tuple[Change, View]:
    """What the first step holds by now, kept as a draft; and that step drawn from it."""
    filled = Filled(body["view"])
    async with turn.begin() as tx:
        about = filled.about_any(Noun.CHANGE)
        request = _request(filled, body["view"], (await in_force(tx)).policy)
        change = await changes.keep(tx, request, about, by=turn.person, now=turn.now)
        return change, await _first_step(tx, change, turn.person)


async def _first_step(tx: AsyncSession, change: Change, by: str) -> View:
    """The form as it is kept, with what the change would run into."""
    policy, given = (await in_force(tx)).policy, await fields.given(tx, access.ref_of(change))
    return await with_collisions(tx, views.edit_form(policy, change, given), plan_of(change), by)


async def _push(body: dict[str, Any], client: AsyncWebClient, first: View, second: View) -> None:
    await client.views_push(trigger_id=body["trigger_id"], view=second)
    await client.views_update(view_id=body["view"]["id"], view=first)


def _request(filled: Filled, view: dict[str, Any], policy: Policy) -> Request:
    return Request(
        title=filled.text(Field.TITLE),
        type=filled.one_of(Field.TYPE, ChangeType),
        service=filled.choice(Field.SERVICE),
        why=filled.text(Field.WHY),
        plan=filled.text(Field.PLAN),
        backout=filled.text(Field.BACKOUT),
        starts_at=filled.instant(Field.STARTS_AT),
        ends_at=filled.instant(Field.ENDS_AT),
        implementer=filled.person(Field.IMPLEMENTER),
        incident=filled.text(Field.INCIDENT),
        fields=additional_fields.read(view, policy, FieldsOf.CHANGE),
    )


async def _request_form(turn: RequestContext, typed: str) -> View:
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        plan = Plan(ChangeType.NORMAL, (policy.service_named_in(typed) or "",), *views.suggested(turn.now))
        form = views.request_form(policy, turn.now, turn.person, typed)
        return await with_collisions(tx, form, plan, turn.person)


async def may_edit(tx: AsyncSession, value: str, turn: RequestContext) -> Change:
    """The change. Raises NotYourStep and what else its form would."""
    seen = RecordVersion.parse(value, Noun.CHANGE)
    draft = (await access.find(tx, seen.ref)).state == ChangeState.DRAFT
    return await access.may(tx, ChangeStep.SUBMIT if draft else ChangeStep.REVISE, seen, turn.person)


async def _edit_form(turn: RequestContext, seen: RecordVersion) -> View:
    async with turn.read() as tx:
        change = await may_edit(tx, str(seen), turn)
        if change.type == ChangeType.STANDARD:
            form = standard_changes.reschedule_form(change)
            return await with_collisions(tx, form, plan_of(change), turn.person)
        return await _first_step(tx, change, turn.person)


ACTIONS: dict[str, Listener] = {
    Action.RAISE_CHANGE: ask_clicked,
    Action.EDIT_CHANGE: edit_clicked,
    Action.CHANGE_DETAILS: details_clicked,
    Action.CHANGE_RISK: risk_clicked,
    Action.KEEP_DRAFT: keep_clicked,
}
SUBMISSIONS: dict[str, Listener] = {
    Form.CHANGE_REQUEST: asked_for,
    Form.CHANGE_DETAILS: described,
    Form.CHANGE_RISK: risk_answered,
    Form.CHANGE_BREAK_GLASS: break_glass_given,
}
