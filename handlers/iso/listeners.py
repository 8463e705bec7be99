"""The preparation in Slack: `/iso`, one clause, *Mend*, and the walk through clauses."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.refusals import WordsMissing
from bot.rules.iso.clauses import CLAUSES, named
from bot.rules.iso.criteria import Axis
from bot.usecases.iso import owners, preparation
from bot.usecases.iso.judgements import Judgement
from bot.usecases.policy import in_force
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.ids import Action, Command, Field, Form
from handlers.iso.views import clauses as views
from handlers.iso.views import forms
from handlers.iso.views.forms import Gap
from handlers.records import replies
from handlers.records.commands import Asked, Listener, Verb, anything, word
from handlers.records.form_values import Filled
from handlers.records.promises import ASKS, promised
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.records.typed_values import Shown
from handlers.request import response_url
from handlers.request.context import RequestContext


async def show(asked: Asked) -> None:
    """`/iso`, and `/iso 8.6.3` or `/iso 8.6`. In words where the workspace does not draw tables yet.

    A year of a large desk takes longer to count than Slack waits: who may ask is acked first, and answered then.
    """
    if asked.text:
        await _show_some(asked)
        return
    async with asked.turn.read() as tx:
        await preparation.require(tx, asked.turn.person)
    if asked.response_url:
        await asked.ack()
    async with asked.turn.read(long=True) as tx:
        found = await preparation.whole(tx, asked.turn.person, asked.turn.now)
    home = asked.client.base_url
    if not asked.response_url:
        await replies.say(asked.ack, views.words(found))
    elif not await response_url.taken(asked.response_url, home, views.picture(found)):
        await response_url.say(asked.response_url, home, views.words(found))


async def _show_some(asked: Asked) -> None:
    wanted = named(asked.text)
    async with asked.turn.read(long=True) as tx:
        found = await preparation.some(tx, wanted, asked.turn.person, asked.turn.now)
    await replies.say(asked.ack, views.several(found))


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
    async with asked.turn.read(long=True) as tx:
        view = await _next(tx, asked.turn)
    await asked.opens(view)


async def walk_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    async with turn.read(long=True) as tx:
        view = await _next(tx, turn)
    await replies.show_view(client, body, view)
    await ack()


async def walk_kept(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    """What was said of each axis is kept, and the next clause is shown in its place."""
    filled = Filled(view)
    number, reason = CLAUSES[filled.kept].number, filled.text(Field.COMMENT)
    said = {axis: filled.choice(forms.field_of(axis)) for axis in Axis}
    async with turn.begin() as tx:
        for axis, status in said.items():
            if status:
                await preparation.judge(tx, Judgement(number, axis, status, reason), by=turn.person, now=turn.now)
        following = await _next(tx, turn, number)
    await ack(response_action="update", view=following)


async def mend_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """Opens the form that closes the gap."""
    gap = Gap.parse(action["value"])
    async with turn.read(long=True) as tx:
        found, worst = await preparation.gap(tx, CLAUSES[gap.clause], gap.axis, turn.person, turn.now)
        shown = Shown(None, (await in_force(tx)).policy, turn.person, turn.now)
    await replies.show_view(client, body, forms.mend(gap, found, worst, shown))
    await ack()


async def judged(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    gap, until = Gap.parse(filled.kept), filled.day(Field.DUE_ON)
    said = (filled.choice(Field.STATUS), filled.text(Field.COMMENT), until, filled.text(Field.OTHER))
    async with turn.begin() as tx:
        await preparation.judge(tx, Judgement(gap.clause, gap.axis, *said), by=turn.person, now=turn.now)
    await ack()


async def acted(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    gap, values = Gap.parse(filled.kept), [ask.read(filled, ask.field) for ask in ASKS]
    async with turn.begin() as tx:
        await preparation.mend(tx, gap.clause, promised(*values), by=turn.person, now=turn.now)
    await ack()


async def _next(tx: AsyncSession, turn: RequestContext, after: str = "") -> View:
    found = await preparation.next_clause(tx, turn.person, turn.now, after)
    if found is None:
        return forms.walked()
    return forms.walk(found, len(await preparation.gone_through(tx, turn.now)))


COMMANDS = Table(
    Command.ISO,
    "Preparing for ISO/IEC 20000-1",
    own=[
        Verb("owner 8.6.1 @person", "who answers for a clause", own, replies.begins("owner")),
        Verb("walk", "go through the clauses", walk, word("walk")),
        Verb("[clause]", "all clauses, or one", show, anything),
    ],
)
ACTIONS: dict[str, Listener] = {Action.CLAUSE_MEND: mend_clicked, Action.CLAUSE_WALK: walk_clicked}
SUBMISSIONS: dict[str, Listener] = {
    Form.CLAUSE_JUDGEMENT: judged,
    Form.CLAUSE_ACTION: acted,
    Form.CLAUSE_WALK: walk_kept,
}
REGISTRATION = Registration(commands=COMMANDS, actions=ACTIONS, submissions=SUBMISSIONS)
