"""Lists of incidents and one incident's timeline, for whoever asks."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident import list_filter
from bot.rules.record.refs import Noun, Ref
from bot.usecases.incident import lists as incident_lists
from bot.usecases.incident.visibility import shown_to
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.ids import Action
from handlers.incident.messages import card_of
from handlers.incident.views import lists as views
from handlers.incident.views import updates
from handlers.incident.views.lists import PAGE, Listed
from handlers.records import paging, replies, verbs
from handlers.records.commands import Asked, Listener, Verb
from handlers.records.paging import Listing, Query
from handlers.records.standard_actions.standard import timeline_button, timeline_verb
from handlers.request.context import RequestContext
from storage.tables import Incident

LIST = "list"


def is_list(typed: str) -> bool:
    """“list”, and “list mine P1”; “list of printers is empty” is a summary."""
    word, _, rest = typed.partition(" ")
    return word.lower() == LIST and list_filter.is_filter(rest)


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadFilter, NoSuchService."""
    policy = (await in_force(tx)).policy
    found = await lists.page(
        tx, Noun.INCIDENT, query.text, query.page,
        by=turn.person, now=turn.now, by_deadline=query.by_deadline, size=PAGE,
    )  # fmt: skip
    due = await incident_lists.due_of(tx, found.shown, turn.now)
    return views.listing(
        Listed(replace(query, page=found.number), found.shown, found.total, due, found.left_out), policy
    )


async def show(asked: Asked) -> None:
    ref = Ref.parse(asked.text, Noun.INCIDENT)
    async with asked.turn.read() as tx:
        message = await card_of(tx, await shown_to(tx, ref, asked.turn.person), asked.turn.person)
    await replies.say(asked.ack, message)


def _summary(incident: Incident) -> str:
    return incident.summary


VERBS = [
    Verb(
        "list [mine|assigned|P1|service:vpn|age>3d|…]",
        "what is open, the most urgent first",
        paging.shown(Noun.INCIDENT, listing),
        is_list,
        verbs.by_services(list_filter.is_filter),
    ),
    Verb("INC-n", "one incident and where it stands", show, replies.names(Noun.INCIDENT)),
    timeline_verb(Noun.INCIDENT, _summary, updates.say),
]
ACTIONS: dict[str, Listener] = {
    Action.TIMELINE: timeline_button(Noun.INCIDENT, _summary, updates.say),
}
