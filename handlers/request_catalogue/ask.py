"""Asking for something: the catalogue, the form that is drawn anew as answers change what is asked, and sending it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.form.additional_fields import FieldsOf
from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import begun, differences, evaluate
from bot.rules.request.policy import Item, known
from bot.usecases.policy import in_force
from bot.usecases.request import catalogue, requests
from bot.usecases.request.requests import Order
from handlers.blocks import kit, questions
from handlers.blocks.kit import View
from handlers.ids import Action, Field, Form, Shortcut
from handlers.incident import report_form
from handlers.policy_proposal import listeners as policy_proposal
from handlers.records import additional_fields, replies
from handlers.records.commands import Asked, Listener, Reply
from handlers.records.form_values import Filled
from handlers.register import listeners as register
from handlers.request.context import FormRedrawn, RequestContext
from handlers.request_catalogue.views import card
from handlers.request_catalogue.views import form as views
from handlers.request_catalogue.views.form import Draft

_FIELDS_IN = {Form.CHANGE_REQUEST: FieldsOf.CHANGE, Form.PROBLEM_RAISE: FieldsOf.PROBLEM}
"""Forms that ask additional fields beside their own."""


async def typed(asked: Asked) -> None:
    """`/request laptop` opens its form; other words look the catalogue through."""
    if asked.mistaken is not None:
        raise asked.mistaken
    async with asked.turn.read() as tx:
        item = await catalogue.named(tx, asked.text, asked.turn.person) if asked.text else None
        if item is None:
            found = await catalogue.items_for(tx, asked.turn.person, asked.text)
            message = views.catalogue(found, asked.text)
        else:
            view = await _form(tx, item, {})
    if item is None:
        await replies.say(asked.ack, message)
    else:
        await asked.opens(view, kit.button(Action.ASK_FOR, item.title, item.key))


async def catalogue_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """All that this person may ask for, as `/request` shows it: from App Home, or by the shortcut from anywhere."""
    async with turn.read() as tx:
        message = views.catalogue(await catalogue.items_for(tx, turn.person), "")
    await replies.show_view(client, body, kit.list_view("Ask for something", message.blocks))
    await ack()


async def looked_for(ack: AsyncAck, payload: Mapping[str, Any], turn: RequestContext) -> None:
    """What of the catalogue has the words that are typed."""
    async with turn.read() as tx:
        found = await catalogue.items_for(tx, turn.person, str(payload.get("value") or ""))
    await ack(options=[kit.option(one.title, one.key, one.description or "") for one in found[: kit.MENU_MOST]])


async def clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """By its button, found by a word, or instead of an incident, whose words come with it."""
    key, _, words = str((action.get("selected_option") or action)["value"]).partition(" ")
    async with turn.read() as tx:
        view = await _form(tx, await catalogue.item(tx, key, turn.person), {}, words)
    await replies.show_view(client, body, view)
    await ack()


async def clicked_again(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """With the answers of the last time, as far as the form still asks for them."""
    async with turn.read() as tx:
        item = await catalogue.item(tx, str(action["value"]), turn.person)
        view = await _form(tx, item, await catalogue.answered_last(tx, item.key, turn.person))
    await replies.show_view(client, body, view)
    await ack()


async def answered(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """Something was answered that decides what else is asked, here or in a form with additional fields."""
    view = body["view"]
    if view["callback_id"] == Form.INCIDENT_REPORT:
        await report_form.filling(ack, action, body, client, turn)
        return
    if view["callback_id"] == Form.REGISTER_ENTRY:
        await register.answered(ack, body, client, turn)
        return
    if view["callback_id"] == Form.POLICY_FORM:
        await policy_proposal.answered(ack, body, client, turn)
        return
    if view["callback_id"] in _FIELDS_IN:
        await additional_fields.answered(ack, body, client, turn, _FIELDS_IN[view["callback_id"]])
        return
    async with turn.read() as tx:
        item = await catalogue.item(tx, Draft.parse(view["private_metadata"]).item, turn.person)
        redrawn = await _redrawn(tx, item, view)
    if redrawn is not None:
        # Without the view's hash: whoever answers twice before the first redraw arrives would be refused the second.
        await client.views_update(view_id=view["id"], view=redrawn)
    await ack()


async def sent(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    """Kept as it was drawn: a form that asks for something else by now is shown as it is first."""
    draft = Draft.parse(view["private_metadata"])
    async with turn.begin() as tx:
        item = await catalogue.item(tx, draft.item, turn.person)
        if (redrawn := await _redrawn(tx, item, view)) is not None:
            raise FormRedrawn(redrawn)
        order = Order(item.key, questions.read(view, item.questions), words=draft.words)
        made = await requests.ask_for_each(tx, order, Filled(view).people(Field.BEHALF), by=turn.person, now=turn.now)
    await reply(card.asked(made))
    await ack()


async def _form(tx: AsyncSession, item: Item, given: Mapping[str, Answer | None], words: str = "") -> View:
    policy = (await in_force(tx)).policy
    begins = begun(item.questions, given)
    return views.form(item, evaluate(item.questions, begins, known(policy.services)), begins, policy, (), words)


async def _redrawn(tx: AsyncSession, item: Item, view: Mapping[str, Any]) -> View | None:
    """The form as it is now; None where it asks for what it showed."""
    policy, draft = (await in_force(tx)).policy, Draft.parse(view["private_metadata"])
    given = begun(item.questions, questions.read(view, item.questions))
    filled = evaluate(item.questions, given, known(policy.services))
    changed = draft.digest != item.form_digest
    if not changed and list(questions.asked_in(view, item.questions)) == list(filled.ids):
        return None
    said = (differences(draft.asked, item.questions) or ["Its questions are the same; what they offer is not."])[:10]
    return views.form(item, filled, given, policy, said if changed else (), draft.words)


ACTIONS: dict[str, Listener] = {
    Action.OPEN_CATALOGUE: catalogue_clicked,
    Action.ASK_FOR: clicked,
    Action.SEARCH_CATALOGUE: clicked,
    Action.ASK_AGAIN: clicked_again,
    Field.QUESTION: answered,
}
OPTIONS: dict[str, Listener] = {Action.SEARCH_CATALOGUE: looked_for}
SHORTCUTS: dict[str, Listener] = {Shortcut.ASK_FOR_SOMETHING: catalogue_clicked}
SUBMISSIONS: dict[str, Listener] = {Form.REQUEST_ASK: sent}
