"""Logging an incident from anywhere: command, button, shortcuts, a thread; and what is offered while it is typed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.form.additional_fields import FieldsOf
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.text import SUMMARY_MOST, first_sentence, shorten
from bot.usecases.configuration_item import naming
from bot.usecases.incident import confirmation, incidents, people
from bot.usecases.incident.incidents import Origin, Report
from bot.usecases.policy import in_force
from bot.usecases.problem import known_errors
from bot.usecases.records.fields import questions_of
from bot.usecases.request import catalogue
from handlers.blocks import questions
from handlers.blocks.kit import View
from handlers.ids import Action, Field, Form, Shortcut
from handlers.incident import messages, verbs
from handlers.incident.actions import ACTIONS as ACTIONS_OF_ONE
from handlers.incident.views import known_errors as known_error_views
from handlers.incident.views import report_form as views
from handlers.incident.views.report_form import Draft
from handlers.incident.views.updates import RATINGS
from handlers.records.commands import Asked, Listener, Reply
from handlers.records.form_values import Filled
from handlers.records.message_shortcut import link_of
from handlers.request.context import FormRedrawn, RequestContext
from handlers.request.linked import foresee
from handlers.workspace.spoken import spoken

CLOSED_TO_US = frozenset({"privategroup", "directmessage"})
"""What Slack calls channels in which Deskbell may not be."""


async def report(asked: Asked) -> None:
    """`/incident [summary]` opens the form; in an incident's own channel `/incident resolve …` is about that one."""
    if await verbs.run_here(asked):
        return
    if asked.mistaken is not None:
        raise asked.mistaken
    await asked.opens(await _form(asked.turn, asked.text, typed_in=asked.channel))


async def report_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """With the words that somebody looked for in the catalogue of requests, where the button stands below those."""
    await _open(client, body["trigger_id"], turn, str(action.get("value") or ""))
    await ack()


async def log_here_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """The button that a mention in a thread was answered with."""
    told = json.loads(action["value"])
    origin = {"channel": str(told["channel"]), "thread_ts": str(told["thread_ts"]), "answered": True}
    await _open(client, body["trigger_id"], turn, str(told["summary"]), **origin)
    await ack()


