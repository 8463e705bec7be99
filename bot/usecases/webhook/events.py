"""Facts that are told to webhooks, queued in the transaction that put them on record."""

import hashlib
import json
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact
from bot.rules.record.notices import Notice, NoticeKind, webhook
from bot.rules.record.refs import of_subject
from bot.rules.webhook.events import Event, chosen
from bot.usecases.policy import in_force
from bot.usecases.records.declared import kind_of
from storage import records
from storage.delivery import outbox
from storage.journal import journal


async def tell(tx: AsyncSession) -> None:
    """What this transaction put on record, to each endpoint that asked for it. Private records are never told."""
    facts = journal.taken(tx)
    endpoints = (await in_force(tx)).policy.webhooks if facts else {}
    told_of = _told(facts) if endpoints else ()
    for place, (fact, event) in enumerate(told_of):
        keys = [key for key, one in endpoints.items() if chosen(one.events, event.type)]
        if keys and await is_public(tx, event.ref):
            data: dict[str, str | int] = {"type": event.type, "at": fact.at.isoformat()}
            more = {"revision": event.revision, "clock": event.clock}
            data |= {name: value for name, value in more.items() if value is not None}
            # One fact is told once an endpoint; what else it says, and its place, tell facts of one instant apart.
            inner = hashlib.sha256(json.dumps(dict(fact.data), sort_keys=True, default=str).encode()).hexdigest()[:16]
            told = f"{event.type}:{fact.at.isoformat()}:{inner}:{place}"
            for key in keys:
                await outbox.put(tx, Notice(NoticeKind.WEBHOOK_EVENT, webhook(key), event.ref, told, data), fact.at)


def _told(facts: Sequence[Fact]) -> list[tuple[Fact, Event]]:
    return [(fact, event) for fact in facts if (event := Event.of(fact))]


async def is_public(tx: AsyncSession, subject: str) -> bool:
    """Whether it is there, and nobody's secret."""
    ref = of_subject(subject)
    kind = kind_of(ref.noun)
    found = await records.get(tx, kind.table, ref.number)
    return found is not None and not kind.private(found)
