"""Takes steps in the workspace. After a lost answer each looks first, so that nothing is made twice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import results, user_groups
from bot.delivery.deliveries import Task
from bot.delivery.results import Done, Refused, Result, Undeliverable
from handlers.delivery.slack_tasks import (
    Bookmark,
    CompleteStep,
    Invite,
    OpenChannel,
    PostFile,
    PutCanvas,
    ReadMessage,
    SetTopic,
    SetUserGroup,
    Step,
    UploadPicture,
)

PAGE = 500
MARGIN = timedelta(hours=25)
"""How far our clock may be wrong about when a step was first tried."""

PERSONAL = frozenset(
    {
        "already_in_channel",
        "cant_invite",
        "cant_invite_self",
        "invitee_cant_see_channel",
        "no_user",
        "org_user_not_in_team",
        "ura_max_channels",
        "user_disabled",
        "user_is_restricted",
        "user_not_found",
    }
)
"""Concerns one of those invited, and must not keep the others out."""

SKIPPED = frozenset({"missing_scope", "no_permission", "permission_denied", "restricted_action"})
"""What is wanting without the step is a comfort; it must not hold up what comes behind it."""


NO_CANVAS = frozenset(
    {
        "canvas_creation_failed",
        "canvas_disabled_user_team",
        "canvas_editing_failed",
        "canvas_tab_creation_failed",
        "free_team_canvas_tab_already_exists",
        "free_teams_cannot_create_non_tabbed_canvases",
        "free_teams_cannot_edit_standalone_canvases",
        "missing_scope",
        "restricted_action",
    }
)
"""Why a workspace takes no canvas: a file does as well."""
CANVAS_MOST = 1 << 20
"""Bytes of Markdown."""
OVER = frozenset({"execution_not_in_running_state", "function_execution_not_found"})
"""Nobody waits for the step any more."""


async def take(client: AsyncWebClient, task: Task) -> Result:
    """Raises what the client raises, where Slack answered with no reason of its own."""
    try:
        found = await _TAKEN[type(task.step)](client, task, task.step)
    except SlackApiError as failure:
        return _judged(task.step, results.of_failure(failure))
    return Done(found=found)


def _judged(step: Step, verdict: Result) -> Result:
    """Without the channel nothing behind can be done, so making it is never given up; anything else may be."""
    if isinstance(step, OpenChannel):
        return Undeliverable(verdict.error) if isinstance(verdict, Refused) else verdict
    if isinstance(verdict, Undeliverable) and verdict.error in SKIPPED:
        return Refused(verdict.error)
    return verdict


async def _open(client: AsyncWebClient, task: Task, step: OpenChannel) -> Mapping[str, str]:
    ours: dict[str, str] | None = None
    for name in step.names:
        try:
            made = (await client.conversations_create(name=name, is_private=step.private))["channel"]
        except SlackApiError as failure:
            if failure.response.get("error") != "name_taken":
                raise
            if task.in_doubt:
                ours = ours if ours is not None else await _made_by_us(client, task.since, step.private)
                if name in ours:
                    return {"channel": ours[name], "name": name}
            last = failure
            continue
        return {"channel": str(made["id"]), "name": str(made["name"])}
    raise last


async def _made_by_us(client: AsyncWebClient, since: datetime, private: bool) -> dict[str, str]:
    """Ids by name of the channels that we can have made since then."""
    me, earliest = str((await client.auth_test())["user_id"]), (since - MARGIN).timestamp()
    found, cursor = {}, None
    kind = "private_channel" if private else "public_channel"
    while cursor != "":
        page = await client.conversations_list(limit=PAGE, cursor=cursor, types=kind, exclude_archived=True)
        for channel in page["channels"]:
            if channel.get("creator") == me and channel.get("created", 0) >= earliest:
                found[str(channel["name"])] = str(channel["id"])
        cursor = _next(page)
    return found


async def _invite(client: AsyncWebClient, _task: Task, step: Invite) -> Mapping[str, str]:
    """Those who could not be invited, each with Slack's reason."""
    present = await _members(client, step.channel)
    missing = [one for one in step.people if one not in present]
    if not missing:
        return {}
    try:
        await client.conversations_invite(channel=step.channel, users=missing)
    except SlackApiError as failure:
        if failure.response.get("error") not in PERSONAL:
            raise
        return await _invite_each(client, step.channel, missing)
    return {}


async def _invite_each(client: AsyncWebClient, channel: str, people: Iterable[str]) -> dict[str, str]:
    kept_out = {}
    for person in people:
        try:
            await client.conversations_invite(channel=channel, users=[person])
        except SlackApiError as failure:
            code = failure.response.get("error")
            if code not in PERSONAL:
                raise
            if code != "already_in_channel":
                kept_out[person] = str(code)
    return kept_out


async def _members(client: AsyncWebClient, channel: str) -> set[str]:
    found: set[str] = set()
    cursor = None
    while cursor != "":
        page = await client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
        found.update(page["members"])
        cursor = _next(page)
    return found


async def _set_topic(client: AsyncWebClient, _task: Task, step: SetTopic) -> Mapping[str, str]:
    """Slack says each setting in the channel, so one that is set already is left alone."""
    channel = (await client.conversations_info(channel=step.channel))["channel"]
    if (channel.get("topic") or {}).get("value") != step.topic:
        await client.conversations_setTopic(channel=step.channel, topic=step.topic)
    return {}


async def _bookmark(client: AsyncWebClient, task: Task, step: Bookmark) -> Mapping[str, str]:
    link = (await client.chat_getPermalink(channel=step.posted_in, message_ts=step.ts))["permalink"]
    if task.in_doubt:
        known = (await client.bookmarks_list(channel_id=step.channel))["bookmarks"]
        if any(one.get("link") == link for one in known):
            return {}
    await client.bookmarks_add(channel_id=step.channel, title=step.title, type="link", link=link, emoji=step.emoji)
    return {}


