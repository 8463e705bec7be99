"""What a problem comes from: causes that are supposed, confirmed or ruled out, each with its evidence."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem.causes import CauseStatus
from bot.rules.problem.flow import ProblemAct
from bot.rules.problem.refusals import CauseJudged, NoSuchCause
from bot.rules.record import text
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases.policy import in_force
from bot.usecases.problem import access
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record, required
from storage import records
from storage.problem import problems as stored
from storage.tables import Problem, ProblemCause

STATEMENT_MOST = 300
CAUSES_MOST = 99
"""With the problem itself, what a menu of Slack has room for."""


async def suppose(
    tx: AsyncSession, ref: Ref, statement: str, under: str, category: str, evidence: str, *, by: str, now: datetime
) -> Problem:
    """`under` is the number of the cause that it explains; empty: it explains the problem itself.

    Raises FormRefused, NoSuchCause, ProblemEnded, NotYourProblem, NoSuchRecord.
    """
    statement = required("title", "The cause", text.one_line(statement), STATEMENT_MOST)
    evidence = text.clean(evidence)
    if evidence and (faults := text.faults({"comment": ("The evidence", evidence, text.WORDS_MOST)})):
        raise FormRefused(faults)
    problem = await _held(tx, ref, by)
    known = await stored.causes(tx, ref.number)
    if len(known) >= CAUSES_MOST:
        raise FormRefused({"title": f"{ref} has {CAUSES_MOST} causes, which is the most. Raise another problem."})
    above = _numbered(ref, under, known) if under.strip() else None
    categories = (await in_force(tx)).policy.problems.categories
    chosen = next((one for one in categories if one.casefold() == category.strip().casefold()), None)
    cause = ProblemCause(
        problem=ref.number,
        number=len(known) + 1,
        under=above.number if above else None,
        category=above.category if above else chosen or categories[0],
        statement=statement,
        status=CauseStatus.SUPPOSED,
        evidence=evidence,
        by=by,
        at=now,
    )
    tx.add(cause)
    await tx.flush()
    data: dict[str, Datum] = {"cause": cause.number, "under": cause.under, "category": cause.category}
    await record(tx, problem, FactKind.CAUSE_SUPPOSED, Deed(by, now), data, {"comment": statement})
    return problem


async def confirm(tx: AsyncSession, ref: Ref, number: str, evidence: str, *, by: str, now: datetime) -> Problem:
    """Raises FormRefused, CauseJudged, and as `suppose`."""
    return await _judge(tx, ref, number, CauseStatus.CONFIRMED, evidence, Deed(by, now))


async def rule_out(tx: AsyncSession, ref: Ref, number: str, why: str, *, by: str, now: datetime) -> Problem:
    """Raises as `confirm`."""
    return await _judge(tx, ref, number, CauseStatus.RULED_OUT, why, Deed(by, now))


async def of(tx: AsyncSession, ref: Ref, by: str) -> tuple[Problem, list[ProblemCause]]:
    """The tree, for who may see the problem. Raises NoSuchRecord."""
    return await access.shown_to(tx, ref, by), await stored.causes(tx, ref.number)


async def _judge(tx: AsyncSession, ref: Ref, number: str, status: CauseStatus, evidence: str, deed: Deed) -> Problem:
    evidence = required("comment", "The evidence", evidence)
    problem = await _held(tx, ref, deed.by)
    cause = _numbered(ref, number, await stored.causes(tx, ref.number))
    # A supposition may be judged, and what was confirmed ruled out after all.
    if cause.status == status or cause.status == CauseStatus.RULED_OUT:
        raise CauseJudged(ref=ref, number=cause.number, status=cause.status)
    if not await stored.judge(tx, ref.number, cause.number, status, cause.status, evidence):
        raise CauseJudged(ref=ref, number=cause.number, status=status)
    data: dict[str, Datum] = {"cause": cause.number, "status": str(status)}
    await record(tx, problem, FactKind.CAUSE_JUDGED, deed, data, {"comment": evidence})
    return problem


async def _held(tx: AsyncSession, ref: Ref, by: str) -> Problem:
    """The problem, locked: two who name a cause at once get two numbers."""
    problem = await access.may(tx, ProblemAct.CAUSE, ref, by)
    await records.touch(tx, Problem, ref.number)
    await tx.refresh(problem)
    return problem


def _numbered(ref: Ref, typed: str, known: list[ProblemCause]) -> ProblemCause:
    wanted = typed.strip().lstrip("cC#")
    found = next((one for one in known if str(one.number) == wanted), None)
    if found is None:
        raise NoSuchCause(ref=ref, typed=f"“{typed.strip()[:20]}”")
    return found
