"""Every door, fed with real requests that were spoilt: never a 500, never no answer, never a record half saved."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

import aiohttp
from cast import Desk, open_desk
from corpus import Sent, drawn, fresh, short, story
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st
from journals import faults
from sqlalchemy import TextClause, inspect, text
from yarl import URL

from bot.rules.incident.flow import IncidentState, replay
from bot.sandbox.app.delivery import HttpDoor
from bot.sandbox.state import Json
from handlers.request import payload_schema
from storage.incident import incidents
from storage.journal import journal

EXAMPLES = int(os.environ.get("DESKBELL_FUZZ", "0"))
"""How many each door is fed with, where it should be more than fits into a quick run."""
KEPT_OUT_OF_IT = {"inbox", "alembic_version", "person", "membership", "place", "sqlite_sequence"}
"""Tables that any request may touch: the directory, and what was heard before."""

deep: Any = []
for _ in range(60):
    deep = [deep]
DEEPER = json.loads('{"event":' * 60 + "{}" + "}" * 60)
JUNK: list[Any] = [
    None, True, False, 0, -1, 7, 2**70, -(2**63), 1e308, 0.5, "", " ", "x" * 5000, "\x00", "a\ud800b", "‮\u2028",
    "<!channel>", "INC-1@1", "INC-99999999999999999999@1", "CHG-1@0", "CHG-1", "1", "-", "U1", "U0NOBODY", "T0OTHER",
    "https://evil.example/", "'; drop table incident; --", "{}", "[]", "1e999", "nan", "９", [], {}, [None], [[]], [{}],
    [""], ["U1"], {"id": None}, {"id": "U1"}, {"value": 1}, {"value": "x"}, {"type": "x"}, deep, DEEPER,
]  # fmt: skip


def paths(inside: Any, so_far: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield so_far
    items = inside.items() if isinstance(inside, dict) else enumerate(inside) if isinstance(inside, list) else ()
    for key, value in items:
        yield from paths(value, (*so_far, key))


def spoil(payload: Json, where: float, how: int, junk: Any) -> None:
    """Takes out, replaces, or adds, in one place."""
    every, junk = list(paths(payload))[1:], deepcopy(junk)
    path = every[int(where * len(every))]
    inside: Any = payload
    for key in path[:-1]:
        inside = inside[key]
    note(f"{path}: {'taken out' if how == 0 else repr(junk)[:80]}")
    if how == 0:
        del inside[path[-1]]
    elif how == 1 and isinstance(inside, dict):
        inside[str(junk)[:20]] = junk
    else:
        inside[path[-1]] = junk


SPOILING = st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from([0, 1, 2, 2, 2, 2]), st.sampled_from(JUNK))


Story = Callable[[Desk], Awaitable[list[Sent]]]


class Ground:
    """A desk that lives on its own loop while examples come one by one."""

    def __init__(self, runner: asyncio.Runner, desk: Desk, http: aiohttp.ClientSession, sent: list[Sent]) -> None:
        self.runner, self.desk, self.http, self.sent = runner, desk, http, sent
        self.count = 0
        self.outcomes: list[str] = []
        self.counting: TextClause | None = None
        desk.bot.bolt.heard = lambda _kind, _name, outcome, _seconds: self.outcomes.append(outcome)

    def next(self) -> int:
        """Numbers the examples, and moves the clock so far that Slack's limits are not met."""
        self.count += 1
        self.desk.clock.forward(seconds=5)
        return self.count

    async def posts(self, kind: str, payload: Json) -> tuple[int, str]:
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body = json.dumps(payload) if kind == "events_api" else urlencode(fields, errors="surrogatepass")
        return await self.raw(
            body.encode(), "application/json" if kind == "events_api" else "application/x-www-form-urlencoded"
        )

    async def raw(
        self, body: bytes, content_type: str, path: str = "/slack/events", signed: bool = True, **how: Any
    ) -> tuple[int, str]:
        door = HttpDoor(self.desk.slack, "", self.http)
        headers = {"Content-Type": content_type, **(door.signature(body) if signed else {})}
        how = {"method": "POST", "data": body, "headers": headers} | how
        where = URL(f"{self.desk.url}{path}", encoded=True)
        async with self.http.request(url=where, **how) as answer:
            return answer.status, (await answer.read()).decode(errors="replace")

    async def rows(self) -> dict[str, int]:
        """How many each table has; by one statement, as it is asked before each example."""
        async with self.desk.bot.database.read() as tx:
            if self.counting is None:
                connection = await tx.connection()
                names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
                counts = [f"SELECT '{name}', count(*) FROM {name}" for name in names if name not in KEPT_OUT_OF_IT]  # noqa: S608
                self.counting = text(" UNION ALL ".join(counts))
            return {name: count for name, count in await tx.exec(self.counting)}  # noqa: C416

    async def sound(self) -> None:
        """Each record is where its facts say, and the journal verifies."""
        desk = self.desk
        await desk.bot.jobs.seal()
        async with desk.bot.database.read() as tx:
            numbers = (await tx.exec(text("SELECT number FROM incident"))).scalars().all()
            opened = (await tx.exec(text("SELECT count(*) FROM fact WHERE kind = 'incident_opened'"))).scalar_one()
            assert len(numbers) == opened
            for number in numbers:
                incident = await incidents.get(tx, number)
                assert replay(await journal.timeline(tx, f"INC-{number}")) is IncidentState(incident.state)
            committed = "SELECT count(*) FROM fact WHERE words_commitment IS NOT NULL"
            said = (await tx.exec(text("SELECT count(*) FROM fact_words"))).scalar_one()
            assert (await tx.exec(text(committed))).scalar_one() == said
        assert await asyncio.to_thread(faults, desk.bot.settings.database_url.get_secret_value()) == []


