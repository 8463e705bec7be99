"""Changes in Slack: looking at them, and the steps of carrying them out."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import change_access, change_steps
from bot.desk.change_sheet import sheet
from bot.desk.policy import in_force
from bot.rules.change_flow import ChangeStep, Result
from bot.rules.refs import Noun, Ref, Seen
from handlers import answers, approvals, change_forms, change_templates
from handlers.commands import Asked, Listener, Table, Verb, anything, word
from handlers.forms import Filled
from handlers.ids import Action, Command, Field, Form
from handlers.turn import Turn
from handlers.views import change_steps as forms
from handlers.views import changes as views
from handlers.views.kit import Message
from storage import changes as stored
from storage.tables import Change

LISTED = 15


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        shown = await stored.open_ones(tx, LISTED)
        more = await stored.count_open(tx) - len(shown)
        message = views.listing(shown, more, (await in_force(tx)).policy)
    await answers.say(asked.ack, message)


async def show(asked: Asked) -> None:
    """The card; its buttons do what the verbs do, on the revision that is shown."""
    ref = Ref.parse(asked.text.split()[-1], Noun.CHANGE)
    async with asked.turn.read() as tx:
        message = await card(tx, ref)
    await answers.say(asked.ack, message)


async def start_typed(asked: Asked) -> None:
    ref = Ref.parse(asked.text.split()[-1], Noun.CHANGE)
    async with asked.turn.begin() as tx:
        change = await change_access.find(tx, ref)
        await change_steps.start(tx, views.seen_of(change), by=asked.turn.person, now=asked.turn.now)
        message = await card(tx, ref)
    await answers.say(asked.ack, message)


async def finish_typed(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        change = await _typed(tx, asked, ChangeStep.FINISH)
    await asked.client.views_open(trigger_id=asked.trigger_id, view=forms.report_form(change, asked.turn.now))
    await asked.ack()


async def close_typed(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        change = await _typed(tx, asked, ChangeStep.CLOSE)
        view = forms.closure_form(change, await change_steps.asks_review(tx, change))
    await asked.client.views_open(trigger_id=asked.trigger_id, view=view)
    await asked.ack()


async def cancel_typed(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        change = await _typed(tx, asked, ChangeStep.CANCEL)
    await asked.client.views_open(trigger_id=asked.trigger_id, view=forms.cancellation_form(change))
    await asked.ack()


async def start_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, turn: Turn
) -> None:
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.begin() as tx:
        await change_steps.start(tx, seen, by=turn.person, now=turn.now)
        message = await card(tx, seen.ref)
    await ack()
    await answers.redraw_own(body, respond, message)


async def finish_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.read() as tx:
        change = await change_access.may(tx, ChangeStep.FINISH, seen, turn.person)
    await client.views_open(trigger_id=body["trigger_id"], view=forms.report_form(change, turn.now))
    await ack()


async def close_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.read() as tx:
        change = await change_access.may(tx, ChangeStep.CLOSE, seen, turn.person)
        view = forms.closure_form(change, await change_steps.asks_review(tx, change))
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def cancel_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    seen = Seen.parse(action["value"], Noun.CHANGE)
    async with turn.read() as tx:
        change = await change_access.may(tx, ChangeStep.CANCEL, seen, turn.person)
    await client.views_open(trigger_id=body["trigger_id"], view=forms.cancellation_form(change))
    await ack()


async def finished(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    report = change_steps.Report(
        result=filled.one_of(Field.RESULT, Result),
        starts_at=filled.instant(Field.STARTS_AT),
        ends_at=filled.instant(Field.ENDS_AT),
        note=filled.text(Field.COMMENT),
        caused=filled.text(Field.CAUSED),
    )
    async with turn.begin() as tx:
        await change_steps.finish(tx, filled.about(Noun.CHANGE), report, by=turn.person, now=turn.now)
    await ack()


async def closed(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        seen, review = filled.about(Noun.CHANGE), filled.text(Field.REVIEW)
        await change_steps.close(tx, seen, review, by=turn.person, now=turn.now)
    await ack()


async def cancelled(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        seen, why = filled.about(Noun.CHANGE), filled.text(Field.COMMENT)
        await change_steps.cancel(tx, seen, why, by=turn.person, now=turn.now)
    await ack()


async def card(tx: AsyncSession, ref: Ref) -> Message:
    """The change's card as it stands. Raises NoSuchRecord."""
    return views.card(await sheet(tx, ref))


async def _typed(tx: AsyncSession, asked: Asked, step: ChangeStep) -> Change:
    """The change that a verb was typed about, if this person may take the step."""
    ref = Ref.parse(asked.text.split()[-1], Noun.CHANGE)
    change = await change_access.find(tx, ref)
    return await change_access.may(tx, step, views.seen_of(change), asked.turn.person)


COMMANDS = Table(
    Command.CHANGE,
    "Changes: something is to be done to a service",
    [
        Verb("list", "what is open, the soonest first", show_list, word("list")),
        Verb("approvals", "what waits for your vote", approvals.show_waiting, word("approvals")),
        Verb("standard", "changes that need no further approval", change_templates.show_list, word("standard")),
        Verb("delegate", "have someone stand in for you in approvals", approvals.delegate_typed, word("delegate")),
        Verb("CHG-n", "one change, how its approval stands and what can be done", show, answers.names(Noun.CHANGE)),
        Verb("approve CHG-n", "the same, to vote on", show, answers.verb("approve", Noun.CHANGE)),
        Verb("reject CHG-n", "the same, to vote on", show, answers.verb("reject", Noun.CHANGE)),
        Verb("withdraw CHG-n", "take your vote back", approvals.withdraw_typed, answers.verb("withdraw", Noun.CHANGE)),
        Verb("edit CHG-n", "go on with a draft, or revise", change_forms.edit_typed, answers.verb("edit", Noun.CHANGE)),
        Verb("start CHG-n", "begin it, in its window", start_typed, answers.verb("start", Noun.CHANGE)),
        Verb("finish CHG-n", "say how it went", finish_typed, answers.verb("finish", Noun.CHANGE)),
        Verb("close CHG-n", "review and close it", close_typed, answers.verb("close", Noun.CHANGE)),
        Verb("cancel CHG-n", "give it up before it begins", cancel_typed, answers.verb("cancel", Noun.CHANGE)),
        Verb(
            "break-glass [title]",
            "begin an emergency change before it is approved",
            change_forms.break_glass_typed,
            answers.begins("break-glass"),
        ),
        Verb("[title]", "ask for one: a form opens with your words in it", change_forms.ask, anything),
    ],
)
ACTIONS: dict[str, Listener] = {
    Action.START_CHANGE: start_clicked,
    Action.FINISH_CHANGE: finish_clicked,
    Action.CLOSE_CHANGE: close_clicked,
    Action.CANCEL_CHANGE: cancel_clicked,
    **change_forms.ACTIONS,
    **approvals.ACTIONS,
    **change_templates.ACTIONS,
}
SUBMISSIONS: dict[str, Listener] = {
    Form.CHANGE_REPORT: finished,
    Form.CHANGE_CLOSURE: closed,
    Form.CHANGE_CANCELLATION: cancelled,
    **change_forms.SUBMISSIONS,
    **approvals.SUBMISSIONS,
    **change_templates.SUBMISSIONS,
}
