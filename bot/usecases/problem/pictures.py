"""The tree of causes as a picture: asked for, uploaded, and shown in the thread of the problem's card."""

import json
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem import notices
from bot.rules.problem.causes import CausesView
from bot.rules.record.facts import FactKind
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.usecases import people
from bot.usecases.problem import access, problems
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.records.visibility import find
from storage.delivery import outbox
from storage.tables import Outbox, Problem


async def draw(tx: AsyncSession, ref: Ref, view: CausesView, *, by: str, now: datetime) -> Problem:
    """Any member who may see it. Raises NoSuchRecord, GuestsMayNot."""
    await people.member(tx, by)
    problem = await access.shown_to(tx, ref, by)
    await record(tx, problem, FactKind.CAUSES_DRAWN, Deed(by, now), {"view": view})
    await outbox.put(tx, notices.drawing(str(ref), view, now), now)
    return problem


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """The file is in Slack: now a message can show it."""
    if row.kind == NoticeKind.PROBLEM_DRAWING and outcome.standing is Standing.DONE:
        problem = await find(tx, Problem, of_subject(row.about))
        lanes = [one for one in await problems.lanes_of(tx, problem) if one.startswith("#")]
        view = str(json.loads(row.data)["view"])
        await outbox.put_all(tx, notices.pictures(row.about, view, outcome.found["file"], lanes), now)
