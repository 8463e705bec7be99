"""Turned away, signed or not: what has not the shape of Slack's requests, and what would have us answer elsewhere."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import BoltResponse

from handlers import shapes

log = logging.getLogger(__name__)

NOT_SLACKS = "That is not a request as Slack sends them."
SLACKS_HOOKS = "https://hooks.slack.com/"


def keeper(api_url: str) -> Callable[[dict[str, Any], Callable[[], Awaitable[Any]]], Awaitable[Any]]:
    """The middleware that stands behind the check of the signature and before all others."""
    homes = _homes(api_url)

    async def keep_out(body: dict[str, Any], next: Callable[[], Awaitable[Any]]) -> Any:  # noqa: A002
        if not shapes.as_slack_sends(body):
            return BoltResponse(status=400, body=NOT_SLACKS)
        if not all(url.startswith(homes) for url in _response_urls(body)):
            log.warning("a request was turned away whose response_url is not Slack's")
            return BoltResponse(status=400, body=NOT_SLACKS)
        return await next()

    return keep_out


def _homes(api_url: str) -> tuple[str, ...]:
    """What a response_url begins with: Slack's own host for them, or one beside the API that was configured."""
    api = urlsplit(api_url)
    return (SLACKS_HOOKS, f"https://hooks.{api.netloc}/", f"{api.scheme}://{api.netloc}/")


def _response_urls(body: Mapping[str, Any]) -> list[str]:
    given = [body.get("response_url"), *(each["response_url"] for each in body.get("response_urls") or ())]
    return [url for url in given if url]
