"""Named points in a bot's process, and its death at one of them.

A point stands before and after each commit and each call to Slack, before each statement, and on both sides of an
acknowledgement. Its name is the function of the house that is at work: nothing in the product knows of points.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

from evidence import Diary
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_base_client import AsyncBaseClient
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database

ROOMS = ("bot.", "handlers.", "storage.")
PASSED_OVER = frozenset({"storage.database", "storage.statements", "handlers.turn", "handlers.client", "bot.web"})
"""They do what others ask of them, and so name nothing."""


class Points:
    """Counts what is passed, and ends the process on the n-th time that it passes its last point."""

    def __init__(self, diary: Diary, last: str | None, times: int) -> None:
        self._diary, self._last, self._left = diary, last, times
        self._passed: Counter[str] = Counter()

    def __call__(self, name: str) -> None:
        self._passed[name] += 1
        if self._passed[name] == 1:
            self._diary.write(point=name)
        if name == self._last:
            self._left -= 1
            if self._left <= 0:
                self._diary.write(died_at=name)
                os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        self._around_transactions()
        self._before_statements()
        self._around(AsyncBaseClient, "api_call", lambda args: str(args[0]) if args else "")
        self._around(AsyncAck, "__call__", lambda _args: "ack")

    def _around_transactions(self) -> None:
        begin, passed = Database.begin, self

        @asynccontextmanager
        async def named(database: Database) -> AsyncIterator[AsyncSession]:
            name = working()
            async with begin(database) as tx:
                tx.info["name"] = name
                yield tx
                passed(f"{name}: before commit")
            passed(f"{name}: after commit")

        Database.begin = named  # type: ignore[method-assign]

    def _before_statements(self) -> None:
        for method in ("exec", "flush"):
            plain = getattr(AsyncSession, method)

            @wraps(plain)
            async def named(session: AsyncSession, *args: Any, _plain: Any = plain, **kwargs: Any) -> Any:
                if "name" in session.info:
                    self(f"{session.info['name']}: before {working()}")
                return await _plain(session, *args, **kwargs)

            setattr(AsyncSession, method, named)

    def _around(self, owner: type, method: str, label: Any) -> None:
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
