"""Bodies of the REST API have at most 1 MiB: more is refused before it is read."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.api import problems

LARGEST = 1024 * 1024


class Bounded:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        messages, size, more = [], 0, scope["method"] not in ("GET", "HEAD")
        while more:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            more = bool(message.get("more_body"))
            if size > LARGEST:
                too_large = problems.answer(413, f"A request has at most {LARGEST:,} bytes.")
                return await too_large(scope, receive, send)
        waiting = iter(messages)

        async def again() -> Message:
            return next(waiting, None) or await receive()

        return await self._app(scope, again, send)
