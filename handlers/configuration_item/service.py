"""`/service`: the catalogue of services, and one of them with how it is now."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.refusals import NoSuchItem
from bot.rules.policy_format.hints import hint
from bot.rules.sla.refusals import NoSuchService
from bot.usecases.configuration_item import catalogue, services_posts
from bot.usecases.policy import in_force
from handlers.blocks import kit
from handlers.configuration_item.views import services as views
from handlers.configuration_item.views import services_now as now_views
from handlers.ids import Action as Id
from handlers.ids import Command
from handlers.records import replies
from handlers.records.commands import Asked, Verb, anything, finds, word
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.request.context import RequestContext

EVERY = ("list", "all")


async def _unknown(tx: AsyncSession, typed: str) -> NoSuchService:
    services = (await in_force(tx)).policy.services
    named = [one.name for one in services.values()]
    return NoSuchService(name=typed[:75], hint=hint(typed, [*services, *named]), services=", ".join(named))


async def show(asked: Asked) -> None:
    """All of them without a word; one where the words mean one. Raises NoSuchItem."""
    turn, typed = asked.turn, "" if asked.text.casefold() in EVERY else asked.text
    async with turn.read() as tx:
        policy, found = (await in_force(tx)).policy, await catalogue.bearings(tx, turn.person, turn.now)
        meant = await catalogue.meant(tx, typed) if typed else list(found)
        if not meant:
            raise await _unknown(tx, typed)
        if len(meant) == 1:
            message = views.card(await catalogue.of(tx, meant[0], turn.person, turn.now), policy)
        else:
            may_post = not typed and await services_posts.may_post(tx, turn.person)
            message = views.listing({key: found[key] for key in meant}, policy, may_post=may_post)
    await replies.say(asked.ack, message)


async def opened(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        policy, key = (await in_force(tx)).policy, str(action["value"])
        if key not in policy.services:
            raise NoSuchItem(key=key)
        message = views.card(await catalogue.of(tx, key, turn.person, turn.now), policy)
    await replies.show_view(client, body, kit.list_view("Service", message.blocks))
    await ack()


async def post(asked: Asked) -> None:
    async with asked.turn.begin() as tx:
        room = await services_posts.post(tx, by=asked.turn.person, now=asked.turn.now)
    await asked.ack(response_type="ephemeral", text=now_views.posted(room))


async def post_clicked(ack: AsyncAck, respond: AsyncRespond, turn: RequestContext) -> None:
    async with turn.begin() as tx:
        room = await services_posts.post(tx, by=turn.person, now=turn.now)
    await ack()
    await respond(text=now_views.posted(room), response_type="ephemeral", replace_original=False)


COMMANDS = Table(
    command=Command.SERVICE,
    about="Services: what there is, and how it is now",
    first=("[name]",),
    staff=services_posts.may_post,
    own=[Verb("post", "how services are now, as a message in a channel that is kept true", post,
              word("post"), staff=True),
         Verb("[name]", "one service: its state, promises, owner and what it stands on; without a name, all", show,
              anything)],
    finds=finds(lambda tx, asked: catalogue.meant(tx, asked.text)),
)  # fmt: skip
REGISTRATION = Registration(commands=COMMANDS, actions={Id.SERVICE_OPEN: opened, Id.SERVICE_POST: post_clicked})