async def _read(client: AsyncWebClient, _task: Task, step: ReadMessage) -> Mapping[str, str]:
    """Nothing where the message is gone."""
    message = await _message(client, step)
    if message is None:
        return {}
    link = (await client.chat_getPermalink(channel=step.channel, message_ts=step.ts))["permalink"]
    return {"text": str(message.get("text", "")), "author": str(message.get("user", "")), "permalink": str(link)}


async def _message(client: AsyncWebClient, step: ReadMessage) -> Mapping[str, Any] | None:
    """From the channel, or from the thread it is a reply in: only that method knows replies."""
    bounds: dict[str, Any] = {"oldest": step.ts, "latest": step.ts, "inclusive": True}
    page = await client.conversations_history(channel=step.channel, limit=1, **bounds)
    if not page["messages"]:
        page = await client.conversations_replies(channel=step.channel, ts=step.ts, **bounds)
    return next((one for one in page["messages"] if one["ts"] == step.ts), None)


async def _post_file(client: AsyncWebClient, task: Task, step: PostFile) -> Mapping[str, str]:
    if step.channel.startswith(("U", "W")):
        opened = await client.conversations_open(users=step.channel)
        step = replace(step, channel=str(opened["channel"]["id"]))
    if task.in_doubt and await _was_posted(client, task, step):
        return {}
    content = await asyncio.to_thread(step.content) if callable(step.content) else step.content
    await client.files_upload_v2(
        channel=step.channel,
        filename=step.name,
        title=step.title,
        content=content,
        initial_comment=step.comment,
        thread_ts=step.thread_ts,
    )
    return {}


async def _was_posted(client: AsyncWebClient, task: Task, step: PostFile) -> bool:
    cursor, oldest = None, f"{(task.since - MARGIN).timestamp():.6f}"
    while cursor != "":
        window: dict[str, Any] = {"channel": step.channel, "oldest": oldest, "limit": PAGE, "cursor": cursor}
        if step.thread_ts is None:
            page = await client.conversations_history(**window)
        else:
            page = await client.conversations_replies(ts=step.thread_ts, **window)
        names = (one.get("name") for message in page["messages"] for one in message.get("files") or [])
        if step.name in names:
            return True
        cursor = _next(page)
    return False


async def _put_canvas(client: AsyncWebClient, task: Task, step: PutCanvas) -> Mapping[str, str]:
    """Whether a lost answer stood for a new canvas cannot be told, and of a file it can: a file is posted then."""
    lost = task.in_doubt and step.canvas is None
    if lost or len(step.markdown.encode()) > CANVAS_MOST:
        return await _post_file(client, task, step.instead)
    try:
        canvas = await _written_anew(client, step) or await _made(client, step)
    except SlackApiError as failure:
        if failure.response.get("error") not in NO_CANVAS:
            raise
        return await _post_file(client, task, step.instead)
    return {"canvas": canvas, "link": await _link_to(client, canvas)}


async def _link_to(client: AsyncWebClient, canvas: str) -> str:
    """Empty where Slack does not say it: the canvas is there all the same, and must not be made again."""
    try:
        return str((await client.files_info(file=canvas))["file"]["permalink"])
    except (SlackApiError, ClientError, TimeoutError, KeyError):
        return ""


async def _made(client: AsyncWebClient, step: PutCanvas) -> str:
    content = {"type": "markdown", "markdown": step.markdown}
    made = await client.canvases_create(title=step.title, document_content=content, channel_id=step.channel)
    return str(made["canvas_id"])


async def _written_anew(client: AsyncWebClient, step: PutCanvas) -> str | None:
    """None where there is none, or somebody has deleted it."""
    if step.canvas is None:
        return None
    change = {"operation": "replace", "document_content": {"type": "markdown", "markdown": step.markdown}}
    try:
        await client.canvases_edit(canvas_id=step.canvas, changes=[change])
    except SlackApiError as failure:
        if failure.response.get("error") != "canvas_not_found":
            raise
        return None
    return step.canvas


async def _upload(client: AsyncWebClient, _task: Task, step: UploadPicture) -> Mapping[str, str]:
    """Nobody sees it until a message shows it, so one whose answer was lost may be uploaded again."""
    content = await asyncio.to_thread(step.draw)
    answer = await client.files_upload_v2(filename=step.name, title=step.title, content=content)
    return {"file": str(answer["files"][0]["id"]), "words": step.words}


async def _complete(client: AsyncWebClient, _task: Task, step: CompleteStep) -> Mapping[str, str]:
    """One that is over for Slack, since its answer was lost or its workflow was stopped, is left alone."""
    execution = step.execution
    try:
        if step.error:
            await client.functions_completeError(function_execution_id=execution, error=step.error)
        else:
            await client.functions_completeSuccess(function_execution_id=execution, outputs=dict(step.outputs))
    except SlackApiError as failure:
        if failure.response.get("error") not in OVER:
            raise
    return {}


def _next(page: Any) -> str:
    """The next page's cursor; "" at the end."""
    return (page.get("response_metadata") or {}).get("next_cursor") or ""


_Taker = Callable[[AsyncWebClient, Task, Any], Awaitable[Mapping[str, str]]]
_TAKEN: Mapping[type, _Taker] = MappingProxyType(
    {
        OpenChannel: _open,
        Invite: _invite,
        SetTopic: _set_topic,
        Bookmark: _bookmark,
        ReadMessage: _read,
        PostFile: _post_file,
        PutCanvas: _put_canvas,
        UploadPicture: _upload,
        CompleteStep: _complete,
        SetUserGroup: user_groups.set_members,
    }
)
