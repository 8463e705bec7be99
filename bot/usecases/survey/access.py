"""Who sees a survey and who works on it: those who see its figures, and of what it comes to also those whom it asks."""

from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import Row
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Refusal
from bot.rules.report.refusals import NoReports, NotYourService
from bot.rules.survey.flow import FLOW, PHRASE, Role, SurveyState, SurveyStep
from bot.rules.survey.refusals import NotYourSurvey
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility, workers
from bot.usecases.report.access import managers, scope
from storage.survey import surveys as stored
from storage.tables import Survey

may_work = workers.who_is_not_refused(scope)


async def find(tx: AsyncSession, ref: Ref) -> Survey:
    """No access check: for drawing and for Deskbell's own work. Raises NoSuchRecord."""
    return await visibility.find(tx, Survey, ref)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> Survey:
    """That there is one is no secret: its card stands in a channel. Raises NoSuchRecord, NotYourSurvey."""
    survey = await find(tx, ref)
    if not await works_on(tx, survey, by) and await stored.of_person(tx, ref.number, by) is None:
        raise NotYourSurvey(who=f"{await _leads(tx, survey)}, and those whom it asks,", act=f"look at {ref}")
    return survey


async def works_on(tx: AsyncSession, survey: Survey, by: str) -> bool:
    """Whoever sees its figures: they note, link and promise what is done about it. Raises GuestsMayNot."""
    try:
        return by == SYSTEM or (await scope(tx, by, survey.service)).has(survey.service or "")
    except (NoReports, NotYourService):
        return False


async def refusal(tx: AsyncSession, survey: Survey, act: str) -> Refusal:
    return NotYourSurvey(who=await _leads(tx, survey), act=act)


async def _leads(tx: AsyncSession, survey: Survey) -> str:
    """Who sees its figures."""
    return managers((await in_force(tx)).policy) + (" and the owners of its service" if survey.service else "")


async def way(tx: AsyncSession, survey: Survey, step: SurveyStep, by: str) -> Row[SurveyStep, SurveyState, Role]:
    """Raises NotYourSurvey, AlreadyDone, NotAStep."""
    await visibility.require_worker(tx, survey, by, PHRASE[step])
    done_by = await people.name(tx, survey.moved_by)
    return FLOW.check(survey.ref, step, SurveyState(survey.state), done_by=done_by)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> Survey:
    """The survey, if this person could do that with it now; raises what doing it would."""
    survey = await shown_to(tx, ref, by)
    if isinstance(what, SurveyStep):
        await way(tx, survey, what, by)
    elif what is not None:
        await visibility.require_worker(tx, survey, by, what)
    return survey
