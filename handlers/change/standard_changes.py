"""Standard changes in Slack: propose, approve, use, retire."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.standard_changes import TemplateStep
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.change import changes, overdue_approvals, standard_changes
from bot.usecases.change.standard_changes import Use
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from handlers.blocks.kit import Message
from handlers.change import actions
from handlers.change.conflicts import with_collisions
from handlers.change.views import standard_changes as views
from handlers.ids import Action as Id
from handlers.ids import Field, Form
from handlers.records import listeners
from handlers.records.actions import Action
from handlers.records.commands import Listener
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.standard_actions.reading import Reading
from handlers.request.context import RequestContext
from storage.change import standard_changes as stored
from storage.tables import Template


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    found, owed = await stored.shown(tx), await overdue_approvals.by_service(tx, turn.now)
    manages = await standard_changes.manages(tx, turn.person)
    return views.listing(query, found, owed, (await in_force(tx)).policy, manages=manages)


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> Template:
    if not isinstance(action.step, TemplateStep):
        raise TypeError(f"{action.verb} is no step of a standard change")
    return await standard_changes.may_settle(tx, action.step, seen, by=turn.person)


async def _shortened(tx: AsyncSession, ref: Ref) -> bool:
    return views.shortened(await visibility.find(tx, Template, ref))


async def reading(tx: AsyncSession, ref: Ref, _by: str) -> Reading:
    return views.reading_of(await visibility.find(tx, Template, ref))


async def _card(tx: AsyncSession, ref: Ref, _turn: RequestContext) -> Message:
    return views.proposal(await visibility.find(tx, Template, ref), (await in_force(tx)).policy)


KIND = Kind(
    noun=Noun.STANDARD,
    actions=actions.STANDARD,
    title=lambda template: template.name,
    card=_card,
    may=_may,
    staff_only=lambda _: True,
    says=views.say,
    shortened=_shortened,
)


async def use_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        template = await standard_changes.usable(
            tx, RecordVersion.parse(action["value"], Noun.STANDARD), turn.person, turn.now
        )
        plan = standard_changes.plan_of(template, *views.suggested(turn.now))
        form = views.use_form(template, (await in_force(tx)).policy, turn.now, turn.person)
        view = await with_collisions(tx, form, plan, turn.person)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def used(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        await standard_changes.use(tx, filled.about(Noun.STANDARD), _use(filled), by=turn.person, now=turn.now)
    await ack()


async def rescheduled(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        await changes.reschedule(tx, filled.about(Noun.CHANGE), _use(filled), by=turn.person, now=turn.now)
    await ack()


def _use(filled: Filled) -> Use:
    return Use(
        why=filled.text(Field.WHY),
        starts_at=filled.instant(Field.STARTS_AT),
        ends_at=filled.instant(Field.ENDS_AT),
        implementer=filled.person(Field.IMPLEMENTER),
    )


ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.USE_TEMPLATE: use_clicked,
}
SUBMISSIONS: dict[str, Listener] = {
    **listeners.submissions(KIND),
    Form.STANDARD_CHANGE: used,
    Form.STANDARD_EDIT: rescheduled,
}
