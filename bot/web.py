"""The bot's doors over HTTP: Slack's requests, and the two questions a supervisor asks."""

from collections.abc import Awaitable, Callable

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

CONTENT_TYPE = "text/plain; version=0.0.4"
"""Prometheus's text format; Starlette adds the character set."""

LARGEST_BODY = 1024 * 1024
"""Bytes. Slack's largest payload, a view of 250 KB with its state, stays far below."""

Scrape = Callable[[], Awaitable[bytes]]
"""The metrics, as Prometheus reads them."""

Readiness = Callable[[], Awaitable[list[str]]]
"""Why the bot cannot serve yet, a sentence each; empty once it can."""


def application(bolt: AsyncApp | None, readiness: Readiness, scrape: Scrape | None = None) -> Starlette:
    """`bolt` is None where Slack comes through Socket Mode: then there is no /slack/events."""

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        reasons = await readiness()
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    routes = [Route("/health", health), Route("/ready", ready)]
    if scrape is not None:
        routes.append(Route("/metrics", _metrics(scrape)))
    if bolt is not None:
        routes.append(Route("/slack/events", _slack_events(bolt), methods=["POST"]))
    return Starlette(routes=routes)


def _metrics(scrape: Scrape) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_: Request) -> Response:
        return Response(await scrape(), media_type=CONTENT_TYPE)

    return metrics


def _slack_events(bolt: AsyncApp) -> Callable[[Request], Awaitable[Response]]:
    async def slack_events(request: Request) -> Response:
        asked = _read(request, await _body(request))
        return to_starlette_response(await bolt.async_dispatch(asked))

    return slack_events


async def _body(request: Request) -> bytes:
    """Raises HTTPException: 413 as soon as more has come than Slack ever sends, 400 where the caller hung up."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise HTTPException(413, "That is more than Slack ever sends.")
    except ClientDisconnect:
        raise HTTPException(400, "The request ended before its body did.") from None
    return bytes(body)


def _read(request: Request, body: bytes) -> AsyncBoltRequest:
    """Bolt parses before it checks the signature, so anybody's bytes get here. Raises HTTPException 400."""
    try:
        return to_async_bolt_request(request, body)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        raise HTTPException(400, "That is not a request as Slack sends them.") from None
