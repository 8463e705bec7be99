"""What a person hears when something was refused or went wrong: the one place that catches (law 7)."""

import logging
from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.record.refusals import FormRefused, NothingAnswers, Refusal
from bot.usecases import people
from handlers.blocks import fitting, kit
from handlers.ids import Event
from handlers.request import app
from handlers.request.context import FormRedrawn, Repeated, RequestContext
from handlers.request.linked import Answers, Called, LinkingClient

log = logging.getLogger(__name__)

TOO_MANY = 429
TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})


async def answer(
    error: Exception,
    body: dict[str, Any],
    ack: AsyncAck,
    respond: AsyncRespond,
    client: AsyncWebClient,
    context: AsyncBoltContext,
) -> BoltResponse:
    """Always acknowledges: a refusal as itself, a repeat in silence, anything else as a code that the log has too."""
    if isinstance(error, Refusal | FormRedrawn) and "answers" in context:
        answers: Answers = context["answers"]
        zone = await _zone(error, body, answers.turn)
        return await _answer(error, body, answers.ack(ack), answers.respond(respond), answers.client(client), zone)
    return await _answer(error, body, ack, respond, client)


async def _zone(error: Exception, body: Mapping[str, Any], turn: RequestContext) -> tzinfo:
    """By whose clocks a form's errors are told: they are plain text, in which Slack draws no times by itself."""
    said = (str(error), *(error.faults.values() if isinstance(error, FormRefused) else ()))
    if body.get("type") != "view_submission" or not any(map(kit.has_instant, said)):
        return UTC
    async with turn.look() as tx:
        return await people.zone(tx, turn.person)


async def _answer(
    error: Exception,
    body: dict[str, Any],
    ack: Called,
    respond: Called,
    client: AsyncWebClient | LinkingClient,
    zone: tzinfo = UTC,
) -> BoltResponse:
    if isinstance(error, Repeated):
        app.came_to("repeated")
        return _response(await ack())
    if isinstance(error, FormRedrawn):
        return _response(await ack(response_action="update", view=error.view))
    app.came_to(_outcome(error))
    faults = error.faults if isinstance(error, FormRefused) else {}
    sentence = _sentence(error, body)
    if body.get("type") == "view_submission" and app.was_saved():
        return _response(await ack())
    if body.get("type") == "view_submission":
        told = _field_errors(body["view"], error, sentence, faults)
        shown = {field: kit.dated_by(text, zone) for field, text in told.items()}
        return _response(await ack(response_action="errors", errors=shown))
    if "command" in body and not app.was_answered():
        return _response(await ack(response_type="ephemeral", text=fitting.text(kit.dated(kit.esc(sentence)))))
    acked, said = await ack(), fitting.text(kit.dated(kit.esc(sentence)))
    try:
        if body.get("response_url"):
            await respond(text=said, response_type="ephemeral", replace_original=False)
        else:
            await _show(client, body, said, refused=isinstance(error, Refusal))
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as fault:
        log.warning("nobody could be told: %s", fault)  # what came of the request stands all the same
    return _response(acked)


def _response(acked: Any) -> BoltResponse:
    return acked  # type: ignore[no-any-return]


def _outcome(error: Exception) -> str:
    if isinstance(error, NothingAnswers):
        return "unknown"
    return "refused" if isinstance(error, Refusal) else "untold" if app.was_saved() else "failed"


async def _show(
    client: AsyncWebClient | LinkingClient, body: Mapping[str, Any], sentence: str, *, refused: bool
) -> None:
    """Where Slack gives no address to answer to: in a modal, or under the message that mentioned us."""
    event, view = body.get("event") or {}, body.get("view") or {}
    in_modal = view.get("type") == "modal"
    if in_modal and [one.get("type") for one in body.get("actions") or ()] != ["button"]:
        return  # somebody is filling in a form: its submission is refused in its place, and what is typed stays
    if view or body.get("type") == "shortcut":
        show = client.views_push if in_modal else client.views_open
        if trigger := body.get("trigger_id"):  # without one no form can be opened
            await show(trigger_id=trigger, view=kit.note_view("Not done", sentence))
    elif event.get("type") == Event.APP_HOME_OPENED:
        if refused:  # after a fault the Home stays as it was
            home = kit.HomeView({"type": "home", "blocks": [kit.section(sentence)]})
            await client.views_publish(user_id=event["user"], view=home.view)
    elif event.get("type") == Event.FILE_SHARED:
        await client.chat_postEphemeral(channel=event["channel_id"], user=event["user_id"], text=sentence)
    elif event.get("user") and (event.get("type") == "app_mention" or event.get("channel_type") == "im"):
        # Of other messages most are not meant for us: nobody is answered who asked nothing.
        where = {"channel": event["channel"], "user": event["user"], "thread_ts": event.get("thread_ts")}
        await client.chat_postEphemeral(**where, text=sentence)


def _sentence(error: Exception, body: Mapping[str, Any]) -> str:
    if isinstance(error, FormRefused) and error.faults:
        return " ".join(error.faults.values())
    if isinstance(error, Refusal):
        return error.sentence
    if isinstance(error, SlackApiError) and error.response.get("error") in TOO_LATE:
        return "That took longer than Slack waits, so the form could not open. Please try again."
    if isinstance(error, SlackApiError) and error.response.status_code == TOO_MANY:
        log.warning("Slack takes no more for now: %s", error.response.get("error"))
        return _busy(error.response.headers.get("Retry-After"))
    log.error("a %s failed", body.get("type") or body.get("command"), exc_info=error)
    if app.was_saved():
        return (
            "That is saved, but something went wrong on our side when you were to be shown it; "
            f"if it stays out of sight, give the code {app.code()} to whoever runs Deskbell."
        )
    return (
        "Something went wrong on our side, and nothing was saved. Please try again; "
        f"if it stays, give the code {app.code()} to whoever runs Deskbell."
    )


def _busy(seconds: str | None) -> str:
    kept = "What you did is saved." if app.was_saved() else "Nothing was saved. Please try again then."
    wait = f"{seconds or 30} {'second' if seconds == '1' else 'seconds'}"
    return f"Slack is busy and asks us to wait {wait}. {kept}"


def _field_errors(
    view: Mapping[str, Any], error: Exception, sentence: str, faults: Mapping[str, str]
) -> dict[str, str]:
    """By block. What concerns no field of this form stands under its first, so that nothing typed is lost (law 2)."""
    inputs = [block["block_id"] for block in view.get("blocks") or () if block.get("type") == "input"]
    shown = {field: text for field, text in faults.items() if field in inputs}
    if shown:
        return shown
    field = error.field if isinstance(error, Refusal) else None
    return {field if field and field in inputs else next(iter(inputs), ""): sentence}
