"""`/ci campaign`, `/ci campaigns`, `/ci found`; and what owners are asked, drawn as they read it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.campaign import Outcome, number_of
from bot.rules.record.notices import NoticeKind
from bot.usecases.configuration_item import access, campaigns
from bot.usecases.configuration_item.campaigns import Draft
from bot.usecases.policy import in_force
from handlers.blocks.kit import View
from handlers.blocks.renderer import Rendered, Renderer
from handlers.configuration_item.views import campaigns as views
from handlers.ids import Action, Field, Form
from handlers.records import replies
from handlers.records.commands import Asked, Listener, Reply, Verb, word
from handlers.records.form_values import Filled
from handlers.request.context import RequestContext
from storage.tables import Outbox

SHOWN = (Outcome.DIFFERS, Outcome.GONE, None)


async def begin_typed(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        await access.require_manager(tx, asked.turn.person, "begin a verification campaign")
    await asked.opens(views.form(" ".join(asked.text.split()[1:])))


async def begun(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    filled = Filled(view)
    name, scope, share = (filled.text(field) for field in (Field.TITLE, Field.WORDS, Field.OTHER))
    draft = Draft(name, scope, share, filled.day(Field.DUE_ON).isoformat(), filled.choice(Field.FORMAT) == "one")
    async with turn.begin() as tx:
        campaign = await campaigns.start(tx, draft, by=turn.person, now=turn.now)
        count = (await campaigns.standing(tx, campaign.number)).asked
    await reply(views.started(campaign, count))
    await ack()


async def show_all(asked: Asked) -> None:
    async with asked.turn.read(long=True) as tx:
        listed = await campaigns.listed(tx, asked.turn.person, asked.turn.now)
        message = views.listing(*listed, (await in_force(tx)).policy)
    await replies.say(asked.ack, message)


async def found(asked: Asked) -> None:
    turn = asked.turn
    async with turn.begin() as tx:
        action = await campaigns.found(tx, asked.text.partition(" ")[2], by=turn.person, now=turn.now)
    await replies.say(
        asked.ack, replies.raised(action.ref, "says so; who manages the configuration has it", action.title)
    )


async def open_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        view = await _whole(tx, int(action["value"]), turn.person)
    await replies.show_view(client, body, view)
    await ack()


async def close_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.begin() as tx:
        campaign = await campaigns.close(tx, int(action["value"]), by=turn.person, now=turn.now)
        view = await _whole(tx, campaign.number, turn.person)
    await client.views_update(view_id=body["view"]["id"], view=view)
    await ack()


async def _whole(tx: AsyncSession, number: int, by: str) -> View:
    told = await campaigns.standing(tx, number)
    most = views.LISTED_MOST + 1
    return views.whole(told, {one: await campaigns.items(tx, number, one, most, by) for one in SHOWN})


async def _asked(tx: AsyncSession, row: Outbox) -> Rendered:
    asking = await campaigns.asking(tx, number_of(row.about), row.lane.removeprefix("@"))
    return views.asked(asking, (await in_force(tx)).policy)


async def _ended(tx: AsyncSession, row: Outbox) -> Rendered:
    return views.over(await campaigns.standing(tx, number_of(row.about)))


VERBS = (
    Verb("campaign [name]", "have owners look whether items are as recorded: a form opens", begin_typed,
         replies.begins("campaign"), staff=True),
    Verb("campaigns", "how they stand, and how fresh the record is", show_all, word("campaigns")),
    Verb("found [what]", "you found something that is not on record", found, replies.begins("found")),
)  # fmt: skip
ACTIONS: dict[str, Listener] = {Action.CI_CAMPAIGN_OPEN: open_clicked, Action.CI_CAMPAIGN_CLOSE: close_clicked}
SUBMISSIONS: dict[str, Listener] = {Form.CI_CAMPAIGN: begun}
RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.CI_CAMPAIGN_ASKED: _asked,
    NoticeKind.CI_CAMPAIGN_ENDED: _ended,
}
