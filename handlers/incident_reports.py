"""Logging an incident from anywhere: command, button, shortcuts, a thread; and what is offered while it is typed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import incident_people, incidents
from bot.desk.incidents import Origin, Report
from bot.desk.policy import in_force
from bot.rules.priority import Impact, Urgency
from bot.rules.refs import Noun, Seen
from handlers import incident_verbs
from handlers.commands import Asked, Listener
from handlers.forms import Filled, as_typed
from handlers.ids import Action, Field, Form, Shortcut
from handlers.turn import Turn
from handlers.views import incident_report as views
from handlers.views import kit
from handlers.views.incident_report import Draft

CLOSED_TO_US = frozenset({"privategroup", "directmessage"})
"""What Slack calls channels in which Deskbell may not be."""
OFFERED_MOST = 100


async def report(asked: Asked) -> None:
    """`/incident [summary]` opens the form; in an incident's own channel `/incident resolve …` is about that one."""
    if await incident_verbs.run_here(asked):
        return
    if asked.mistaken is not None:
        raise asked.mistaken
    await _open(asked.client, asked.trigger_id, asked.turn, asked.text)
    await asked.ack()


async def report_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    await _open(client, body["trigger_id"], turn, "")
    await ack()


async def log_here_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """The button that a mention in a thread was answered with."""
    told = json.loads(action["value"])
    origin = {"channel": str(told["channel"]), "thread_ts": str(told["thread_ts"]), "answered": True}
    await _open(client, body["trigger_id"], turn, str(told["summary"]), **origin)
    await ack()


async def from_message(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    """The message shortcut: its words are the summary, and the number is said in its thread."""
    message, place = shortcut["message"], shortcut["channel"]
    text = as_typed(str(message.get("text") or ""))
    ts = str(message.get("ts") or shortcut.get("message_ts"))
    link = f"https://{shortcut['team'].get('domain', 'slack')}.slack.com/archives/{place['id']}/p{ts.replace('.', '')}"
    origin = {
        "channel": str(place["id"]),
        "thread_ts": str(message.get("thread_ts") or ts),
        "answered": place.get("name") not in CLOSED_TO_US,
    }
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
    draft = views.drafted(policy, text, **origin)
    draft = replace(draft, description=f"{draft.description}\n\n{link}".strip())
    await client.views_open(trigger_id=shortcut["trigger_id"], view=views.report_form(policy, draft))
    await ack()


async def from_anywhere(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    await _open(client, shortcut["trigger_id"], turn, "")
    await ack()


async def filling(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """Something was chosen or typed: the form says what priority that makes and what is open already."""
    view = body["view"]
    draft = _draft(view)
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        similar = await incidents.similar(tx, draft.summary, draft.service, turn.person)
    offered = [f"INC-{one.number}" for one in similar]
    # While somebody types, the form is drawn again only where that shows something new.
    if action["action_id"] != Field.SUMMARY or offered != views.offered_in(view):
        # Without the view's hash: whoever chooses twice before the first redraw arrives would be refused the second.
        await client.views_update(view_id=view["id"], view=views.report_form(policy, draft, similar))
    await ack()


async def services_asked(ack: AsyncAck, payload: Mapping[str, Any], turn: Turn) -> None:
    """Services whose name or description has what is being typed."""
    typed = str(payload.get("value") or "").casefold()
    async with turn.read() as tx:
        services = (await in_force(tx)).policy.services
    found = [
        kit.option(one.name, key, one.description)
        for key, one in services.items()
        if typed in one.name.casefold() or typed in one.description.casefold()
    ]
    await ack(options=found[:OFFERED_MOST])


async def reported(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled, draft = Filled(view), _draft(view)
    sent = Report(
        summary=draft.summary,
        description=draft.description,
        service=draft.service,
        impact=filled.one_of(Field.IMPACT, Impact),
        urgency=filled.one_of(Field.URGENCY, Urgency),
        private=draft.private,
        behalf=draft.behalf or None,
    )
    origin = Origin(draft.channel, draft.thread_ts, draft.answered) if draft.channel else None
    async with turn.begin() as tx:
        await incidents.log(tx, sent, by=turn.person, now=turn.now, origin=origin)
    await ack()


async def me_too_clicked(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    client: AsyncWebClient,
    turn: Turn,
) -> None:
    ref = Seen.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        incident = await incident_people.join(tx, ref, by=turn.person, now=turn.now)
    await ack()
    if "view" in body:
        await client.views_update(view_id=body["view"]["id"], view=views.joined(incident))
    else:
        await respond(text=f"You will be told how {ref} goes.", response_type="ephemeral", replace_original=False)


async def _open(client: AsyncWebClient, trigger_id: str, turn: Turn, typed: str, **origin: object) -> None:
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        draft = views.drafted(policy, typed, **origin)
        similar = await incidents.similar(tx, draft.summary, draft.service, turn.person)
    await client.views_open(trigger_id=trigger_id, view=views.report_form(policy, draft, similar))


def _draft(view: Mapping[str, Any]) -> Draft:
    filled = Filled(view)
    values = {str(field): filled.choice(field) for field in (Field.IMPACT, Field.URGENCY, Field.SERVICE)}
    values |= {str(field): filled.text(field) for field in (Field.SUMMARY, Field.DESCRIPTION)}
    values[Field.BEHALF] = filled.person(Field.BEHALF)
    return views.draft_of(values, filled.ticked(Field.PRIVATE), filled.kept)


ACTIONS: dict[str, Listener] = {
    Action.REPORT_INCIDENT: report_clicked,
    Action.LOG_HERE: log_here_clicked,
    Action.ME_TOO: me_too_clicked,
    **dict.fromkeys((Field.SUMMARY, Field.SERVICE, Field.IMPACT, Field.URGENCY), filling),
}
SUBMISSIONS: dict[str, Listener] = {Form.INCIDENT_REPORT: reported}
SHORTCUTS: dict[str, Listener] = {
    Shortcut.LOG_INCIDENT: from_anywhere,
    Shortcut.LOG_INCIDENT_FROM_MESSAGE: from_message,
}
OPTIONS: dict[str, Listener] = {Field.SERVICE: services_asked}
