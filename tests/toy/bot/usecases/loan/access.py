"""Who is what to a loan, asked here alone: for buttons, forms and refusals alike."""

from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.loan.flow import FLOW, PHRASE, LoanState, LoanStep, Role
from bot.rules.loan.refusals import NotForBorrowers
from bot.rules.policy.policy import GroupKey
from bot.rules.record.flow import Row
from bot.rules.record.refs import Ref
from bot.usecases import people
from bot.usecases.records import visibility
from storage.tables import Loan
from storage.workspace import people as directory


async def find(tx: AsyncSession, ref: Ref) -> Loan:
    """Raises NoSuchRecord."""
    return await visibility.find(tx, Loan, ref)


async def shown_to(tx: AsyncSession, ref: Ref, _by: str) -> Loan:
    """Everybody may see loans. Raises NoSuchRecord."""
    return await find(tx, ref)


async def works_on(tx: AsyncSession, _loan: Loan, by: str) -> bool:
    """Raises GuestsMayNot."""
    await people.member(tx, by)
    return by in await directory.members(tx, GroupKey.SERVICE_DESK)


async def refusal(_tx: AsyncSession, _loan: Loan, act: str) -> NotForBorrowers:
    return NotForBorrowers(who=Role.DESK, act=act)


async def way(tx: AsyncSession, loan: Loan, step: LoanStep, by: str) -> Row[LoanStep, LoanState, Role]:
    """The way that the step takes now. Raises NotForBorrowers, AlreadyDone, NotAStep."""
    await visibility.require_worker(tx, loan, by, PHRASE[step])
    return FLOW.check(loan.ref, step, LoanState(loan.state), [Role.DESK], done_by="the desk")


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> Loan:
    """The loan, if this person could do that with it now; raises what doing it would."""
    loan = await find(tx, ref)
    if isinstance(what, LoanStep):
        await way(tx, loan, what, by)
    elif what is not None:
        await visibility.require_worker(tx, loan, by, what)
    return loan
