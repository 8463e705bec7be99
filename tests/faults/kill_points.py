"""Named points in a bot's process, and its death at one of them.

A point stands before and after each commit and each call to Slack, before each statement, and on both sides of an
acknowledgement. Its name is the function of the house that is at work: nothing in the product knows of points.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

from checks.process_log import Diary
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_base_client import AsyncBaseClient
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery import slack_calls
from storage.db.database import Database
from storage.db.session import Session

ROOMS = ("bot.", "handlers.", "storage.")
PASSED_OVER = frozenset(
    {
        "storage.db.database",
        "storage.db.session",
        "storage.sql",
        "handlers.request.context",
        "handlers.workspace.client",
        "bot.web.server",
    }
)
"""They do what others ask of them, and so name nothing."""


class Points:
    """Counts what is passed, and stops or ends the process each n-th time that it passes a point of its own.

    `own`: what such a point's name begins with. `spared`: points at which nothing happens any more.
    """

    def __init__(self, diary: Diary, own: str | None, times: int, how: str, spared: Collection[str]) -> None:
        self._spared = frozenset(spared)
        self._diary, self._own, self._times, self._left = diary, own, times, times
        self._signal = signal.Signals[how]
        self._passed: Counter[str] = Counter()

    def __call__(self, name: str) -> None:
        self._passed[name] += 1
        if self._passed[name] == 1:
            self._diary.write(point=name)
        if self._own is not None and name.startswith(self._own) and name not in self._spared:
            self._left -= 1
            if self._left <= 0:
                self._left = self._times
                self._diary.write(struck_at=name)
                os.kill(os.getpid(), self._signal)

    def install(self) -> None:
        self._around_transactions()
        self._before_statements()
        self._around(slack_calls, "call", lambda args: type(args[0]).__name__)
        self._around(AsyncBaseClient, "api_call", lambda args: str(args[0]) if args else "")
        self._around(AsyncAck, "__call__", lambda _args: "ack")

    def _around_transactions(self) -> None:
        begin, passed = Database.begin, self

        @asynccontextmanager
        async def named(database: Database) -> AsyncIterator[AsyncSession]:
            name = working()
            try:
                async with begin(database) as tx:
                    tx.info["name"] = name
                    yield tx
                    passed(f"{name}: before commit")
            except DBAPIError as fault:
                self._diary.write(failed=name, why=str(fault.orig)[:200])
                raise
            passed(f"{name}: after commit")

        Database.begin = named  # type: ignore[method-assign]

    def _before_statements(self) -> None:
        for method in ("exec", "flush"):
            plain = getattr(Session, method)

            @wraps(plain)
            async def named(session: AsyncSession, *args: Any, _plain: Any = plain, **kwargs: Any) -> Any:
                if "name" in session.info:
                    self(f"{session.info['name']}: before {working()}")
                return await _plain(session, *args, **kwargs)

            setattr(Session, method, named)

    def _around(self, owner: Any, method: str, label: Any) -> None:
        plain = getattr(owner, method)

        @wraps(plain)
        async def named(this: Any, *args: Any, **kwargs: Any) -> Any:
            name = f"{working()}: {label(args)}"
            self(f"{name} ahead")
            answer = await plain(this, *args, **kwargs)
            self(f"{name} done")
            return answer

        setattr(owner, method, named)


def working() -> str:
    """The function of the house that waits for whoever asks this."""
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(ROOMS) and module not in PASSED_OVER:
            return f"{module}.{frame.f_code.co_qualname}"
        frame = frame.f_back  # type: ignore[assignment]
    return "Bolt"
