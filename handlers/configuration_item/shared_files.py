"""A file that is shared with a channel of a source: read, planned, shown beneath it, and applied by a button."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.notices import plan_of
from bot.rules.configuration_item.refusals import UnreadableFile
from bot.rules.record.notices import NoticeKind
from bot.usecases.configuration_item import imports, shared_files
from bot.usecases.configuration_item.imports import Read
from bot.usecases.configuration_item.shared_files import ENDINGS, Shared
from handlers.blocks.renderer import Rendered, Renderer
from handlers.configuration_item.views import plans as views
from handlers.ids import Action, Event
from handlers.records.commands import Listener
from handlers.request import sent_files
from handlers.request.context import RequestContext
from storage.tables import Outbox

MOST_BYTES = 1_000_000
"""About ten thousand rows, which are mostly judged within the three seconds that Slack waits."""


async def shared(
    ack: AsyncAck, event: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext, turn: RequestContext
) -> None:
    """Acknowledged last: a file that was not planned, since the process ended, is told of again by Slack."""
    async with turn.database.read() as tx:
        found = await shared_files.source_of(tx, str(event["channel_id"]))
    if found is not None and turn.person != context.bot_user_id:
        file = (await client.files_info(file=str(event["file_id"])))["file"]
        if str(file["name"]).rpartition(".")[2].lower() in ENDINGS:
            source, room = found
            beneath = Shared(str(file["id"]), room, _thread(file, str(event["channel_id"])))
            await _planned_beneath(beneath, Read(await _bytes(client, file), str(file["name"]), source), turn)
    await ack()


async def _planned_beneath(beneath: Shared, read: Read, turn: RequestContext) -> None:
    """Raises UnreadableFile, GuestsMayNot. Slack, which waits for three seconds, tells of the file again
    meanwhile: what is refused is told once."""
    async with turn.begin_before() as tx:
        await shared_files.begin(tx, read.source, by=turn.person, now=turn.now)
    try:
        plan = await imports.drawn_aside(turn.database, read)
    except UnreadableFile:
        await turn.served()
        raise
    async with turn.begin() as tx:
        await shared_files.keep(tx, plan, beneath, by=turn.person, now=turn.now)


async def _bytes(client: AsyncWebClient, file: Mapping[str, Any]) -> bytes:
    """Raises UnreadableFile."""
    if int(file.get("size") or 0) > MOST_BYTES:
        more = f"it has more than {MOST_BYTES // 1_000_000} MB; `deskbell ci import` takes larger ones"
        raise UnreadableFile(because=more)
    try:
        return await sent_files.fetched(client, str(file["url_private_download"]), MOST_BYTES)
    except sent_files.NOT_HANDED_OVER:
        raise UnreadableFile(because="Slack did not hand it over. Deskbell needs the scope files:read") from None


def _thread(file: Mapping[str, Any], channel: str) -> str:
    """The message with the file; empty where Slack does not say yet."""
    for shares in file.get("shares", {}).values():
        for one in shares.get(channel, ()):
            return str(one["ts"])
    return ""


async def apply_clicked(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond, turn: RequestContext) -> None:
    """Acknowledged first: what has thousands of rows takes longer to write than Slack waits."""
    await ack()
    async with turn.begin() as tx:
        await imports.apply(tx, str(action["value"]), by=turn.person, now=turn.now)
        plan = await shared_files.shown(tx, str(action["value"]))
    if plan is not None:
        await respond(text=views.applied(plan).text, response_type="ephemeral", replace_original=False)


async def _planned(tx: AsyncSession, row: Outbox) -> Rendered:
    thread_ts = str(json.loads(row.data)["thread_ts"]) or None
    plan = await shared_files.shown(tx, plan_of(row.about))
    return views.plan(plan, thread_ts) if plan is not None else views.gone(thread_ts)


ACTIONS: dict[str, Listener] = {Action.CI_PLAN_APPLY: apply_clicked}
EVENTS: dict[str, Listener] = {Event.FILE_SHARED: shared}
RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.CI_PLAN: _planned}
