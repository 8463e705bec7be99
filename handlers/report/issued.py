"""Issued reports in Slack: looking at them, and all that is done to them."""

from collections.abc import Collection
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun
from bot.usecases.records import visibility
from bot.usecases.report import issued_access
from bot.usecases.report.access import scope
from handlers.ids import Action as Id
from handlers.records import kinds, listeners, replies, verbs
from handlers.records.commands import Asked, Listener, Verb, word
from handlers.records.kinds import Kind
from handlers.report.actions import ACTIONS as OF_REPORTS
from handlers.report.messages import card_of
from handlers.report.views import issued as views
from handlers.request.context import RequestContext
from storage.report import issued
from storage.tables import IssuedReport

LISTED = 30


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        await scope(tx, asked.turn.person)
        message = views.listing(await issued.newest(tx, LISTED))
    await replies.say(asked.ack, message)


async def _can(tx: AsyncSession, report: IssuedReport, turn: RequestContext) -> Collection[StrEnum]:
    works = await visibility.works_on(tx, report, turn.person)
    return {one.step for one in OF_REPORTS.values() if one.step} if works else ()


KIND = Kind(
    noun=Noun.REPORT,
    actions=OF_REPORTS,
    title=views.title,
    card=kinds.card(lambda tx, report, _: card_of(tx, report)),
    may=kinds.may(issued_access.may),
    can=_can,
    any_revision=True,
    staff_only=lambda _: True,
    stands=lambda _: "",
    timeline=Id.REPORT_TIMELINE,
    says=views.say,
)
VERBS = (
    Verb("issued", "reports that came", show_list, word("issued"), staff=True),
    verbs.shown(KIND, "one of them"),
    *verbs.verbs(KIND),
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
}
SUBMISSIONS = listeners.submissions(KIND)
