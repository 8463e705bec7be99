"""Reads an answer once while a transaction only looks."""

from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

T = TypeVar("T")

_READ = "read so far"


@contextmanager
def looking(tx: AsyncSession) -> Iterator[None]:
    """Within it nothing is written and no record is locked, so that an answer stays the answer."""
    tx.info[_READ] = {}
    try:
        yield
    finally:
        del tx.info[_READ]


def only_looks(tx: AsyncSession) -> bool:
    """Whether nothing is written in this transaction, or this part of it."""
    return _READ in tx.info


async def once(tx: AsyncSession, question: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
    """Reads the answer to a question; while the transaction only looks, the first time alone."""
    answers = tx.info.get(_READ)
    if answers is None:
        return await ask()
    if question not in answers:
        answers[question] = await ask()
    answer: T = answers[question]
    return answer


def known(tx: AsyncSession, answers: Mapping[Hashable, object]) -> None:
    """While the transaction only looks: these questions are answered too by what was just read."""
    if (so_far := tx.info.get(_READ)) is not None:
        so_far.update(answers)
