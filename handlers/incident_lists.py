"""Lists of incidents and one incident's timeline, through the eyes of who asks."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import incident_lists as desk_lists
from bot.desk.incident_eyes import shown_to, standings
from bot.desk.policy import in_force
from bot.rules import incident_filter
from bot.rules.facts import FactKind
from bot.rules.incident_flow import Standing
from bot.rules.policy import Policy
from bot.rules.refs import Noun, Ref, Seen
from handlers import answers
from handlers.commands import Asked, Listener, Verb
from handlers.ids import Action
from handlers.incident_notices import card_of
from handlers.incident_verbs import show_view
from handlers.turn import Turn
from handlers.views import incident_lists as views
from handlers.views import incident_news, kit
from handlers.views.incident_lists import PAGE, Listed, Query
from handlers.views.kit import Message
from storage import journal

LIST = "list"


def is_list(typed: str) -> bool:
    """“list”, and “list mine P1”; “list of printers is empty” is a summary."""
    word, _, rest = typed.partition(" ")
    return word.lower() == LIST and incident_filter.is_filter(rest)


async def show_list(asked: Asked) -> None:
    query = Query(" ".join(asked.text[len(LIST) :].split()))
    async with asked.turn.read() as tx:
        message = views.listing(*await listed(tx, query, asked.turn))
    await answers.say(asked.ack, message)


async def page_clicked(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    client: AsyncWebClient,
    turn: Turn,
) -> None:
    query = Query.parse(action["value"])
    async with turn.read() as tx:
        found = await listed(tx, query, turn)
    await ack()
    if body.get("view", {}).get("type") == "modal":
        await client.views_update(view_id=body["view"]["id"], view=views.list_view(*found))
    else:
        message = views.listing(*found)
        await respond(text=message.text, blocks=message.blocks, replace_original=True)


async def whole_list_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """From App Home: the list in a modal, which pages."""
    async with turn.read() as tx:
        found = await listed(tx, Query.parse(action["value"]), turn)
    await show_view(client, body, views.list_view(*found))
    await ack()


async def listed(tx: AsyncSession, query: Query, turn: Turn) -> tuple[Listed, Policy]:
    """One page; the last where the list has grown shorter since. Raises BadFilter, NoSuchService."""
    policy = (await in_force(tx)).policy
    asker = await desk_lists.asker(tx, turn.person, turn.now)
    wanted = incident_filter.read(query.text, policy)
    total = await desk_lists.count(tx, wanted, asker)
    query = replace(query, page=min(query.page, max(0, (total - 1) // PAGE)))
    start = query.page * PAGE
    shown = await desk_lists.page(tx, wanted, asker, PAGE, start, by_deadline=query.by_deadline)
    return Listed(query, shown, total, await desk_lists.due_of(tx, shown, turn.now)), policy


async def show(asked: Asked) -> None:
    ref = Ref.parse(asked.text, Noun.INCIDENT)
    async with asked.turn.read() as tx:
        message = await card_of(tx, await shown_to(tx, ref, asked.turn.person))
    await answers.say(asked.ack, message)


async def show_timeline(asked: Asked) -> None:
    ref = Ref.parse(asked.text.partition(" ")[2], Noun.INCIDENT)
    await answers.say(asked.ack, await timeline(asked.turn, ref))


async def timeline_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    ref = Seen.parse(action["value"], Noun.INCIDENT).ref
    message = await timeline(turn, ref)
    await show_view(client, body, kit.list_view(f"Timeline of {ref}", message.blocks))
    await ack()


async def timeline(turn: Turn, ref: Ref) -> Message:
    """Without the desk's notes for whoever is not of the desk."""
    async with turn.read() as tx:
        incident = await shown_to(tx, ref, turn.person)
        of_desk = Standing.DESK in await standings(tx, incident, turn.person)
        facts = await journal.timeline(tx, str(ref))
    shown = [fact for fact in facts if of_desk or fact.kind is not FactKind.INCIDENT_NOTED]
    return views.timeline(incident, shown, incident_news.say)


VERBS = [
    Verb("list [mine|assigned|P1|service:vpn|age>3d|…]", "what is open, the most urgent first", show_list, is_list),
    Verb("INC-n", "one incident and where it stands", show, answers.names(Noun.INCIDENT)),
    Verb(
        "timeline INC-n",
        "what happened to it",
        show_timeline,
        lambda typed: typed.lower().startswith("timeline ") and answers.names(Noun.INCIDENT)(typed[9:].strip()),
    ),
]
ACTIONS: dict[str, Listener] = {
    Action.LIST_BACK: page_clicked,
    Action.LIST_ON: page_clicked,
    Action.LIST_ALL: whole_list_clicked,
    Action.TIMELINE: timeline_clicked,
}
