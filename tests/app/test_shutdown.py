"""What has begun is waited for."""

import asyncio
import logging

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.shutdown import AtWork
from bot.web.server import serving


async def test_what_begins_while_the_end_is_waited_for_comes_to_its_end_too():
    at_work, done, begun = AtWork(), [], []

    async def work(name, then=None):
        at_work.note()
        await asyncio.sleep(0)
        if then is not None:
            begun.append(asyncio.create_task(then))
        await asyncio.sleep(0)
        done.append(name)

    begun.append(asyncio.create_task(work("first", then=work("second", then=work("third")))))
    await asyncio.sleep(0)
    await at_work.ended()
    assert done == ["first", "second", "third"]


class Heard(logging.Handler):
    """Set once something that is logged says this."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self._said, self.event = said, asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if self._said in record.getMessage():
            self.event.set()


async def test_a_request_is_waited_for_though_its_connection_was_cut(caplog):
    """Slack hangs up after three seconds; what was asked for is done all the same."""
    begun, cut, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def works(request: Request) -> Response:
        begun.set()
        while (await request.receive())["type"] != "http.disconnect":
            pass
        cut.set()
        await may_end.wait()
        ended.set()
        return Response()

    house = serving(Starlette(routes=[Route("/slack/events", works, methods=["POST"])]), "127.0.0.1", 0)
    url = await house.__aenter__()
    _, slack = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    slack.write(b"POST /slack/events HTTP/1.1\r\nHost: desk\r\nContent-Length: 0\r\n\r\n")
    await begun.wait()
    slack.transport.abort()
    await cut.wait()
    waits, log = Heard("Waiting for background tasks"), logging.getLogger("uvicorn.error")
    log.addHandler(waits)
    with caplog.at_level(logging.INFO, log.name):
        closing = asyncio.create_task(house.__aexit__(None, None, None))
        heard = asyncio.create_task(waits.event.wait())
        await asyncio.wait({closing, heard}, return_when=asyncio.FIRST_COMPLETED)
    log.removeHandler(waits)
    assert not closing.done()
    may_end.set()
    await closing
    assert ended.is_set()
