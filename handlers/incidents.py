"""Incidents in Slack: parse, do, acknowledge."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import incidents
from bot.desk.incidents import Report
from bot.desk.policy import in_force
from bot.rules.incident_flow import IncidentStep
from bot.rules.priority import Impact, Urgency
from bot.rules.refs import Noun, Ref, Seen
from handlers import answers, major_incidents
from handlers.commands import Asked, Listener, Table, Verb, word
from handlers.forms import Filled
from handlers.ids import Action, Command, Field, Form
from handlers.major_seen import with_suggestion
from handlers.turn import Turn
from handlers.views import incidents as views
from handlers.views.kit import Message
from storage import clocks
from storage import incidents as stored

LISTED = 15


async def report(asked: Asked) -> None:
    """`/incident [summary]` opens the form."""
    await _open_report(asked.client, asked.trigger_id, asked.turn, asked.text)
    await asked.ack()


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        shown = await stored.open_ones(tx, LISTED)
        more = await stored.count_open(tx) - len(shown)
        message = views.listing(shown, more, (await in_force(tx)).policy)
    await answers.say(asked.ack, message)


async def show(asked: Asked) -> None:
    ref = Ref.parse(asked.text, Noun.INCIDENT)
    async with asked.turn.read() as tx:
        message = await card(tx, ref)
    await answers.say(asked.ack, message)


async def report_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    await _open_report(client, body["trigger_id"], turn, "")
    await ack()


async def weighed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    """Impact or urgency was chosen: the form says what priority that makes."""
    view, filled = body["view"], Filled(body["view"])
    values: dict[str, str] = {field: filled.choice(field) for field in (Field.IMPACT, Field.URGENCY, Field.SERVICE)}
    values |= {field: filled.text(field) for field in (Field.SUMMARY, Field.DESCRIPTION)}
    async with turn.read() as tx:
        redrawn = views.weighed_form((await in_force(tx)).policy, values)
    # Without the view's hash: whoever chooses twice before the first redraw arrives would be refused the second.
    await client.views_update(view_id=view["id"], view=redrawn)
    await ack()


async def reported(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    sent = Report(
        summary=filled.text(Field.SUMMARY),
        description=filled.text(Field.DESCRIPTION),
        service=filled.choice(Field.SERVICE),
        impact=filled.one_of(Field.IMPACT, Impact),
        urgency=filled.one_of(Field.URGENCY, Urgency),
    )
    async with turn.begin() as tx:
        await incidents.log(tx, sent, by=turn.person, now=turn.now)
    await ack()


async def acknowledge_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, turn: Turn
) -> None:
    seen = Seen.parse(action["value"], Noun.INCIDENT)
    async with turn.begin() as tx:
        await incidents.acknowledge(tx, seen, by=turn.person, now=turn.now)
        message = await card(tx, seen.ref)
    await ack()
    await answers.redraw_own(body, respond, message)


async def resolve_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """Asks for the note; refuses those who could not resolve before they have typed it."""
    seen = Seen.parse(action["value"], Noun.INCIDENT)
    async with turn.read() as tx:
        incident = await incidents.may(tx, IncidentStep.RESOLVE, seen, turn.person)
    await client.views_open(trigger_id=body["trigger_id"], view=views.resolution_form(incident))
    await ack()


async def resolution_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    seen, note = filled.about(Noun.INCIDENT), filled.text(Field.RESOLUTION)
    async with turn.begin() as tx:
        await incidents.resolve(tx, seen, note, by=turn.person, now=turn.now)
    await ack()


async def card(tx: AsyncSession, ref: Ref) -> Message:
    """The incident's card as it stands. Raises NoSuchRecord."""
    incident = await incidents.find(tx, ref)
    drawn = views.card(incident, await clocks.of(tx, str(ref)), (await in_force(tx)).policy)
    return await with_suggestion(tx, incident, drawn)


async def _open_report(client: AsyncWebClient, trigger_id: str, turn: Turn, typed: str) -> None:
    async with turn.read() as tx:
        view = views.report_form((await in_force(tx)).policy, typed)
    await client.views_open(trigger_id=trigger_id, view=view)


COMMANDS = Table(
    Command.INCIDENT,
    "Incidents: something is broken or slow",
    [
        Verb("list", "what is open, the most urgent first", show_list, word("list")),
        Verb("INC-n", "one incident and where it stands", show, answers.names(Noun.INCIDENT)),
        *major_incidents.VERBS,
        Verb(
            "[summary]", "report one: a form opens with your words in it", report, lambda typed: typed.lower() != "help"
        ),
    ],
)
ACTIONS: dict[str, Listener] = {
    Action.ACKNOWLEDGE: acknowledge_clicked,
    Action.RESOLVE: resolve_clicked,
    Action.REPORT_INCIDENT: report_clicked,
    Field.IMPACT: weighed,
    Field.URGENCY: weighed,
}
SUBMISSIONS: dict[str, Listener] = {Form.INCIDENT_REPORT: reported, Form.INCIDENT_RESOLUTION: resolution_given}
