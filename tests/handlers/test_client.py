"""The client for what may be asked twice asks again where a connection went while it was idle."""

import aiohttp
import pytest
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.state import RetryState

from handlers.workspace import client


@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (aiohttp.ClientConnectionResetError("Cannot write to closing transport"), True),
        (aiohttp.ServerDisconnectedError(), True),
        (aiohttp.ClientOSError(), True),
        (aiohttp.InvalidURL("https://slack"), False),
    ],
)
async def test_a_connection_that_went_is_opened_anew(fault: Exception, again: bool) -> None:
    async with aiohttp.ClientSession() as session:
        reads = client.for_reads("xoxb-not-a-token", "http://127.0.0.1:9/api/", session)
        request = HttpRequest(method="POST", url="http://127.0.0.1:9/api/views.open", headers={})
        asked = [
            await one.can_retry_async(state=RetryState(), request=request, error=fault) for one in reads.retry_handlers
        ]
        assert any(asked) is again
        assert client.for_posts("xoxb-not-a-token", "http://127.0.0.1:9/api/", session).retry_handlers == []
