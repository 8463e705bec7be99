"""A connection that went while it was idle fails nobody."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

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


OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'


@asynccontextmanager
async def slack_that(answers: Callable[[int], bytes | None]) -> AsyncIterator[tuple[str, list[str]]]:
    """A server's address and the requests that it read to their end; None for an answer closes the connection."""
    heard: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(int(one.split(b":")[1]) for one in head.split(b"\r\n") if one[:15] == b"Content-Length:")
                heard.append((await reader.readexactly(length)).decode())
                answer = answers(len(heard))
                if answer is None:
                    break
                writer.write(answer)
        except asyncio.IncompleteReadError:
            pass  # The client has closed it.
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/", heard


async def test_a_post_whose_connection_closes_as_it_is_taken_up_is_sent_once() -> None:
    async with slack_that(lambda _: OK) as (address, heard), client.session() as session:
        assert isinstance(session.connector, aiohttp.TCPConnector)
        connector, closed = session.connector, []

        async def close(*_what: object) -> None:
            if len(heard) == 1 and not closed:
                closed.extend(one.transport for one in connector._acquired if one.transport)
                for transport in closed:
                    transport.close()

        tracing = aiohttp.TraceConfig()
        tracing.on_request_chunk_sent.append(close)
        tracing.freeze()
        session.trace_configs.append(tracing)
        posts = client.for_posts("xoxb-not-a-token", address, session)
        await posts.auth_test()
        await posts.chat_postMessage(channel="C1", text="INC-1 is open")
        assert closed
        assert len(heard) == 2


async def test_a_post_that_was_sent_and_not_answered_is_not_sent_again() -> None:
    async with slack_that(lambda number: OK if number == 1 else None) as (address, heard), client.session() as session:
        posts = client.for_posts("xoxb-not-a-token", address, session)
        await posts.auth_test()
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await posts.chat_postMessage(channel="C1", text="INC-1 is open")
        assert len(heard) == 2
