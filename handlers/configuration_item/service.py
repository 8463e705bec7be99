"""`/service`: the catalogue of services, and one of them with how it is now."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.refusals import NoSuchItem
from bot.rules.policy_format.hints import hint
from bot.rules.sla.refusals import NoSuchService
from bot.usecases.configuration_item import catalogue
from bot.usecases.policy import in_force
from handlers.blocks import kit
from handlers.configuration_item.views import services as views
from handlers.ids import Action as Id
from handlers.ids import Command
from handlers.records import replies
from handlers.records.commands import Asked, Verb, anything, finds
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.request.context import RequestContext


async def _unknown(tx: AsyncSession, typed: str) -> NoSuchService:
    services = (await in_force(tx)).policy.services
    named = [one.name for one in services.values()]
    return NoSuchService(name=typed[:75], hint=hint(typed, [*services, *named]), services=", ".join(named))


async def show(asked: Asked) -> None:
    """All of them without a word; one where the words mean one. Raises NoSuchItem."""
    turn = asked.turn
    async with turn.read() as tx:
        policy, found = (await in_force(tx)).policy, await catalogue.bearings(tx, turn.person, turn.now)
        meant = await catalogue.meant(tx, asked.text) if asked.text else list(found)
        if not meant:
            raise await _unknown(tx, asked.text)
        if len(meant) == 1:
            message = views.card(await catalogue.of(tx, meant[0], turn.person, turn.now), policy)
        else:
            message = views.listing({key: found[key] for key in meant}, policy)
    await replies.say(asked.ack, message)


async def opened(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        policy, key = (await in_force(tx)).policy, str(action["value"])
        if key not in policy.services:
            raise NoSuchItem(key=key[:80])
        message = views.card(await catalogue.of(tx, key, turn.person, turn.now), policy)
    await replies.show_view(client, body, kit.list_view("Service", message.blocks))
    await ack()


COMMANDS = Table(
    command=Command.SERVICE,
    about="Services: what there is, and how it is now",
    own=[Verb("[name]", "one service: its state, promises, owner and what it stands on; without a name, all", show,
              anything)],
    finds=finds(lambda tx, asked: catalogue.meant(tx, asked.text)),
)  # fmt: skip
REGISTRATION = Registration(commands=COMMANDS, actions={Id.SERVICE_OPEN: opened})
