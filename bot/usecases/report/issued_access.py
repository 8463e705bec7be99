"""Who sees an issued report, and who works on it: those who see the figures that are in it."""

from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import Row
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Refusal
from bot.rules.report.flow import FLOW, PHRASE, ReportState, ReportStep, Role
from bot.rules.report.refusals import NoReports, NotYourReport, NotYourService
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.report.access import managers, scope
from storage.tables import IssuedReport


async def find(tx: AsyncSession, ref: Ref) -> IssuedReport:
    """Raises NoSuchRecord."""
    return await visibility.find(tx, IssuedReport, ref)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> IssuedReport:
    """Raises NoSuchRecord, NoReports, NotYourService, GuestsMayNot."""
    if by != SYSTEM:
        await scope(tx, by)
    report = await find(tx, ref)
    if by != SYSTEM and report.service is not None:
        await scope(tx, by, report.service)
    return report


async def works_on(tx: AsyncSession, report: IssuedReport, by: str) -> bool:
    """Whoever sees it: they note, link and promise what is done about it. Raises GuestsMayNot."""
    try:
        return by == SYSTEM or await scope(tx, by, report.service) is not None
    except (NoReports, NotYourService):
        return False


async def refusal(tx: AsyncSession, _report: IssuedReport, act: str) -> Refusal:
    return NotYourReport(groups=managers((await in_force(tx)).policy), act=act)


async def way(tx: AsyncSession, report: IssuedReport, step: ReportStep, by: str) -> Row[ReportStep, ReportState, Role]:
    """Who sees all figures of it. Raises NotYourReport."""
    await visibility.require_worker(tx, report, by, PHRASE[step])
    if report.service is None and (await scope(tx, by)).services is not None:
        raise await refusal(tx, report, PHRASE[step].format(ref=report.ref))
    return FLOW.check(report.ref, step, ReportState(report.state))


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> IssuedReport:
    """The report, if this person could do that with it now; raises what doing it would."""
    report = await shown_to(tx, ref, by)
    if isinstance(what, ReportStep):
        await way(tx, report, what, by)
    elif what is not None:
        await visibility.require_worker(tx, report, by, what)
    return report
