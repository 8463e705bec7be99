"""The page's API: to act as a person and to see what they see. JSON in, JSON out."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox.app.responses import Answer
from bot.sandbox.page import page_state
from bot.sandbox.person.people import Person
from bot.sandbox.person.values import CannotDo
from bot.sandbox.state import Json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Door = Callable[[Person, "Body"], Awaitable[Json]]
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
                body = Body(await _body(request))
                return JSONResponse(await door(slack.person(body.text("as")), body))
            except (CannotDo, LookupError, ValueError) as refused:
                return JSONResponse({"error": str(refused)}, 400)

        return endpoint

    async def workspace(_: Request) -> Response:
        return JSONResponse(page_state.workspace(slack))

    async def clock(request: Request) -> Response:
        try:
            step = {unit: float(amount) for unit, amount in (await _body(request)).items()}
            now = slack.clock.forward(**step)
        except (TypeError, ValueError, OverflowError) as fault:
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
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise ValueError("Send JSON: a page from elsewhere cannot, so that it cannot act here.")
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


class Body:
    """A request's JSON object, its fields taken out by type. Raises ValueError for one that is missing or odd."""

    def __init__(self, fields: Json) -> None:
        self.fields = fields

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise ValueError(f"{name!r} must be text.")
        return value

    def maybe(self, name: str) -> str | None:
        return None if self.fields.get(name) is None else self.text(name)

    def object(self, name: str) -> Json:
        value = self.fields.get(name)
        if not isinstance(value, dict):
            raise ValueError(f"{name!r} must be an object.")
        return value

    def typed(self) -> Json | None:
        """What stands in a form's fields: block_id → action_id → value."""
        if self.fields.get("values") is None:
            return None
        if not all(isinstance(v, dict) for block in self.object("values").values() for v in dict(block).values()):
            raise ValueError("'values' must be block_id → action_id → value.")
        return self.object("values")

    def control(self) -> tuple[Json, str, str]:
        """Container, block_id and action_id of what was pressed."""
        container = Body(self.object("container"))
        container.text("type")
        return container.fields, self.text("block_id"), self.text("action_id")


async def _view(person: Person, body: Body) -> Json:
    return page_state.view(person, body.maybe("channel") or "general")


async def _command(person: Person, body: Body) -> Json:
    return _told(await person.command(body.text("channel"), body.text("text")))


async def _say(person: Person, body: Body) -> Json:
    said = await person.say(body.text("channel"), body.text("text"), body.maybe("thread_ts"))
    return {"ts": said.ts}


async def _share(person: Person, body: Body) -> Json:
    """A file comes in base64: JSON holds no bytes."""
    content = base64.b64decode(body.text("base64"), validate=True)
    said = await person.share(body.text("channel"), body.text("name"), content)
    return {"ts": said.ts}


async def _action(person: Person, body: Body) -> Json:
    value = {name: given for name, given in body.fields.items() if name not in NOT_A_VALUE}
    return _told(await person.act(*body.control(), value, body.typed()))


def _is_in_front(person: Person, body: Body) -> bool:
    """Whether the view that the page names is the one that it would act on: another may have come since."""
    named, front = body.maybe("view"), person.top()
    return named is None or (front is not None and front.id == named)


async def _submit(person: Person, body: Body) -> Json:
    if not _is_in_front(person, body):
        raise CannotDo("This form is not in front any more.")
    errors = await person.submit(body.typed())
    return {"errors": errors} if errors else {}


async def _close(person: Person, body: Body) -> Json:
    if _is_in_front(person, body):
        await person.close()
    return {}


async def _suggest(person: Person, body: Body) -> Json:
    return {"options": await person.suggest(*body.control(), body.text("query"))}


async def _shortcut(person: Person, body: Body) -> Json:
    return _told(await person.shortcut(body.text("callback_id"), body.maybe("channel"), body.maybe("ts")))


async def _home(person: Person, _: Body) -> Json:
    await person.home_opened()
    return {}


async def _react(person: Person, body: Body) -> Json:
    """A second click takes it back."""
    what = (body.text("channel"), body.text("ts"), body.text("name"))
    if not await person.react(*what):
        await person.unreact(*what)
    return {}


async def _step(person: Person, body: Body) -> Json:
    """A person is named by their handle, as everywhere on the page."""
    slack, step, given = person.slack, body.text("step"), body.object("inputs")
    declared = slack.manifest.functions[step]["input_parameters"]["properties"]
    is_person = {name for name, one in declared.items() if one["type"] == "slack#/types/user_id"}
    inputs = {name: slack.person(text).id if name in is_person else str(text) for name, text in given.items()}
    ran = await slack.runs_step(step, **inputs)
    return {"id": ran.id}


async def _read(person: Person, body: Body) -> Json:
    person.read(body.text("channel"))
    return {}


DOORS: dict[str, Door] = {
    "command": _command,
    "say": _say,
    "share": _share,
    "action": _action,
    "modal/submit": _submit,
    "modal/close": _close,
    "suggest": _suggest,
    "shortcut": _shortcut,
    "home": _home,
    "react": _react,
    "read": _read,
    "step": _step,
}
