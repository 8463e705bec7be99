"""What a change would run into, said on its form while it is filled in."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeType
from bot.rules.record.refs import Noun
from bot.usecases.change import access, assessment_preview, standard_changes
from bot.usecases.change_window.conflicts import Plan, plan_of, run_into
from bot.usecases.configuration_item import access as ci_access
from bot.usecases.configuration_item import impacts
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import find
from handlers.blocks.kit import View
from handlers.change.views.conflicts import on_form, shown_on
from handlers.configuration_item.views import impact as impact_views
from handlers.ids import Field, Form
from handlers.records.commands import Listener
from handlers.records.form_values import Filled
from handlers.request.context import RequestContext
from storage.tables import Template


async def with_collisions(tx: AsyncSession, view: View, plan: Plan, by: str) -> View:
    policy, viewer = (await in_force(tx)).policy, await ci_access.viewer_of(tx, by)
    fails = [impact_views.line(await impacts.of_items(tx, plan.items, policy, viewer))] if plan.items else []
    return on_form(view, await run_into(tx, plan), policy, await assessment_preview.of_plan(tx, plan), fails)


async def filling(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """A service, an item or a time was chosen: the form says what the change would run into."""
    view = body["view"]
    async with turn.read() as tx:
        plan = await _PLANS[view["callback_id"]](tx, Filled(view))
        drawn = await with_collisions(tx, view, plan, turn.person)
    if shown_on(drawn) != shown_on(view):
        await client.views_update(view_id=view["id"], view=drawn)
    await ack()


async def _of_request(tx: AsyncSession, filled: Filled) -> Plan:
    about = filled.about_any(Noun.CHANGE)
    touches = (await access.find(tx, about.ref)).touches.split() if about else []
    services = (filled.choice(Field.SERVICE), *touches)
    times = filled.instant(Field.STARTS_AT), filled.instant(Field.ENDS_AT)
    items = tuple(int(one) for one in filled.choices(Field.CI_ITEMS) if one.isdecimal())
    return Plan(filled.one_of(Field.TYPE, ChangeType), services, *times, str(about.ref) if about else "", items)


async def _of_template(tx: AsyncSession, filled: Filled) -> Plan:
    template = await find(tx, Template, filled.about(Noun.STANDARD).ref)
    return standard_changes.plan_of(template, filled.instant(Field.STARTS_AT), filled.instant(Field.ENDS_AT))


async def _of_standard(tx: AsyncSession, filled: Filled) -> Plan:
    times = {"starts_at": filled.instant(Field.STARTS_AT), "ends_at": filled.instant(Field.ENDS_AT)}
    return plan_of(await access.find(tx, filled.about(Noun.CHANGE).ref), times)


_PLANS: Mapping[str, Callable[[AsyncSession, Filled], Awaitable[Plan]]] = {
    Form.CHANGE_REQUEST: _of_request,
    Form.STANDARD_CHANGE: _of_template,
    Form.STANDARD_EDIT: _of_standard,
}
FORMS = tuple(_PLANS)
ACTIONS: dict[str, Listener] = {Field.TYPE: filling, Field.CI_ITEMS: filling}
