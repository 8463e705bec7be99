"""What falls due about problems: the end of a watch, the review of a risk, the review of a known error."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, date, datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem import notices
from bot.rules.problem.flow import KnownErrorState, ProblemState
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.problem import access
from bot.usecases.records import owners
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.records.visibility import find
from storage import records, timers
from storage.delivery import outbox
from storage.tables import KnownError, Problem, Timer
from storage.workspace import people as directory

WATCH, LOOK_AGAIN, REVIEW, ASK = "problem_watch", "problem_look_again", "known_error_review", "known_error_ask"
"""The kinds of these timers."""
_AT = time(9, 0)


async def set_end(tx: AsyncSession, problem: Problem) -> None:
    if problem.watched_until is not None:
        await timers.schedule(tx, str(problem.ref), WATCH, str(problem.revision), problem.watched_until)


async def set_look_again(tx: AsyncSession, problem: Problem, day: date) -> None:
    await timers.schedule(
        tx, str(problem.ref), LOOK_AGAIN, f"{day}.{problem.revision}", datetime.combine(day, _AT, UTC)
    )


async def set_review(tx: AsyncSession, known: KnownError) -> None:
    day = date.fromisoformat(known.review_on)
    await timers.schedule(tx, str(known.ref), REVIEW, known.review_on, datetime.combine(day, _AT, UTC))


async def ask_later(tx: AsyncSession, known: KnownError, who: str, now: datetime) -> None:
    """Whether it still helps, once."""
    after = (await in_force(tx)).policy.problems.ask_after
    await timers.schedule(tx, str(known.ref), ASK, f"{who}.{int(now.timestamp())}", now + after)


async def _end(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    problem = await find(tx, Problem, of_subject(timer.subject))
    if problem.state == ProblemState.WATCHED and timer.occurrence == str(problem.revision):
        await _remind(tx, problem, "watch", timer.occurrence, now)


async def _look_again(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    problem = await find(tx, Problem, of_subject(timer.subject))
    if problem.state == ProblemState.ACCEPTED and timer.occurrence.startswith(f"{problem.look_again_on}."):
        await _remind(tx, problem, "risk", timer.occurrence, now)


async def _remind(tx: AsyncSession, problem: Problem, what: str, occurrence: str, now: datetime) -> None:
    policy = (await in_force(tx)).policy
    hear = await owners.reminded(tx, problem.assignee, access.working_group(problem, policy), late=False)
    managers = [] if problem.private else await directory.members(tx, policy.problems.manager)
    await record(tx, problem, FactKind.PROBLEM_REMINDED, Deed(SYSTEM, now), {"what": what})
    told = [*hear, *(managers if what == "risk" else [])]
    await outbox.put_all(tx, notices.due(str(problem.ref), what, occurrence, told), now)


async def _review(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """What is past its day is still offered, and marked; its owner is asked, or the group where they have left."""
    known = await find(tx, KnownError, of_subject(timer.subject))
    if known.state != KnownErrorState.PUBLISHED or known.review_on != timer.occurrence:
        return
    problem, policy = await access.problem_of(tx, known), (await in_force(tx)).policy
    hear = await owners.reminded(tx, known.owner, access.working_group(problem, policy), late=False)
    await record(tx, known, FactKind.KNOWN_ERROR_REMINDED, Deed(SYSTEM, now), {"review_on": known.review_on})
    await outbox.put_all(tx, notices.due(str(known.ref), "review", timer.occurrence, hear), now)


async def _ask(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    reader = timer.occurrence.partition(".")[0]
    if await people.served(tx, [reader]):
        await outbox.put(tx, notices.helped(timer.subject, timer.occurrence, reader), now)


async def held(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    """Lock the problem before its timers ring, as those do who take a step."""
    ref: Ref = of_subject(subject)
    await records.hold(tx, Problem if ref.noun is Noun.PROBLEM else KnownError, ref.number)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {
    WATCH: _end,
    LOOK_AGAIN: _look_again,
    REVIEW: _review,
    ASK: _ask,
}
