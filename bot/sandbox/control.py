"""The control door: the page's way to act as a person and to see what they see. JSON in, JSON out."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox import outlook
from bot.sandbox.answers import Answer
from bot.sandbox.people import Person
from bot.sandbox.state import Json
from bot.sandbox.values import CannotDo

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Door = Callable[[Person, Json], Awaitable[Json]]
OnClock = Callable[[], Awaitable[None]] | None
NOT_A_VALUE = ("as", "container", "block_id", "action_id", "values")
"""What an action's body has beside its value, such as `"option": "vpn"`."""
HEARTBEAT_SECONDS = 15.0
"""How often a silent event stream says that it is alive."""


def routes(slack: "Workspace", on_clock: OnClock, closing: asyncio.Event) -> list[BaseRoute]:
    """All control doors."""

    def for_person(door: Door) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                body = await _body(request)
                return JSONResponse(await door(slack.person(body["as"]), body))
            except KeyError as missing:
                return JSONResponse({"error": f"{missing} is missing."}, 400)
            except (CannotDo, LookupError, ValueError) as refused:
                return JSONResponse({"error": str(refused)}, 400)

        return endpoint

    async def workspace(_: Request) -> Response:
        return JSONResponse(outlook.workspace(slack))

    async def clock(request: Request) -> Response:
        try:
            step = {unit: float(amount) for unit, amount in (await _body(request)).items()}
            now = slack.clock.forward(**step)
        except (TypeError, ValueError) as fault:
            return JSONResponse({"error": str(fault)}, 400)
        slack.changes.clock_moved()
        if on_clock is not None:
            await on_clock()
        return JSONResponse({"now": now.isoformat()})

    async def events(_: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(slack, closing), media_type="text/event-stream", headers=headers)

    doors = [Route(f"/_/{path}", for_person(door), methods=["POST"]) for path, door in DOORS.items()]
    return [
        Route("/_/workspace", workspace),
        Route("/_/view", for_person(_view)),
        Route("/_/clock", clock, methods=["POST"]),
        Route("/_/events", events),
        *doors,
    ]


async def _body(request: Request) -> Json:
    if request.method == "GET":
        return dict(request.query_params)
    body: Any = json.loads(await request.body() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("The body must be a JSON object.")
    return body


async def _stream(slack: "Workspace", closing: asyncio.Event) -> AsyncIterator[str]:
    """Server-sent events, until the browser or the doors close."""
    with slack.changes.watch() as watcher:
        yield ": open\n\n"
        while not closing.is_set():
            stirred, closed = (asyncio.ensure_future(e.wait()) for e in (watcher.stirred, closing))
            waiting = {stirred, closed}
            try:
                done, _ = await asyncio.wait(waiting, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in waiting:
                    task.cancel()
            if not done:
                yield ": still here\n\n"
            if stirred in done:
                channels, people, clock = watcher.look()
                if channels or people:
                    yield f"event: change\ndata: {json.dumps({'channels': channels, 'as': people})}\n\n"
                if clock:
                    yield f"event: clock\ndata: {json.dumps({'now': slack.clock.now().isoformat()})}\n\n"


def _told(answer: Answer) -> Json:
    """A note for the page, when there is something to say at once."""
    note = answer.text or (f"failed: {answer.failure}" if answer.failure else "")
    return {"note": note} if note else {}


async def _view(person: Person, body: Json) -> Json:
    return outlook.view(person, body.get("channel", "general"))


async def _command(person: Person, body: Json) -> Json:
    return _told(await person.command(body["channel"], body["text"]))


async def _say(person: Person, body: Json) -> Json:
    said = await person.say(body["channel"], body["text"], body.get("thread_ts"))
    return {"ts": said.ts}


async def _action(person: Person, body: Json) -> Json:
    container, block, action = body["container"], body["block_id"], body["action_id"]
    value = {name: given for name, given in body.items() if name not in NOT_A_VALUE}
    return _told(await person.act(container, block, action, value, body.get("values")))


async def _submit(person: Person, body: Json) -> Json:
    errors = await person.submit(body.get("values"))
    return {"errors": errors} if errors else {}


async def _close(person: Person, _: Json) -> Json:
    await person.close()
    return {}


async def _suggest(person: Person, body: Json) -> Json:
    where = body["container"], body["block_id"], body["action_id"]
    return {"options": await person.suggest(*where, body["query"])}


async def _shortcut(person: Person, body: Json) -> Json:
    return _told(await person.shortcut(body["callback_id"], body.get("channel"), body.get("ts")))


async def _home(person: Person, _: Json) -> Json:
    await person.home_opened()
    return {}


async def _react(person: Person, body: Json) -> Json:
    await person.react(body["channel"], body["ts"], body["name"])
    return {}


async def _read(person: Person, body: Json) -> Json:
    person.read(body["channel"])
    return {}


DOORS: dict[str, Door] = {
    "command": _command,
    "say": _say,
    "action": _action,
    "modal/submit": _submit,
    "modal/close": _close,
    "suggest": _suggest,
    "shortcut": _shortcut,
    "home": _home,
    "react": _react,
    "read": _read,
}
