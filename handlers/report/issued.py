"""Issued reports in Slack: looking at them, and all that is done to them."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.records import visibility
from bot.usecases.report import issued_access
from bot.usecases.report.access import scope
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.ids import Action as Id
from handlers.records import actions as engine
from handlers.records import listeners, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked, Listener, Verb, word
from handlers.records.listeners import Kind
from handlers.records.standard_actions import standard
from handlers.report.actions import ACTIONS as OF_REPORTS
from handlers.report.messages import card_of
from handlers.report.views import issued as views
from handlers.request.context import RequestContext
from storage.report import issued
from storage.tables import IssuedReport

LISTED = 30


async def show(asked: Asked) -> None:
    ref, _ = asked.about(Noun.REPORT)
    async with asked.turn.read() as tx:
        message = await card_of(tx, await issued_access.shown_to(tx, ref, asked.turn.person))
    await replies.say(asked.ack, message)


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        await scope(tx, asked.turn.person)
        message = views.listing(await issued.newest(tx, LISTED))
    await replies.say(asked.ack, message)


async def _latest(tx: AsyncSession, ref: Ref) -> RecordVersion:
    return views.seen_of(await issued_access.find(tx, ref))


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> IssuedReport:
    return await issued_access.may(tx, action.step, seen.ref, turn.person)


async def _card(tx: AsyncSession, ref: Ref) -> Message:
    return await card_of(tx, await issued_access.shown_to(tx, ref, SYSTEM))


async def _told(_turn: RequestContext, action: Action, ref: Ref, _done: Any) -> Message:
    return replies.done(ref, action.done)


async def _menu(tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
    report = await issued_access.shown_to(tx, ref, turn.person)
    works = await visibility.works_on(tx, report, turn.person)
    seen = views.seen_of(report)
    lead = f"*{ref}* {kit.esc(views.title(report))}"
    offered = list(OF_REPORTS.values()) if works else []
    return engine.menu(offered, seen, lead, [kit.button(Id.REPORT_TIMELINE, "Timeline", seen)])


KIND = Kind(Noun.REPORT, OF_REPORTS, lambda seen: seen.ref, _latest, _may, views.title, _card, _told, _menu)
VERBS = (
    Verb("issued", "reports that came", show_list, word("issued")),
    Verb("RPT-n", "one of them", show, replies.names(Noun.REPORT)),
    standard.timeline_verb(Noun.REPORT, views.title, views.say),
    *verbs.verbs(KIND),
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.REPORT_TIMELINE: standard.timeline_button(Noun.REPORT, views.title, views.say),
}
SUBMISSIONS = listeners.submissions(KIND)
