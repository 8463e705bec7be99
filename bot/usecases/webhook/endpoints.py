"""Endpoints: what is sent to one, what becomes of one that takes nothing, and what an operator does about that."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.record.facts import OPERATOR, SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import WEBHOOK_LANE, NoticeKind, to_each
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.rules.webhook.events import Event
from bot.rules.webhook.policy import Webhook
from bot.rules.webhook.refusals import IsDisabled, NoSuchWebhook, NotOff
from bot.usecases.policy import in_force
from bot.usecases.webhook.events import is_public
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Outbox
from storage.webhook import endpoints
from storage.webhook.endpoints import Queue
from storage.workspace import people

GONE = "410 Gone"
"""Begins the error of a message whose endpoint says that it is no more."""


@dataclass(frozen=True)
class Message:
    """A message as it is to be sent now."""

    id: str
    to: Webhook
    body: bytes


@dataclass(frozen=True)
class Endpoint:
    """An endpoint of the policy, and how it is with it."""

    key: str
    webhook: Webhook
    queue: Queue
    off: str | None
    """Why nothing is sent to it."""


@dataclass(frozen=True)
class Trouble:
    """What the owner of an endpoint hears."""

    key: str
    url: str
    off: bool
    error: str
    given_up: int


async def message(tx: AsyncSession, row: Outbox) -> Message | None:
    """None where nobody is to be told any more: the endpoint is gone or off, or the record is private now."""
    key = row.lane.removeprefix(WEBHOOK_LANE)
    webhook = (await in_force(tx)).policy.webhooks.get(key)
    if webhook is None or await _why_off(tx, key, webhook) or not await is_public(tx, row.about):
        return None
    told = json.loads(row.data)
    event = Event(told["type"], datetime.fromisoformat(told["at"]), row.about, told.get("revision"), told.get("clock"))
    body = json.dumps(event.payload(), separators=(",", ":"), ensure_ascii=False)
    return Message(f"msg_{row.mark}", webhook, body.encode())


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """A message was given up: an endpoint that says that it is gone is off, and its owner hears of it once a day."""
    if row.kind != NoticeKind.WEBHOOK_EVENT or outcome.standing is not Standing.GIVEN_UP:
        return
    key, desk = row.lane.removeprefix(WEBHOOK_LANE), await in_force(tx)
    webhook = desk.policy.webhooks.get(key)
    if webhook is None:
        return
    gone = outcome.error.startswith(GONE)
    data: dict[str, Datum] = {"webhook": key, "message": row.id, "about": row.about, "error": outcome.error[:200]}
    if gone:
        await endpoints.turn_off(tx, key, webhook.url, outcome.error[:200], now)
    kind = FactKind.WEBHOOK_DISABLED if gone else FactKind.MESSAGE_GIVEN_UP
    await journal.record(tx, Fact(kind, f"webhook:{key}", SYSTEM, now, desk.version, data))
    owners = await people.members(tx, webhook.owner or desk.policy.delivery.owner) or await people.admins(tx)
    told = to_each(NoticeKind.WEBHOOK_TROUBLE, owners, f"webhook:{key}", f"{'off' if gone else 'lost'}:{now:%Y-%m-%d}")
    await outbox.put_all(tx, told, now)


async def trouble(tx: AsyncSession, row: Outbox) -> Trouble | None:
    """None where all is well again."""
    key = row.about.partition(":")[2]
    webhook = (await in_force(tx)).policy.webhooks.get(key)
    if webhook is None:
        return None
    queue, off = await endpoints.queue(tx, key), await _why_off(tx, key, webhook)
    if not off and not queue.given_up:
        return None
    return Trouble(key, webhook.url, off is not None, off or queue.last_error or "", queue.given_up)


async def every(tx: AsyncSession) -> list[Endpoint]:
    webhooks = (await in_force(tx)).policy.webhooks
    return [
        Endpoint(key, one, await endpoints.queue(tx, key), await _why_off(tx, key, one))
        for key, one in webhooks.items()
    ]


async def named(tx: AsyncSession, key: str) -> Webhook:
    """Raises NoSuchWebhook."""
    policy = (await in_force(tx)).policy
    if key not in policy.webhooks:
        raise NoSuchWebhook(key=key, known=_known(policy))
    return policy.webhooks[key]


async def replay(
    tx: AsyncSession, key: str, since: datetime | None = None, ids: Collection[int] = (), *, now: datetime
) -> int:
    """Sends again what was given up; with `since` all from then on. Raises NoSuchWebhook, IsDisabled."""
    webhook = await named(tx, key)
    if reason := await _why_off(tx, key, webhook):
        raise IsDisabled(key=key, reason=reason)
    count = await endpoints.replay(tx, key, since, ids)
    if count:
        desk = await in_force(tx)
        data: dict[str, Datum] = {"webhook": key, "messages": count}
        await journal.record(tx, Fact(FactKind.WEBHOOK_REPLAYED, f"webhook:{key}", OPERATOR, now, desk.version, data))
    return count


async def enable(tx: AsyncSession, key: str, now: datetime) -> None:
    """Raises NoSuchWebhook, NotOff."""
    await named(tx, key)
    if not await endpoints.turn_on(tx, key):
        raise NotOff(key=key)
    desk = await in_force(tx)
    await journal.record(
        tx, Fact(FactKind.WEBHOOK_ENABLED, f"webhook:{key}", OPERATOR, now, desk.version, {"webhook": key})
    )


async def _why_off(tx: AsyncSession, key: str, webhook: Webhook) -> str | None:
    found = (await endpoints.off(tx)).get(key)
    return found.reason if found is not None and found.url == webhook.url else None


def _known(policy: Policy) -> str:
    return (
        f"There are: {', '.join(policy.webhooks)}." if policy.webhooks else "The policy has no section [webhooks.NAME]."
    )
