"""Reads an answer once: while a transaction only looks, or of what nearly no transaction changes."""

from collections.abc import Awaitable, Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

T = TypeVar("T")

_READ = "read so far"
_STEADY = "read so far of what stays"
_ADDED = "records that are new"


@dataclass
class Answers:
    """What one transaction that only looks has read, for the next one of the same request."""

    read: dict[Hashable, Any] = field(default_factory=dict)
    steady: dict[Hashable, Any] = field(default_factory=dict)

    def forget(self) -> None:
        """What is written next, or was by somebody else, makes it untrue."""
        self.read, self.steady = {}, {}


@contextmanager
def looking(tx: AsyncSession, known: Answers | None = None) -> Iterator[None]:
    """Within it nothing is written and no record is locked, so that an answer stays the answer.

    `known`: what was answered just before; it learns what is read here.
    """
    tx.info[_READ] = {} if known is None else known.read
    if known is not None:
        tx.info[_STEADY] = known.steady
    try:
        yield
    except BaseException:
        if known is not None:
            known.forget()  # What is rolled back takes the rows along that were read in it.
        raise
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


def already(tx: AsyncSession, question: Hashable) -> Any:
    """The answer, while the transaction only looks and this was asked before; None elsewhere."""
    return tx.info.get(_READ, {}).get(question)


async def steady(tx: AsyncSession, question: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
    """As `once`, also where the transaction writes: of the directory, which whoever changes it says by `stirred`."""
    answers = _steady(tx)
    if question not in answers:
        answers[question] = await ask()
    answer: T = answers[question]
    return answer


def settled(tx: AsyncSession, question: Hashable) -> Any:
    """The answer that `steady` has already; None elsewhere."""
    return _steady(tx).get(question)


def unasked(tx: AsyncSession, questions: Collection[Hashable]) -> list[Hashable]:
    """Those that `steady` has no answer to yet."""
    answers = _steady(tx)
    return [one for one in questions if one not in answers]


def known_steady(tx: AsyncSession, answers: Mapping[Hashable, object]) -> None:
    """What was just read answers these questions of `steady` too."""
    _steady(tx).update(answers)


def directory_of(tx: AsyncSession) -> dict[Hashable, Any]:
    """All that `steady` has answers to."""
    return dict(_steady(tx))


def stirred(tx: AsyncSession) -> None:
    """The transaction has changed the directory: it is read again."""
    tx.info.pop(_STEADY, None)


def added(tx: AsyncSession, subject: str) -> None:
    """A record is new in this transaction: nothing can be said of it yet that would have to be read."""
    tx.info[_ADDED] = [*every_added(tx), subject]


def is_added(tx: AsyncSession, subject: str) -> bool:
    return subject in every_added(tx)


def every_added(tx: AsyncSession) -> Sequence[str]:
    """References of the records that are new in this transaction."""
    found: Sequence[str] = tx.info.get(_ADDED, ())
    return found


def _steady(tx: AsyncSession) -> dict[Hashable, Any]:
    answers: dict[Hashable, Any] = tx.info.setdefault(_STEADY, {})
    return answers
