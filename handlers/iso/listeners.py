"""The preparation in Slack: `/iso`, one clause, *Mend*, and the walk through clauses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.refusals import WordsMissing
from bot.rules.iso.clauses import CLAUSES, named
from bot.rules.iso.criteria import Axis
from bot.rules.record.refusals import NoFormHere
from bot.usecases.iso import owners, preparation
from bot.usecases.iso.judgements import Judgement
from bot.usecases.iso.standing import last_year
from bot.usecases.policy import in_force
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.ids import Action, Command, Field, Form
from handlers.iso import remedies
from handlers.iso.views import clauses as views
from handlers.iso.views import forms
from handlers.iso.views.forms import Gap
from handlers.records import replies
from handlers.records.commands import Asked, Listener, Verb, anything, finds, word
from handlers.records.form_values import Filled
from handlers.records.registration import Registration
from handlers.records.standard_actions.promises import ASKS, promised
from handlers.records.tables import Table
from handlers.request import response_url
from handlers.request.app import SOON
from handlers.request.context import RequestContext

T = TypeVar("T")


async def _named(_tx: AsyncSession, asked: Asked) -> bool:
    """Whether it is a clause. Raises what `show` raises."""
    return bool(named(asked.text))


_turns = asyncio.Semaphore(1)
"""What is counted over a year is counted one at a time: lists of others are read beside it."""


async def _counted(turn: RequestContext, reading: Callable[..., Awaitable[T]], *args: Any) -> T:
    """What is read of a year for who asks: of a large desk in a process of its own."""
    async with _turns:
        return await turn.counted(last_year(turn.now).start, reading, *args, turn.person, turn.now)


async def show(asked: Asked) -> None:
    """`/iso`, and `/iso 8.6.3` or `/iso 8.6`. In words where the workspace does not draw tables yet.

    A year of a large desk takes longer to count than Slack waits: who may ask is acked first, and answered then.
    """
    wanted = named(asked.text) if asked.text else None
    async with asked.turn.read() as tx:
        await preparation.require(tx, asked.turn.person)
    if asked.response_url:
        await asked.ack()
    if wanted is None:
        found = await _counted(asked.turn, preparation.whole)
        drawn, plain = views.picture(found), views.words(found)
    else:
        drawn = plain = views.several(await _counted(asked.turn, preparation.some, wanted))
    if not asked.response_url:
        await replies.say(asked.ack, plain)
    elif not await response_url.taken(asked.response_url, asked.client, drawn) and drawn is not plain:
        await response_url.say(asked.response_url, asked.client, plain)


async def own(asked: Asked) -> None:
    """`/iso owner 8.6.1 @person`: who answers for a clause, and so never audits it."""
    typed = asked.text.split()[1:]
    if not asked.people or not typed:
        raise WordsMissing(usage="/iso owner 8.6.1 @person")
    async with asked.turn.begin() as tx:
        await preparation.require(tx, asked.turn.person)
        found = await owners.give(tx, typed[0], asked.people[0], by=asked.turn.person, now=asked.turn.now)
    numbers = ", ".join(one.number for one in found)
    said = f"{kit.mention(asked.people[0])} answers for {numbers} now, and does not audit it."
    await replies.say(asked.ack, Message(said, [kit.section(said)]))


async def walk(asked: Asked) -> None:
    """`/iso walk`: goes on with the first clause that nobody went through."""
    async with asked.turn.read() as tx:
        await preparation.require(tx, asked.turn.person)
    if not asked.trigger_id:
        raise NoFormHere(typed=f"{asked.command} {asked.text}")
    opened = await asked.client.views_open(trigger_id=asked.trigger_id, view=forms.counting())
    await asked.ack()
    await _show_next(asked.client, opened["view"]["id"], asked.turn)


async def walk_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    view_id = await _opened(client, body, turn)
    await ack()
    await _show_next(client, view_id, turn)


async def walk_kept(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """What was said of each axis is kept; then the next clause is counted, and shown in its place."""
    filled = Filled(view)
    number, reason = CLAUSES[filled.kept].number, filled.text(Field.COMMENT)
    said: dict[str, str] = {axis: filled.choice(forms.field_of(axis)) for axis in Axis}
    async with turn.begin() as tx:
        own = (await in_force(tx)).policy.gap_analysis
        said |= {key: filled.choice(forms.own_field(key)) for key, one in own.items() if one.clause == number}
        for axis, status in said.items():
            if status:
                await preparation.judge(tx, Judgement(number, axis, status, reason), by=turn.person, now=turn.now)
    following = asyncio.create_task(_next(turn, number))
    soon, _ = await asyncio.wait({following}, timeout=SOON)
    if soon:
        await ack(response_action="update", view=following.result())
        return
    await ack(response_action="update", view=forms.counting())
    await client.views_update(view_id=view["id"], view=await following)


async def mend_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """Opens the form that closes the gap. It is counted once Slack has its answer."""
    gap = Gap.parse(action["value"])
    view_id = await _opened(client, body, turn)
    await ack()
    found, worst = await _counted(turn, preparation.gap, CLAUSES[gap.clause], gap.axis)
    async with turn.read() as tx:
        view = await remedies.view(tx, gap, found, worst, turn)
    await client.views_update(view_id=view_id, view=view)


async def otherwise_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """*Another way*: a person judges it, or raises an action for it."""
    gap = Gap.parse(action["value"])
    await ack()
    found, worst = await _counted(turn, preparation.gap, CLAUSES[gap.clause], gap.axis)
    async with turn.read() as tx:
        view = await remedies.otherwise(tx, gap, found, worst, turn)
    await client.views_update(view_id=body["view"]["id"], view=view)


async def _opened(client: AsyncWebClient, body: dict[str, Any], turn: RequestContext) -> str:
    """The id of a modal that says that evidence is being counted. Raises NotForYou, GuestsMayNot."""
    async with turn.read() as tx:
        await preparation.require(tx, turn.person)
    show = client.views_push if body.get("view", {}).get("type") == "modal" else client.views_open
    opened = await show(trigger_id=body["trigger_id"], view=forms.counting())
    return str(opened["view"]["id"])


async def _show_next(client: AsyncWebClient, view_id: str, turn: RequestContext) -> None:
    await client.views_update(view_id=view_id, view=await _next(turn))


async def judged(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    gap, until = Gap.parse(filled.kept), filled.day(Field.DUE_ON)
    said = (filled.choice(Field.STATUS), filled.text(Field.COMMENT), until, filled.text(Field.OTHER))
    async with turn.begin() as tx:
        await preparation.judge(tx, Judgement(gap.clause, gap.judged, *said), by=turn.person, now=turn.now)
    await ack()


async def acted(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    gap, values = Gap.parse(filled.kept), [ask.read(filled, ask.field) for ask in ASKS]
    async with turn.begin() as tx:
        await preparation.mend(tx, gap.clause, promised(*values), by=turn.person, now=turn.now)
    await ack()


async def _next(turn: RequestContext, after: str = "") -> View:
    found = await _counted(turn, preparation.next_clause, after)
    if found is None:
        return forms.walked()
    async with turn.read() as tx:
        return forms.walk(found, len(await preparation.gone_through(tx, turn.now)))


COMMANDS = Table(
    Command.ISO,
    "Preparing for ISO/IEC 20000-1",
    staff=preparation.may_look,
    own=[
        Verb("owner 8.6.1 @person", "who answers for a clause", own, replies.begins("owner"), staff=True),
        Verb("walk", "go through the clauses", walk, word("walk"), staff=True),
        Verb("[clause]", "all clauses, or one", show, anything, staff=True),
    ],
    finds=finds(_named),
)
ACTIONS: dict[str, Listener] = {
    Action.CLAUSE_MEND: mend_clicked,
    Action.CLAUSE_OTHERWISE: otherwise_clicked,
    Action.CLAUSE_WALK: walk_clicked,
}
SUBMISSIONS: dict[str, Listener] = {
    Form.CLAUSE_JUDGEMENT: judged,
    Form.CLAUSE_ACTION: acted,
    Form.CLAUSE_WALK: walk_kept,
}
REGISTRATION = Registration(commands=COMMANDS, actions=ACTIONS, submissions=SUBMISSIONS)
