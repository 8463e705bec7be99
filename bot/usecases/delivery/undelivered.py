"""Messages that were given up: their readers, who waits for an answer and the owners hear of them another way."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.delivery import blocked_channels, undelivered
from bot.rules.delivery.undelivered import Cause
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.rules.record.notices import Notice, NoticeKind, person
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.refusals import Refusal
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.usecases.delivery.outbox_admin import SUBJECT
from bot.usecases.policy import in_force
from bot.usecases.records.declared import kind_of
from bot.usecases.records.visibility import shown_to
from storage import records
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Outbox
from storage.workspace import people


@dataclass(frozen=True)
class Undelivered:
    """What was given up of one kind about one record, as one of those who hear of it sees it."""

    ref: Ref | None
    kind: NoticeKind
    redrawn: bool
    """The message is there, and as it was before: what changed since does not show."""
    lanes: Sequence[str]
    """Who did not get it; empty where all have it by now."""
    cause: Cause
    error: str
    ids: Sequence[int]
    mine: bool
    """Whether the reader is one who did not get it."""


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """The relay tells what came of a row. One that is given up is on record, and told once a day, kind and record."""
    if outcome.standing is not Standing.GIVEN_UP or not undelivered.is_owed(row.kind, row.verb):
        return
    desk = await in_force(tx)
    data: dict[str, Datum] = {
        "message": row.id,
        "kind": row.kind,
        "about": row.about,
        "lane": row.lane,
        "error": outcome.error[:200],
    }
    await journal.record(tx, Fact(FactKind.MESSAGE_GIVEN_UP, SUBJECT, SYSTEM, now, desk.version, data))
    for lane in dict.fromkeys(await _lanes(tx, desk.policy, row, outcome.error)):
        key = f"{row.verb}:{row.kind}:{now:%Y-%m-%d}"
        told = {"kind": row.kind, "verb": row.verb}
        await outbox.put(tx, Notice(NoticeKind.UNDELIVERED, lane, row.about, key, told), now)
    await outbox.redraw(tx, row.about, now, {NoticeKind.UNDELIVERED})


async def given_up(tx: AsyncSession, row: Outbox) -> Undelivered | None:
    """What a notice tells now; None where it was not told yet and there is nothing left to tell."""
    wanted = json.loads(row.data)
    rows = await outbox.given_up(tx, row.about, wanted["kind"], wanted["verb"])
    if not rows and row.verb == "post":
        return None
    error = (rows[0].error or "") if rows else ""
    lanes = list(dict.fromkeys(one.lane for one in rows))
    return Undelivered(
        _ref(row.about),
        NoticeKind(wanted["kind"]),
        wanted["verb"] == "redraw",
        lanes,
        undelivered.cause(error),
        error,
        [one.id for one in rows if one.id is not None],
        row.lane in lanes,
    )


async def _lanes(tx: AsyncSession, policy: Policy, row: Outbox, error: str) -> list[str]:
    """The reader, unless nobody reads there; who waits for an answer; the owners of the channel."""
    ref = _ref(row.about)
    in_slack = row.lane.startswith(("#", "@"))
    reader = [] if undelivered.cause(error) is Cause.GONE or not in_slack else [row.lane]
    asked = await _asked_by(tx, ref) if ref and undelivered.is_awaited(row.kind) else []
    group = blocked_channels.owner(policy, row.lane[1:]) if row.lane.startswith("#") else policy.delivery.owner
    owners = await people.members(tx, group) or await people.admins(tx)
    return [*reader, *(person(one) for one in await _seeing(tx, ref, [*asked, *owners]) if person(one) != row.lane)]


async def _asked_by(tx: AsyncSession, ref: Ref) -> list[str]:
    kind = kind_of(ref.noun)
    record = await records.get(tx, kind.table, ref.number)
    return [one for one in kind.asked_by(record) if one] if record is not None else []


async def _seeing(tx: AsyncSession, ref: Ref | None, those: Iterable[str]) -> list[str]:
    found = []
    for one in those:
        try:
            if ref is not None:
                await shown_to(tx, ref, one)
        except Refusal:
            continue
        found.append(one)
    return found


def _ref(about: str) -> Ref | None:
    """None for what is about no record, as a picture of the calendar."""
    try:
        return of_subject(about)
    except (Refusal, ValueError):
        return None
