"""What is said of surveys, drawn from the records as they are when it is sent."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.policy import in_force
from bot.usecases.survey import access, surveys
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.survey.views import survey as views
from handlers.survey.views.survey import Sheet
from storage.action import actions
from storage.tables import Outbox, Survey


async def card_of(tx: AsyncSession, survey: Survey) -> Message:
    done = await actions.of_parent(tx, str(survey.ref))
    found, policy = await surveys.standing(tx, survey), (await in_force(tx)).policy
    return views.card(Sheet(found, policy, [one for one in done if not one.private]))


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return await card_of(tx, await access.find(tx, of_subject(row.about)))


async def _asked(tx: AsyncSession, row: Outbox) -> Rendered:
    survey = await access.find(tx, of_subject(row.about))
    mine = await surveys.mine(tx, survey, row.lane.removeprefix("@"))
    late = survey.closed_at is not None or (mine is not None and mine.marks is not None)
    if mine is None or (row.verb == "post" and late):
        return None
    return views.asked(survey, mine, (await surveys.standing(tx, survey)).answered)


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.SURVEY_CARD: _card, NoticeKind.SURVEY_ASKED: _asked}
