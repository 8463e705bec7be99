"""Safeguards, switched off one at a time in a bot's process: the harness must see the difference."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlmodel import col, update

from bot.courier import preparing, settling, slack, verdicts
from bot.rules.approval import Vote
from storage import inbox, lanes
from storage.statements import changed
from storage.tables import Lane

_ = Vote


def no_settling() -> None:
    """A lost answer is looked up at once, while the call may still be on its way."""
    for owner in (preparing.Preparer, settling.Settler):
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

    async def unseen(*_: object) -> verdicts.Verdict:
        return verdicts.Absent()

    slack._look_up = unseen


def no_inbox() -> None:
    """Every request is new."""

    async def always(*_: object) -> bool:
        return True

    inbox.first_time = always  # type: ignore[assignment]


MUTANTS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        "settle": no_settling,
        "fence": no_fence,
        "look-up": no_look_up,
        "inbox": no_inbox,
    }
)
