"""`/incident why INC-n`, and the same of each noun of which something is promised."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, Ref
from bot.usecases.policy import in_force
from bot.usecases.sla.why import Why
from handlers.records import replies
from handlers.records.commands import Asked, Verb
from handlers.sla.views import explanation

Explains = Callable[[AsyncSession, Ref, str, datetime], Awaitable[Sequence[Why]]]


def verb(noun: Noun, explains: Explains) -> Verb:
    async def run(asked: Asked) -> None:
        ref, _ = asked.about(noun, "why")
        async with asked.turn.read() as tx:
            explained = await explains(tx, ref, asked.turn.person, asked.turn.now)
            policy = (await in_force(tx)).policy
        await replies.say(asked.ack, explanation.why(ref, explained, policy))

    says = "how its deadlines come about, interval by interval"
    return Verb(f"why {noun}-n", says, run, replies.verb("why", noun))
