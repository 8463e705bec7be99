"""Questions about problems, their causes and known errors."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import JSON, BigInteger, ColumnElement, String, bindparam, case, cast, func, literal, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem.flow import OPEN, Audience, KnownErrorState
from bot.rules.problem.likeness import LOOKED_AT, SERVICE_WORD, Offered
from bot.rules.problem.list_filter import ProblemFilter
from bot.rules.record.refs import Noun
from storage import record_fields, records
from storage.db.concerning import concern, rows
from storage.sql import changed, containing, insertion, run, spoken
from storage.tables import KnownError, KnownErrorWord, Membership, Problem, ProblemCause
from storage.tables.practices.problems import OPEN as OPEN_AS_INDEXED
from storage.workspace import leavers

_WORDS = insertion(KnownErrorWord, lambda row: row.on_conflict_do_nothing())


@dataclass(frozen=True)
class Viewer:
    """Who asks, and what they may see."""

    person: str
    groups: Collection[str]
    all_private: bool
    """Whether every private record is for their eyes."""


async def page(tx: AsyncSession, asked: ProblemFilter, viewer: Viewer, limit: int, offset: int = 0) -> list[Problem]:
    """The most pressing first."""
    order: list[ColumnElement[Any]] = [col(Problem.priority).asc(), col(Problem.number).asc()]
    return await records.page(tx, Problem, _clauses(asked, viewer), order, limit, offset, ended=_searched(asked))


async def count(tx: AsyncSession, asked: ProblemFilter, viewer: Viewer) -> int:
    return await records.count(tx, Problem, _clauses(asked, viewer), ended=_searched(asked))


async def left_out(tx: AsyncSession, asked: ProblemFilter) -> bool:
    return await records.left_out(tx, Problem, ended=_searched(asked))


def _searched(asked: ProblemFilter) -> bool:
    """Whether only the newest are looked through: a person's own are found by an index, and so is all that is open."""
    return not set(asked.states) <= OPEN and not asked.mine


async def raised_by(tx: AsyncSession, person: str, limit: int) -> list[Problem]:
    """Open ones, the newest first."""
    return await rows(tx, _RAISED, person, _NEWEST_RAISED, most=limit)


async def of_leavers(tx: AsyncSession) -> list[Problem]:
    """Open ones of people whom Deskbell may not serve any more."""
    return await leavers.held(tx, Problem, Problem.assignee, records.still(Problem, OPEN_AS_INDEXED))


async def causes(tx: AsyncSession, problem: int) -> list[ProblemCause]:
    """In the order in which they were named."""
    query = select(ProblemCause).where(ProblemCause.problem == problem).order_by(col(ProblemCause.number))
    return list(await tx.exec(query))


async def judge(tx: AsyncSession, problem: int, number: int, status: str, frm: str, evidence: str) -> bool:
    """Law 3: False where somebody judged it first."""
    one = update(ProblemCause).where(
        col(ProblemCause.problem) == problem, col(ProblemCause.number) == number, col(ProblemCause.status) == frm
    )
    return await changed(tx, one.values(status=status, evidence=evidence)) == 1


async def known_errors(tx: AsyncSession, problems: Collection[int], states: Collection[str]) -> list[KnownError]:
    """Of these problems, the newest first."""
    query = select(KnownError).where(
        col(KnownError.problem).in_(list(problems)), col(KnownError.state).in_(list(states))
    )
    return list(await tx.exec(query.order_by(col(KnownError.number).desc())))


async def count_published(tx: AsyncSession, viewer: Viewer, words: Sequence[str]) -> int:
    found = select(func.count()).select_from(KnownError).where(*_offered(viewer), *_having(words))
    return (await tx.exec(found)).one()


async def published(
    tx: AsyncSession, viewer: Viewer, words: Sequence[str], limit: int, offset: int = 0
) -> list[KnownError]:
    """What somebody may be offered and has each of these words, what is used most first."""
    query = select(KnownError).where(*_offered(viewer), *_having(words))
    ordered = query.order_by(col(KnownError.helped).desc(), col(KnownError.number).desc())
    return list(await tx.exec(ordered.limit(limit).offset(offset)))


class Alike(NamedTuple):
    known: Offered
    shared: list[str]
    """The words that it has of those that were asked for."""


async def sharing_words(
    tx: AsyncSession, words: Sequence[str], service: str, person: str, private_group: str, enough: int
) -> list[Alike]:
    """Published ones that share most of these words and that this person may see; those of the service first.

    What shares a single word has to be of the service, and is looked up only where there is not `enough` else: of
    10,000 known errors hundreds do. For drawing alone: what the offer shows, since a session's records cost as much as
    to find them; and one statement, which asks for the person's groups and the words that are shared too, since each
    costs more than what it finds.
    """
    # A word is told by its bit: to put together the words of hundreds cost half of the statement.
    bits = {word: 1 << place for place, word in enumerate(words)}
    told = {"words": json.dumps(bits), "service": service, "person": person, "group": private_group}
    found = (await run(tx, _SHARING_SEVERAL(tx), told)).all()
    if len(found) < enough:
        found = [*found, *(await run(tx, _SHARING_ONE(tx), told)).all()]
    return [Alike(Offered(*row[:-1]), [word for word, bit in bits.items() if row[-1] & bit]) for row in found]


