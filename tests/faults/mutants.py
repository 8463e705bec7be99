"""Safeguards, switched off one at a time in a bot's process: the harness must see the difference."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlmodel import col, update

from bot.delivery import prepare as delivery_prepare
from bot.delivery import results, settle, slack_calls
from bot.rules.record.refs import RecordVersion
from bot.usecases.approval import approvals
from handlers.workspace import client
from storage.db import sqlite
from storage.delivery import inbox, lanes
from storage.sql import changed
from storage.tables import Lane


def no_settling() -> None:
    """A lost answer is looked up at once, while the call may still be on its way."""
    for owner in (delivery_prepare.Preparer, settle.Settler):
        plain = owner.__init__

        def hasty(this: Any, *args: Any, _plain: Any = plain, _owner: Any = owner, **kwargs: Any) -> None:
            _plain(this, *args, **kwargs)
            object.__setattr__(this, "settle", timedelta(0))

        owner.__init__ = hasty  # type: ignore[method-assign]


def no_fence() -> None:
    """Whoever comes back may settle, whether the lane is still theirs or not."""

    async def give_back(tx: Any, held: lanes.Lease, **values: Any) -> bool:
        statement = update(Lane).where(col(Lane.name) == held.lane)
        return await changed(tx, statement.values(owner=None, lease_until=None, **values)) == 1

    lanes._give_back = give_back


def no_look_up() -> None:
    """What is in doubt is posted again without a look into the history."""

    async def unseen(*_: object) -> results.Result:
        return results.Absent()

    slack_calls._look_up = unseen


def no_inbox() -> None:
    """Every request is new."""

    async def always(*_: object) -> bool:
        return True

    inbox.first_time = always  # type: ignore[assignment]


def no_last_look() -> None:
    """A process that was frozen before its call makes it when it wakes, whoever has made it meanwhile."""

    async def anyhow(*_: object) -> None:
        return None

    client._in_time = anyhow


def no_immediate_begin() -> None:
    """A transaction on SQLite reads first, and finds out when it writes that another has written since."""
    sqlite.BEGIN_WRITE = "BEGIN"


def no_revision() -> None:
    """A vote is taken for what the change asks now, whatever its voter saw."""
    plain = approvals.vote

    async def vote(tx: Any, noun: Any, seen: RecordVersion, *vote: Any, **deed: Any) -> None:
        asked = await noun.find(tx, seen.ref, hold=True)
        await plain(tx, noun, RecordVersion(seen.ref, asked.revision), *vote, **deed)

    approvals.vote = vote


MUTANTS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        "settle": no_settling,
        "fence": no_fence,
        "look-up": no_look_up,
        "inbox": no_inbox,
        "last look at the lease": no_last_look,
        "BEGIN IMMEDIATE": no_immediate_begin,
        "revision": no_revision,
    }
)
