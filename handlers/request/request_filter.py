"""Refuses requests, signed or not, that have not Slack's shape or would have us answer elsewhere."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware

from handlers.request import payload_schema

log = logging.getLogger(__name__)

NOT_SLACKS = "That is not a request as Slack sends them."
SLACKS_HOOKS = "https://hooks.slack.com/"


class RequestFilter(AsyncMiddleware):
    """Stands behind the check of the signature and before all else, since Bolt itself trusts a body's shape."""

    def __init__(self, api_url: str) -> None:
        self._homes = homes(api_url)

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt names it
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
    ) -> BoltResponse | None:
        if not payload_schema.as_slack_sends(req.body):
            return BoltResponse(status=400, body=NOT_SLACKS)
        if not all(url.startswith(self._homes) for url in _response_urls(req.body)):
            log.warning("a request was turned away whose response_url is not Slack's")
            return BoltResponse(status=400, body=NOT_SLACKS)
        return await next()


def homes(api_url: str) -> tuple[str, ...]:
    """What a response_url begins with: Slack's own host for them, or one beside the API that was configured."""
    api = urlsplit(api_url)
    return (SLACKS_HOOKS, f"https://hooks.{api.netloc}/", f"{api.scheme}://{api.netloc}/")


def _response_urls(body: Mapping[str, Any]) -> list[str]:
    given = [body.get("response_url"), *(each["response_url"] for each in body.get("response_urls") or ())]
    return [url for url in given if url]