_EACH: Mapping[str, Any] = {
    "sqlite": func.json_each(bindparam("words", type_=String)),
    "postgresql": func.json_each_text(cast(bindparam("words", type_=String), JSON)),
}
"""The words with their bits: one value however many there are."""


def _sharing(dialect: str, *, several: bool) -> Any:
    """Put together once: it is asked at each pause of somebody's typing."""
    typed, count = _EACH[dialect].table_valued("key", "value"), func.count()
    shared = (
        sa_select(
            col(KnownErrorWord.known_error),
            count.label("shared"),
            cast(func.sum(cast(typed.c.value, BigInteger)), BigInteger).label("bits"),
        )
        .select_from(typed)
        .join(KnownErrorWord, col(KnownErrorWord.word) == typed.c.key)
        .group_by(col(KnownErrorWord.known_error))
        .having(count > 1 if several else count == 1)
        .subquery()
    )
    of_service = col(KnownError.services) == bindparam("service")
    mine = sa_select(col(Membership.group_key)).where(col(Membership.person) == bindparam("person"))
    of_a_group, of_the_group = mine.exists(), mine.where(col(Membership.group_key) == bindparam("group")).exists()
    return (
        sa_select(*(getattr(KnownError, name) for name in Offered._fields), shared.c.bits)
        .join(shared, shared.c.known_error == col(KnownError.number))
        .where(
            col(KnownError.state) == KnownErrorState.PUBLISHED,
            or_(col(KnownError.audience) == Audience.EVERYONE, of_a_group),
            or_(~col(KnownError.private), of_the_group),
            *(() if several else (_has_service(),)),
        )
        .order_by(shared.c.shared.desc(), case((of_service, 0), else_=1), col(KnownError.number).desc())
        .limit(LOOKED_AT)
    )


def _has_service() -> ColumnElement[bool]:
    """By the words that it is found by: it may have several services."""
    of_it = col(KnownErrorWord.known_error) == col(KnownError.number)
    named = col(KnownErrorWord.word) == literal(SERVICE_WORD) + bindparam("service")
    return sa_select(col(KnownErrorWord.word)).where(of_it, named).correlate(KnownError).exists()


_SHARING_SEVERAL = spoken({one: _sharing(one, several=True) for one in _EACH})
_SHARING_ONE = spoken({one: _sharing(one, several=False) for one in _EACH})


async def index(tx: AsyncSession, number: int, words: Collection[str]) -> None:
    """Make these the words that it is found by; none takes it out of what is offered."""
    await changed(tx, delete(KnownErrorWord).where(col(KnownErrorWord.known_error) == number))
    if words:
        await run(tx, _WORDS(tx), [{"word": word, "known_error": number} for word in words])


async def counted(tx: AsyncSession, number: int, **by: int) -> None:
    """Raise what is counted."""
    raised = {name: getattr(KnownError, name) + more for name, more in by.items()}
    await changed(tx, update(KnownError).where(col(KnownError.number) == number).values(**raised))


def _offered(viewer: Viewer) -> list[ColumnElement[bool]]:
    """What is for the desk alone, is for members of any group; what is private, for those who see all that is."""
    found = [col(KnownError.state) == KnownErrorState.PUBLISHED]
    if not viewer.groups:
        found.append(col(KnownError.audience) == Audience.EVERYONE)
    if not viewer.all_private:
        found.append(~col(KnownError.private))
    return found


def _having(words: Sequence[str]) -> list[ColumnElement[bool]]:
    texts = (KnownError.symptom, KnownError.workaround, KnownError.words)
    return [or_(*(containing(one, word) for one in texts)) for word in words]


def _clauses(asked: ProblemFilter, viewer: Viewer) -> list[ColumnElement[bool]]:
    own = or_(col(Problem.assignee) == viewer.person, col(Problem.raised_by) == viewer.person)
    seen = literal(True) if viewer.all_private else or_(~col(Problem.private), own)
    found: list[ColumnElement[bool]] = [
        records.within(Problem.state, asked.states, ended=not set(asked.states) <= OPEN),
        seen,
    ]
    if set(asked.states) <= OPEN:
        found.append(records.still(Problem, OPEN_AS_INDEXED))
    if asked.mine:
        found.append(col(Problem.number).in_(records.newest_of(Problem.number, Problem.assignee, viewer.person)))
    if asked.group:
        found.append(col(Problem.owner_group).in_(list(viewer.groups)))
    if asked.unassigned:
        found.append(col(Problem.assignee).is_(None))
    if asked.service:
        found.append(col(Problem.service) == asked.service)
    if asked.priorities:
        found.append(col(Problem.priority).in_(sorted(asked.priorities)))
    return [
        *found,
        *(or_(*_has(word)) for word in asked.words),
    ]


def _has(word: str) -> list[ColumnElement[bool]]:
    texts = [containing(one, word) for one in (Problem.title, Problem.summary, Problem.old_ref)]
    return [*texts, record_fields.said(Noun.PROBLEM, Problem.number, word)]


_RAISED_BY = select(Problem).where(col(Problem.state).in_(sorted(OPEN)), Problem.raised_by == bindparam("person"))
_RAISED = concern(_RAISED_BY)
_NEWEST_RAISED = _RAISED_BY.order_by(col(Problem.number).desc()).limit(bindparam("most"))
