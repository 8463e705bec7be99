"""Loans: asking for one, handing it out, taking it back. Each function is one transaction's work."""

from datetime import datetime
from functools import partial

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.loan.flow import FLOW, LoanStep
from bot.rules.record.refs import Noun, Ref
from bot.usecases import people
from bot.usecases.loan import access
from bot.usecases.records import steps
from bot.usecases.records.record import Deed, record, required
from storage import record_numbers, records
from storage.tables import Loan


async def ask(tx: AsyncSession, item: str, *, by: str, now: datetime) -> Loan:
    """Raises FormRefused, GuestsMayNot."""
    await people.member(tx, by)
    item = required("title", "What you want to borrow", item, 150)
    number = await record_numbers.next_number(tx, Noun.LOAN)
    loan = Loan(number=number, state=FLOW.begins, item=item, borrower=by, asked_at=now)
    await records.add(tx, loan)
    await record(tx, loan, FLOW.opened, Deed(by, now))
    return loan


async def listed(tx: AsyncSession) -> list[Loan]:
    """The newest first."""
    return await records.page(tx, Loan, [], [col(Loan.number).desc()], 20)


async def hand_out(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Loan:
    """Raises NotForBorrowers, AlreadyDone, NotAStep, NoSuchRecord."""
    return await _step(tx, ref, LoanStep.HAND_OUT, Deed(by, now))


async def take_back(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Loan:
    """Raises as `hand_out`."""
    return await _step(tx, ref, LoanStep.TAKE_BACK, Deed(by, now))


async def _step(tx: AsyncSession, ref: Ref, step: LoanStep, deed: Deed) -> Loan:
    loan = await access.find(tx, ref)
    taken = await steps.step(tx, loan, partial(access.way, tx, step=step, by=deed.by))
    await record(tx, taken.record, FLOW.facts[step], deed, {"from": taken.from_state})
    return taken.record
