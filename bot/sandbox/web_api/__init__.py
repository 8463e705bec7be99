"""The Web API: who may call, how often, with which arguments; then the method's own function answers."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.app.faults import Fault
from bot.sandbox.state import Call, Json, SlackError
from bot.sandbox.web_api import (
    app,
    bookmarks,
    canvases,
    chat,
    conversations,
    functions,
    history,
    pins,
    reactions,
    uploads,
    users,
    views,
)
from bot.sandbox.web_api.arguments import HANDLERS, Ask, Method, RateLimited, methods, missing_scope

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

__all__ = ["HANDLERS", "METHOD_MODULES", "Reply", "answer"]

METHOD_MODULES = (
    app,
    bookmarks,
    canvases,
    chat,
    conversations,
    functions,
    history,
    pins,
    reactions,
    uploads,
    users,
    views,
)
"""Importing them enters their methods."""
TOKENLESS = ("api.test",)
APP_TOKEN = ("apps.connections.open",)
SPECIAL_ARGUMENTS = ("token", "team_id")


@dataclass
class Reply:
    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


async def answer(slack: "Workspace", name: str, token: str, args: Json) -> Reply | None:
    """Answer a call, through whatever fault is armed for it; None: the connection breaks instead."""
    fault = slack.faults.take(name, args)
    if fault is None:
        return _record(slack, name, args, _perform(slack, name, token, args))
    if not fault.accept:
        await asyncio.sleep(fault.delay)
    if fault.accept or _only_slow(fault):
        reply = _perform(slack, name, token, args)
        _record(slack, name, args, reply, lost=not _only_slow(fault))
        if fault.accept:
            await asyncio.sleep(fault.delay)
        return reply if _only_slow(fault) else _faulty(fault)
    faulty = _faulty(fault)
    _record(slack, name, args, faulty or Reply({"ok": False, "error": "connection_dropped"}))
    return faulty


def _only_slow(fault: Fault) -> bool:
    return fault.status is None and fault.error is None and not fault.drop


def _faulty(fault: Fault) -> Reply | None:
    """What a fault answers in the method's stead."""
    if fault.drop:
        return None
    if fault.status == 429:
        return _too_many(fault.retry_after or 1)
    if fault.error is not None:
        return Reply({"ok": False, "error": fault.error}, fault.status or 200)
    return Reply({"ok": False, "error": "internal_error"}, fault.status or 500)


def _too_many(seconds: int) -> Reply:
    return Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})


def _record(slack: "Workspace", name: str, args: Json, reply: Reply, *, lost: bool = False) -> Reply:
    ok, error, wait = reply.body["ok"], reply.body.get("error"), reply.headers.get("Retry-After")
    seconds = int(wait) if wait else None
    slack.calls.append(Call(name, args, ok, error, slack.clock.now(), lost, reply.status, seconds))
    return reply


def _perform(slack: "Workspace", name: str, token: str, args: Json) -> Reply:
    try:
        method, handler = methods().get(name), HANDLERS.get(name)
        if method is None or handler is None:
            raise SlackError("unknown_method", req_method=name)
        _admit(slack, method, token)
        _check_arguments(method, args)
        return Reply({"ok": True, **handler(Ask(slack, method, args))})
    except RateLimited as limited:
        return _too_many(limited.seconds)
    except SlackError as refused:
        return Reply({"ok": False, "error": refused.code, **refused.fields})


def _admit(slack: "Workspace", method: Method, token: str) -> None:
    """Token, rate limit and scope, in this order."""
    if method.name not in TOKENLESS:
        _check_token(slack, method, token)
    seconds = slack.limits.spend(method.name, method.tier)
    if seconds is not None:
        raise RateLimited(seconds)
    if method.bot_scopes and not slack.manifest.scopes.intersection(method.bot_scopes):
        raise missing_scope(slack, method.bot_scopes)


def _check_token(slack: "Workspace", method: Method, token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if token not in (slack.bot_token, slack.app_token):
        raise SlackError("invalid_auth")
    if slack.revoked is not None:
        raise SlackError(slack.revoked)
    if (token == slack.app_token) != (method.name in APP_TOKEN):
        raise SlackError("not_allowed_token_type")


def _check_arguments(method: Method, args: Json) -> None:
    """Required ones are there, and none is misspelt: Slack would pass over the latter in silence."""
    missing = [f"[ERROR] missing required field: {name}" for name in method.required if args.get(name) in (None, "")]
    known = (*method.required, *method.optional, *SPECIAL_ARGUMENTS)
    unknown = [f"[ERROR] {method.name} has no argument {name!r}" for name in args if name not in known]
    if method.name == "api.test":  # which is there to echo whatever it is sent
        return
    if missing or unknown:
        raise SlackError("invalid_arguments", *missing, *unknown)
