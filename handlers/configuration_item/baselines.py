"""`/ci baseline`, `/ci baselines` and `/ci diff`."""

from bot.usecases.configuration_item import baselines
from handlers.configuration_item.views import baselines as views
from handlers.records import replies
from handlers.records.commands import Asked, Verb, word


async def keep(asked: Asked) -> None:
    turn = asked.turn
    async with turn.begin() as tx:
        kept = await baselines.keep(tx, asked.text.partition(" ")[2], by=turn.person, now=turn.now)
    await replies.say(asked.ack, views.kept(kept))


async def show_all(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        message = views.listing(await baselines.listed(tx))
    await replies.say(asked.ack, message)


async def diff(asked: Asked) -> None:
    async with asked.turn.read(long=True) as tx:
        message = views.differences(await baselines.diff(tx, asked.text.partition(" ")[2], asked.turn.person))
    await replies.say(asked.ack, message)


VERBS = (
    Verb("baseline [name]", "keep how everything stands, by a name", keep, replies.begins("baseline"), staff=True),
    Verb("baselines", "those that are kept", show_all, word("baselines")),
    Verb("diff [baseline]", "what was added, retired and changed since", diff, replies.begins("diff")),
)
