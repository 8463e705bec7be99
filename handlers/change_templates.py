"""Standard changes in Slack: propose, approve, use, retire."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import change_debt, changes, templates
from bot.desk.policy import in_force
from bot.desk.templates import Use
from bot.rules.change_templates import TemplateStep
from bot.rules.refs import Noun, Seen
from handlers import answers
from handlers.change_collisions import with_collisions
from handlers.commands import Asked, Listener
from handlers.forms import Filled
from handlers.ids import Action, Field, Form
from handlers.turn import Turn
from handlers.views import change_templates as views
from storage import templates as stored

LISTED = 20


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        shown, owed = await stored.shown(tx, LISTED), await change_debt.by_service(tx, asked.turn.now)
        message = views.listing(shown, owed, (await in_force(tx)).policy)
    await answers.say(asked.ack, message)


async def propose_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.begin() as tx:
        await templates.propose(tx, seen.ref, by=turn.person, now=turn.now)
    await ack()


async def approve_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    seen = Seen.parse(action["value"], Noun.STANDARD)
    async with turn.begin() as tx:
        await templates.settle(tx, TemplateStep.APPROVE, seen, by=turn.person, now=turn.now)
    await ack()


async def retire_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    seen = Seen.parse(action["value"], Noun.STANDARD)
    async with turn.begin() as tx:
        await templates.settle(tx, TemplateStep.RETIRE, seen, by=turn.person, now=turn.now)
    await ack()


async def use_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    async with turn.read() as tx:
        template = await templates.usable(tx, Seen.parse(action["value"], Noun.STANDARD), turn.person, turn.now)
        plan = templates.plan_of(template, *views.suggested(turn.now))
        form = views.use_form(template, (await in_force(tx)).policy, turn.now, turn.person)
        view = await with_collisions(tx, form, plan)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def used(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        await templates.use(tx, filled.about(Noun.STANDARD), _use(filled), by=turn.person, now=turn.now)
    await ack()


async def rescheduled(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
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
    Action.PROPOSE_TEMPLATE: propose_clicked,
    Action.APPROVE_TEMPLATE: approve_clicked,
    Action.RETIRE_TEMPLATE: retire_clicked,
    Action.USE_TEMPLATE: use_clicked,
}
SUBMISSIONS: dict[str, Listener] = {Form.STANDARD_CHANGE: used, Form.STANDARD_EDIT: rescheduled}
