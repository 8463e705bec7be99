"""Lists of incidents and one incident's timeline, for whoever asks."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident import list_filter
from bot.rules.record.refs import Noun
from bot.usecases.incident import lists as incident_lists
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.incident.views import lists as views
from handlers.incident.views.lists import PAGE, Listed
from handlers.records import paging, verbs
from handlers.records.commands import Verb
from handlers.records.paging import Listing, Query
from handlers.request.context import RequestContext

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


VERBS = [
    Verb(
        "list [mine|assigned|P1|service:vpn|age>3d|…]",
        "what is open, the most urgent first",
        paging.shown(Noun.INCIDENT, listing),
        is_list,
        verbs.by_services(list_filter.is_filter),
    ),
]
