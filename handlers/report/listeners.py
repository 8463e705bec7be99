"""Figures in Slack: `/report`, the records of a figure, and how each is counted."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy_format.hints import hint
from bot.rules.record.refs import Noun
from bot.rules.report.periods import Every, typed
from bot.rules.report.refusals import NotAPeriod
from bot.rules.sla.refusals import NoSuchService
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.report import access, figures, reports, service_levels
from bot.usecases.report.reports import Asked as Wanted
from bot.usecases.report.reports import Report
from bot.usecases.sla.board import service_named
from handlers.blocks.kit import Message
from handlers.ids import Action, Command
from handlers.records import replies
from handlers.records.commands import Asked, Listener, Verb, anything, finds, word
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.report import export, issued
from handlers.report.messages import RENDERERS
from handlers.report.views import report as views
from handlers.report.views import service_levels as service_level_views
from handlers.request import response_url
from handlers.request.context import RequestContext


async def show_report(asked: Asked) -> None:
    """`/report`, `/report this month`, `/report quarter vpn`.

    A quarter of a large desk takes longer to count than Slack waits: who may ask is acked first, and answered then.
    """
    turn = asked.turn
    async with turn.read(long=True) as tx:
        wanted = await _wanted(tx, asked.text)
        is_long = bool(asked.response_url) and await reports.is_long(tx, wanted, turn.person, turn.now)
        found = None if is_long else await reports.report(tx, wanted, turn.person, turn.now)
    if found is None:
        await asked.ack()
        await _answer_later(asked, wanted)
        return
    if (left := await _left_to_say(asked, found)) is None:
        await asked.ack()
    else:
        await replies.say(asked.ack, left)


async def _answer_later(asked: Asked, wanted: Wanted) -> None:
    turn = asked.turn
    counted = await turn.aside(reports.counted, wanted, turn.person, turn.now)
    async with turn.read() as tx:
        found = await reports.report(tx, wanted, turn.person, turn.now, counted)
    if (left := await _left_to_say(asked, found)) is not None:
        await response_url.taken(asked.response_url, asked.client, left)


async def _left_to_say(asked: Asked, found: Report) -> Message | None:
    """What is to be said in words, where the workspace draws no tables yet; None once it was answered with them.

    Where it draws no charts, the same figures come as a picture.
    """
    url, client = asked.response_url, asked.client
    if await response_url.taken(url, client, views.report(found, with_charts=True)):
        return None
    painted = bool(url) and views.has_charts(found)
    if painted:
        async with asked.turn.begin() as tx:
            await reports.send_picture(tx, found, views.title(found), by=asked.turn.person, now=asked.turn.now)
    if await response_url.taken(url, client, views.report(found, painted=painted)):
        return None
    return views.words(found, painted=painted)


async def show_figure(asked: Asked) -> None:
    """`/report figure NAME [this] [week|month|quarter|2026-01] [SERVICE]`."""
    name, _, rest = asked.text.partition(" ")[2].strip().partition(" ")
    measure, turn = figures.measure_named(name), asked.turn
    async with turn.read(long=True) as tx:
        wanted = await _wanted(tx, rest)
        period, _ = wanted.periods(turn.now, await people.zone(tx, turn.person))
        found = await reports.one(tx, measure, period, wanted.service, turn.person, turn.now)
    await replies.say(asked.ack, views.figure(found))


async def show_service_levels(asked: Asked) -> None:
    """`/report levels [this] [week|month|quarter|2026-01] [SERVICE] [for CUSTOMER]`."""
    turn = asked.turn
    text, of_whom, named = f" {asked.text.partition(' ')[2].strip()}".partition(" for ")
    async with turn.read(long=True) as tx:
        customer = await service_levels.customer_named(tx, named.strip()) if of_whom else None
        wanted = await _wanted(tx, text.strip())
        found = await service_levels.asked(tx, wanted, customer, turn.person, turn.now)
        policy = (await in_force(tx)).policy
    await replies.say(asked.ack, service_level_views.review(found, policy))


async def open_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """*Open the records of…*: those that this person may see now."""
    name, period, service = views.opened_by(action["selected_option"]["value"])
    async with turn.read(long=True) as tx:
        found = await reports.one(tx, figures.measure_named(name), period, service, turn.person, turn.now)
    await replies.show_view(client, body, views.figure_view(found))
    await ack()


async def define(asked: Asked) -> None:
    await replies.say(asked.ack, views.definition(figures.measure_named(asked.text.partition(" ")[2].strip())))


async def list_measures(asked: Asked) -> None:
    await replies.say(asked.ack, views.measures())


async def _wanted(tx: AsyncSession, text: str) -> Wanted:
    """Raises NotAPeriod for what is neither a period nor a service."""
    period, words = typed(text.split())
    named = " ".join(words)
    try:
        service = await service_named(tx, named) if named else None
        return Wanted(period.every or Every.WEEK, period.running, service, period.first)
    except NoSuchService:
        if period.every:
            raise
        raise NotAPeriod(typed=text.strip(), hint=hint(text, list(Every))) from None


def _begins(verb: str) -> Any:
    return lambda text: text.casefold().startswith(f"{verb} ")


COMMANDS = Table(
    Command.REPORT,
    "Figures, and reports of them",
    noun=Noun.REPORT,
    staff=access.sees_any,
    own=[
        Verb("list", "all figures", list_measures, word("list")),
        Verb("define NAME", "how it is counted", define, _begins("define")),
        Verb("figure NAME [month] [SERVICE]", "one, with its records", show_figure, _begins("figure"), staff=True),
        Verb(
            "levels [month] [SERVICE] [for CUSTOMER]",
            "promises, shortfalls and what is done about each",
            show_service_levels,
            lambda text: text.casefold().split()[:1] == ["levels"],
            staff=True,
        ),
        Verb(export.USAGE, "a file of records", export.ask, replies.begins("export"), staff=True),
        *issued.VERBS,
        Verb(
            "[this] [week|month|quarter|2026-01|2026-Q1|2026-W07] [SERVICE]",
            "the last, this one so far, or one by its name",
            show_report,
            anything,
            staff=True,
        ),
    ],
    finds=finds(lambda tx, asked: _wanted(tx, asked.text)),
)
ACTIONS: dict[str, Listener] = {Action.FIGURE_OPEN: open_clicked, **issued.ACTIONS}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=issued.KIND,
    actions=ACTIONS,
    submissions=issued.SUBMISSIONS,
    renderers={**RENDERERS, **export.RENDERERS},
)
