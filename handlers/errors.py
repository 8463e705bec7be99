"""What a person hears when something was refused or went wrong: the one place that catches (law 7)."""

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.refusals import FormRefused, Refusal
from handlers import requests
from handlers.turn import Repeated
from handlers.views import kit

log = logging.getLogger(__name__)

TOO_MANY = 429
TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})


async def answer(
    error: Exception, body: dict[str, Any], ack: AsyncAck, respond: AsyncRespond, client: AsyncWebClient
) -> BoltResponse:
    """Always acknowledges: a refusal as itself, a repeat in silence, anything else as a code that the log has too."""
    if isinstance(error, Repeated):
        requests.came_to("repeated")
        return await ack()
    requests.came_to("refused" if isinstance(error, Refusal) else "untold" if requests.was_saved() else "failed")
    faults = error.faults if isinstance(error, FormRefused) else {}
    sentence = _sentence(error, body)
    if body.get("type") == "view_submission" and requests.was_saved():
        return await ack()
    if body.get("type") == "view_submission":
        return await ack(response_action="errors", errors=_field_errors(body["view"], error, sentence, faults))
    if "command" in body:
        return await ack(response_type="ephemeral", text=kit.esc(sentence))
    acked = await ack()
    try:
        if body.get("response_url"):
            await respond(text=kit.esc(sentence), response_type="ephemeral", replace_original=False)
        else:
            await _show(client, body, kit.esc(sentence))
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as fault:
        log.warning("nobody could be told: %s", fault)  # what came of the request stands all the same
    return acked


async def _show(client: AsyncWebClient, body: Mapping[str, Any], sentence: str) -> None:
    """Where Slack gives no address to answer to: in a modal, or under the message that mentioned us."""
    event, in_modal = body.get("event", {}), body.get("view", {}).get("type") == "modal"
    if in_modal and [one["type"] for one in body.get("actions", [])] != ["button"]:
        return  # somebody is filling in a form: its submission is refused in its place, and what is typed stays
    if "view" in body or body.get("type") == "shortcut":
        show = client.views_push if in_modal else client.views_open
        await show(trigger_id=body["trigger_id"], view=kit.note_view("Not done", sentence))
    elif event.get("type") == "app_mention" and event.get("user"):
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
    if requests.was_saved():
        return (
            "That is saved, but something went wrong on our side when you were to be shown it; "
            f"if it stays out of sight, give the code {requests.code()} to whoever runs Deskbell."
        )
    return (
        "Something went wrong on our side, and nothing was saved. Please try again; "
        f"if it stays, give the code {requests.code()} to whoever runs Deskbell."
    )


def _busy(seconds: str | None) -> str:
    kept = "What you did is saved." if requests.was_saved() else "Nothing was saved. Please try again then."
    return f"Slack is busy and asks us to wait {seconds or 30} seconds. {kept}"


def _field_errors(
    view: Mapping[str, Any], error: Exception, sentence: str, faults: Mapping[str, str]
) -> dict[str, str]:
    """By block. What concerns no field of this form stands under its first, so that nothing typed is lost (law 2)."""
    inputs = [block["block_id"] for block in view.get("blocks", []) if block.get("type") == "input"]
    shown = {field: text for field, text in faults.items() if field in inputs}
    if shown:
        return shown
    field = error.field if isinstance(error, Refusal) else None
    return {field if field and field in inputs else next(iter(inputs), ""): sentence}