@contextmanager
def ground(url: str, transport: str, told: Story) -> Iterator[Ground]:
    with asyncio.Runner() as runner:
        rooms = AsyncExitStack()
        try:
            yield runner.run(_opened(rooms, runner, url, transport, told))
        finally:
            runner.run(rooms.aclose())


async def _opened(rooms: AsyncExitStack, runner: asyncio.Runner, url: str, transport: str, told: Story) -> Ground:
    desk = await rooms.enter_async_context(open_desk(url, transport))
    http = await rooms.enter_async_context(aiohttp.ClientSession())
    return Ground(runner, desk, http, [*await told(desk), *drawn(desk)])


def fed(examples: int) -> Any:
    return settings(
        max_examples=EXAMPLES or examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )


SOME = st.tuples(st.floats(0, 1, exclude_max=True), st.lists(SPOILING, max_size=2))


def spoilt(field: Ground, some: tuple[float, list[Any]]) -> Sent:
    which, spoilings = some
    kind, real = field.sent[int(which * len(field.sent))]
    payload = fresh(field.desk, real, field.next())
    for one in spoilings:
        spoil(payload, *one)
    return kind, payload


def test_what_is_to_be_spoilt_is_let_in_before(sqlite_url: str) -> None:
    """One among thousands that was never right would fail a search now and then."""
    with ground(sqlite_url, "http", story) as field:
        sent = [(kind, json.loads(json.dumps(fresh(field.desk, real, field.next())))) for kind, real in field.sent]
    assert [(kind, one) for kind, one in sent if not payload_schema.as_slack_sends(one)] == []


def test_no_spoilt_request_over_http_is_a_500_or_leaves_half_a_record(sqlite_url: str) -> None:
    with ground(sqlite_url, "http", story) as field:

        @given(SOME)
        @fed(250)
        def every(some: tuple[float, list[Any]]) -> None:
            kind, payload = spoilt(field, some)
            before = field.runner.run(field.rows())
            status, said = field.runner.run(field.posts(kind, payload))
            note(f"{kind} {payload.get('type')}: {status} {said[:200]}")
            assert status in (200, 400, 404)
            assert some[1] or status == 200 or payload["type"] == "view_closed", "as Slack sends it, it is let in"
            assert "Traceback" not in said
            if field.outcomes[-1] not in ("done", "untold"):
                assert field.runner.run(field.rows()) == before

        every()
        field.runner.run(field.sound())


PARTS = ("view", "actions", "message", "container", "channel", "user", "team", "enterprise", "event", "trigger_id")


def test_a_kind_that_slack_may_add_is_never_a_500_whatever_its_parts_are(sqlite_url: str) -> None:
    with ground(sqlite_url, "http", short) as field:
        kind, real = next((kind, one) for kind, one in field.sent if one.get("type") == "view_submission")
        for part in PARTS:
            for value in (
                None,
                True,
                7,
                "text",
                [],
                [None],
                ["text"],
                [{}],
                {},
                {"type": "modal"},
                {"type": [], "id": 7},
            ):
                payload = fresh(field.desk, real, field.next()) | {"type": "to_come", part: value}
                status, said = field.runner.run(field.posts(kind, payload))
                assert status in (200, 400, 404), (part, value, said[:200])


def test_every_spoilt_envelope_over_a_socket_is_acknowledged(sqlite_url: str) -> None:
    with ground(sqlite_url, "socket", short) as field:

        @given(SOME)
        @fed(120)
        def every(some: tuple[float, list[Any]]) -> None:
            kind, payload = spoilt(field, some)
            assume("\\ud800" not in json.dumps(payload))  # no frame can carry it
            ack = field.runner.run(field.desk.slack.delivery.sockets.send(kind, payload, None))
            note(f"{kind} {json.dumps(payload)}")
            assert ack.ok, ack.failure

        every()
        field.runner.run(field.sound())


PATHS = (
    "/slack/events",
    "/health",
    "/ready",
    "/metrics",
    "/calendar/x.ics",
    "/calendar/%00.ics",
    "/calendar/../x.ics",
    "/alerts/prom/x",
    "/alerts/%00/%ff",
    "/v2/enqueue",
    "/",
)
METHODS = ("GET", "POST", "PUT", "HEAD")
KINDS = ("application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "x;=")
BODIES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=100).map(lambda words: words.encode(errors="replace")),
    st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["event", "type", "user", "team", "view", "authorizations", "ssl_check", "payload"]), inner
    )).map(lambda value: json.dumps(value).encode()),
    st.sampled_from([b"[" * 5000, b"a&" * 5000, b"ssl_check=1", b"payload=[1]"]),
    st.sampled_from([b'{"event":' * 900 + b"1" + b"}" * 900]),
)  # fmt: skip


def test_garbage_at_any_door_is_no_500_and_tells_nothing_of_the_inside(sqlite_url: str) -> None:
    with ground(sqlite_url, "http", short) as field:

        @given(
            st.sampled_from(PATHS),
            st.sampled_from(["GET", "POST", "PUT", "HEAD"]),
            st.sampled_from(KINDS),
            BODIES,
            st.booleans(),
        )
        @fed(250)
        def every(path: str, method: str, kind: str, body: bytes, signed: bool) -> None:
            status, said = field.runner.run(field.raw(body, kind, path, signed, method=method))
            assert status < 500
            assert "Traceback" not in said
            assert "File " not in said

        every()