async def from_message(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """The message shortcut: its words are the summary, and the number is said in its thread."""
    message, place = shortcut["message"], shortcut["channel"]
    text = await spoken(str(message.get("text") or ""), client, turn)
    ts = str(message.get("ts") or shortcut.get("message_ts"))
    origin = {
        "channel": str(place["id"]),
        "thread_ts": str(message.get("thread_ts") or ts),
        "answered": place.get("name") not in CLOSED_TO_US,
    }
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        author = str(message.get("user") or "")
        behalf = author if author != turn.person and await incidents.can_report(tx, author) else ""
    draft = views.drafted(policy, text, **origin)
    summary = shorten(first_sentence(text), SUMMARY_MOST)
    draft = replace(draft, summary=summary, description=f"{text}\n\n{link_of(shortcut)}".strip(), behalf=behalf)
    await client.views_open(trigger_id=shortcut["trigger_id"], view=views.report_form(policy, draft))
    await ack()


async def from_anywhere(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    await _open(client, shortcut["trigger_id"], turn, "")
    await ack()


async def filling(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """Something was chosen or typed: the form says what priority that makes and what is open already."""
    view = body["view"]
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        draft = _draft(view, policy)
        similar = await incidents.similar(tx, draft.summary, draft.service, turn.person)
        known = await known_errors.likely(tx, policy, draft.summary, draft.service, turn.person)
        items = await catalogue.read_like(tx, draft.summary, turn.person)
        shown = await foresee(tx, views.report_form(policy, draft, similar, known, items), turn)
    offered = [*(str(one.ref) for one in known), *(f"INC-{one.number}" for one in similar), *(one.key for one in items)]
    # While somebody types, the form is drawn again only where that shows something new.
    if action["action_id"] != Field.SUMMARY or offered != views.offered_in(view):
        # Without the view's hash: whoever chooses twice before the first redraw arrives would be refused the second.
        await client.views_update(view_id=view["id"], view=shown)
    await ack()


async def reported(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    """Kept, and answered where it was typed; that an answer is not possible there changes nothing."""
    filled = Filled(view)
    async with turn.begin() as tx:
        policy = (await in_force(tx)).policy
        draft = _draft(view, policy)
        asked = questions.asked_in(view, questions_of(policy, FieldsOf.INCIDENT))
        if list(asked) != list(views.additional(policy, draft).ids):
            raise FormRedrawn(views.report_form(policy, draft))
        origin = Origin(draft.channel, draft.thread_ts, draft.answered) if draft.channel else None
        incident = await incidents.log(tx, _report(draft, filled), by=turn.person, now=turn.now, origin=origin)
        if draft.known_error:
            ref = Ref(Noun.KNOWN_ERROR, draft.known_error)
            await known_errors.logged(tx, ref, incident, by=turn.person, now=turn.now)
        await naming.as_reported(tx, incident, filled.choices(Field.CI_ITEMS), by=turn.person, now=turn.now)
        answer = await messages.answer(tx, incident, draft.typed_in)
    await reply(answer)
    await ack()


def _report(draft: Draft, filled: Filled) -> Report:
    return Report(
        summary=draft.summary,
        description=draft.description,
        service=draft.service,
        impact=filled.one_of(Field.IMPACT, Impact),
        urgency=filled.one_of(Field.URGENCY, Urgency),
        private=draft.private,
        behalf=draft.behalf or None,
        fields=draft.fields,
    )


async def helped_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """A workaround did it: nothing is logged."""
    ref = RecordVersion.parse(action["value"], Noun.KNOWN_ERROR).ref
    async with turn.begin() as tx:
        known = await known_errors.helped(tx, ref, by=turn.person, now=turn.now)
    await client.views_update(view_id=body["view"]["id"], view=known_error_views.thanks(known))
    await ack()


async def log_anyway_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """The form goes on; what is sent will be linked to the known error's problem."""
    ref = RecordVersion.parse(action["value"], Noun.KNOWN_ERROR).ref
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        draft = replace(_draft(body["view"], policy), known_error=ref.number)
        known = [await known_errors.offered_to(tx, ref, turn.person)]
    await client.views_update(view_id=body["view"]["id"], view=views.report_form(policy, draft, (), known))
    await ack()


async def me_too_clicked(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    client: AsyncWebClient,
    turn: RequestContext,
) -> None:
    ref = RecordVersion.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        incident = await people.join(tx, ref, by=turn.person, now=turn.now)
    await ack()
    if "view" in body:
        await client.views_update(view_id=body["view"]["id"], view=views.joined(incident))
    else:
        await respond(text=f"You will be told how {ref} goes.", response_type="ephemeral", replace_original=False)


async def rated(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    """One of the five marks; the message says it then."""
    ref, mark = RecordVersion.parse(action["value"], Noun.INCIDENT).ref, RATINGS[Action(action["action_id"])]
    async with turn.begin() as tx:
        await confirmation.rate(tx, ref, int(mark), "", by=turn.person, now=turn.now)
    await ack()


async def _open(client: AsyncWebClient, trigger_id: str, turn: RequestContext, typed: str, **origin: object) -> None:
    await client.views_open(trigger_id=trigger_id, view=await _form(turn, typed, **origin))


async def _form(turn: RequestContext, typed: str, **origin: object) -> View:
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
        draft = views.drafted(policy, typed, **origin)
        similar = await incidents.similar(tx, draft.summary, draft.service, turn.person)
        known = await known_errors.likely(tx, policy, draft.summary, draft.service, turn.person)
        items = await catalogue.read_like(tx, draft.summary, turn.person)
        return await foresee(tx, views.report_form(policy, draft, similar, known, items), turn)


def _draft(view: Mapping[str, Any], policy: Policy) -> Draft:
    filled = Filled(view)
    values = {str(field): filled.choice(field) for field in (Field.IMPACT, Field.URGENCY, Field.SERVICE)}
    values |= {str(field): filled.text(field) for field in (Field.SUMMARY, Field.DESCRIPTION)}
    values[Field.BEHALF] = filled.person(Field.BEHALF)
    draft = views.draft_of(values, filled.ticked(Field.PRIVATE), filled.kept)
    answered = questions.read(view, questions_of(policy, FieldsOf.INCIDENT))
    return replace(draft, items=filled.options(Field.CI_ITEMS), fields=answered)


ACTIONS: dict[str, Listener] = {
    Action.REPORT_INCIDENT: report_clicked,
    Action.LOG_HERE: log_here_clicked,
    **dict.fromkeys(RATINGS, rated),
    Action.WORKAROUND_HELPED: helped_clicked,
    Action.LOG_ANYWAY: log_anyway_clicked,
    ACTIONS_OF_ONE["metoo"].id: me_too_clicked,
    **dict.fromkeys((Field.SUMMARY, Field.SERVICE, Field.IMPACT, Field.URGENCY), filling),
}
SUBMISSIONS: dict[str, Listener] = {Form.INCIDENT_REPORT: reported}
SHORTCUTS: dict[str, Listener] = {
    Shortcut.LOG_INCIDENT: from_anywhere,
    Shortcut.LOG_INCIDENT_FROM_MESSAGE: from_message,
}
