"""Socket Mode: acknowledges every envelope, whatever is in it, since Slack would send it again without end."""

import logging
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.shutdown import AtWork

log = logging.getLogger(__name__)


class SocketDoor(AsyncSocketModeHandler):
    """On the aiohttp client, since it reconnects at once when Slack closes the connection."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._at_work, self._closed = AtWork(), False

    async def close_async(self) -> None:
        """Whoever is being served is answered first, and whoever comes meanwhile."""
        await self._at_work.ended()
        self._closed = True
        await super().close_async()  # type: ignore[no-untyped-call]

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        if self._closed:
            return
        self._at_work.note()
        try:
            await super().handle(client, req)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as fault:
            # Bolt reads a body before anything of ours can look at its shape.
            log.warning("an envelope was turned away that is not as Slack sends them: %s", type(fault).__name__)
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
