"""What is said of problems and known errors, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem.causes import CausesView
from bot.rules.problem.flow import KnownErrorState, ProblemState
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Noun, of_subject
from bot.usecases.policy import in_force
from bot.usecases.problem import fixes, known_errors
from bot.usecases.records import fields, links
from bot.usecases.records.visibility import as_read, find, sees
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import UploadPicture
from handlers.problem.views import card as views
from handlers.problem.views import known_errors as known_error_views
from handlers.problem.views import pictures
from handlers.problem.views.card import Beside
from handlers.records.news import fact_of
from storage import record_links
from storage.delivery import posts
from storage.problem import problems as stored
from storage.problem import trends as stored_trends
from storage.tables import KnownError, Outbox, Problem


async def card_of(tx: AsyncSession, problem: Problem, reader: str | None = None) -> Message:
    """With what may be shown on it to this reader, or to all in its channel."""
    subject, shown = str(problem.ref), set(await links.of(tx, problem, reader))
    found = [one for one in await record_links.every(tx, subject) if {one.subject, one.other} & shown]
    problem = await as_read(tx, problem, reader)
    known, causes = await known_errors.of_problem(tx, problem), await stored.causes(tx, problem.number)
    trend, answered = await stored_trends.of(tx, problem.number), await fields.of(tx, problem.ref)
    has_fix = problem.state != ProblemState.KNOWN or await fixes.any_for(tx, problem)
    is_fixed = problem.state != ProblemState.FIXING or await fixes.is_finished(tx, problem)
    beside = Beside(found, known, causes, trend, answered, has_fix=has_fix, is_fixed=is_fixed)
    return views.card(problem, (await in_force(tx)).policy, beside)


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    return await card_of(tx, await _problem(tx, row))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    problem = await _problem(tx, row)
    fact = await fact_of(tx, row, problem)
    return views.news(problem, fact) if fact else None


async def _due(tx: AsyncSession, row: Outbox) -> Rendered:
    if of_subject(row.about).noun is Noun.KNOWN_ERROR:
        return known_error_views.due(await _known_error(tx, row), row.created_at.date().isoformat())
    return views.due(await _problem(tx, row), json.loads(row.data)["what"])


async def _told(tx: AsyncSession, row: Outbox) -> Rendered:
    """As it reads now; what was retired meanwhile is not told."""
    known = await _known_error(tx, row)
    if known.state != KnownErrorState.PUBLISHED:
        return None
    named = await sees(tx, known.ref, row.lane.removeprefix("@"))
    return known_error_views.told(known, json.loads(row.data)["incident"], named=named)


async def _fixed(tx: AsyncSession, row: Outbox) -> Rendered:
    problem = await _problem(tx, row)
    named = await sees(tx, problem.ref, row.lane.removeprefix("@"))
    return known_error_views.fixed(problem, json.loads(row.data)["incident"], named=named)


async def _asked(tx: AsyncSession, row: Outbox) -> Rendered:
    return known_error_views.asked(await _known_error(tx, row))


async def _problem(tx: AsyncSession, row: Outbox) -> Problem:
    return await find(tx, Problem, of_subject(row.about))


async def _known_error(tx: AsyncSession, row: Outbox) -> KnownError:
    return await find(tx, KnownError, of_subject(row.about))


async def _drawing(tx: AsyncSession, row: Outbox) -> Rendered:
    problem, view = await _problem(tx, row), CausesView(json.loads(row.data)["view"])
    found = await stored.causes(tx, problem.number)
    # The picture is drawn beside the loop, when this transaction is over.
    tx.expunge_all()
    about = (view, problem.title, found, (await in_force(tx)).policy.problems.categories)
    name = f"{problem.ref}-{view}".lower()
    title, words = f"{view.label} of {problem.ref}", pictures.in_words(*about)
    return UploadPicture(f"{name}.png", title, words, partial(pictures.png, *about))


async def _picture(tx: AsyncSession, row: Outbox) -> Rendered:
    problem, data = await _problem(tx, row), json.loads(row.data)
    found, view = await stored.causes(tx, problem.number), CausesView(data["view"])
    words = pictures.in_words(view, problem.title, found, (await in_force(tx)).policy.problems.categories)
    head = await posts.first(tx, row.about, NoticeKind.PROBLEM_CARD, row.lane)
    shown = views.picture(problem, view, data["file"], words)
    return replace(shown, thread_ts=head.ts) if head else shown


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.PROBLEM_CARD: _card,
    NoticeKind.PROBLEM_NEWS: _news,
    NoticeKind.PROBLEM_DUE: _due,
    NoticeKind.PROBLEM_FIXED: _fixed,
    NoticeKind.PROBLEM_DRAWING: _drawing,
    NoticeKind.PROBLEM_PICTURE: _picture,
    NoticeKind.WORKAROUND_TOLD: _told,
    NoticeKind.WORKAROUND_ASKED: _asked,
}
