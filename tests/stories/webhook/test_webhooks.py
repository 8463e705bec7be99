"""A program is told what happens: signed, in order, again until it is taken, and nothing private."""

import base64
import json
from contextlib import asynccontextmanager

import aiohttp
import pytest
import standardwebhooks
from aiohttp import web
from aiohttp.abc import AbstractResolver
from cast import Desk

from bot.delivery.webhook_calls import WebhookCaller
from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases.webhook import endpoints
from handlers.delivery.slack_tasks import CallWebhook
from storage.journal import journal

SECRET = f"whsec_{base64.b64encode(bytes(32)).decode()}"
OTHER = f"whsec_{base64.b64encode(bytes([7]) * 32).decode()}"


@pytest.fixture
async def desk(desk_on_sqlite: Desk) -> Desk:
    return desk_on_sqlite


class Receiver:
    """A stranger's program, which verifies by the public library."""

    def __init__(self):
        self.status, self.messages, self.ids, self.url = 200, [], [], ""

    async def hook(self, request):
        body = await request.read()
        self.ids.append(request.headers["webhook-id"])
        if self.status == 200:
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.messages.append(standardwebhooks.Webhook(SECRET).verify(body, headers))
        location = {"Location": f"{self.url}/elsewhere"} if self.status in (301, 307) else {}
        return web.Response(status=self.status, headers=location)

    @property
    def told(self):
        return [(one["type"], one["data"]["ref"]) for one in self.messages]


@asynccontextmanager
async def receiving(desk, *, events='"incident.*", "sla.breached"'):
    found = Receiver()
    house = web.Application()
    house.router.add_post("/hook", found.hook)
    runner = web.AppRunner(house)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    section = f'[webhooks.status]\nurl = "{found.url}/hook"\nevents = [{events}]\nsecret = ["env:NEW", "env:OLD"]\n'
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(section), by="deskbell", now=desk.clock.now())
    # Rotation: the receiver still has the old one alone.
    caller = WebhookCaller({"NEW": OTHER, "OLD": SECRET}.get, allow_private=True)
    desk.bot.relay._webhooks = caller
    try:
        yield found
    finally:
        await caller.close()
        await runner.cleanup()


async def test_a_program_is_told_what_happens_and_nothing_that_anybody_typed(desk):
    async with receiving(desk) as program:
        await desk.reports('VPN is down", <!channel> =1+1')
        await desk.agent.runs("/incident ack INC-1")
        await desk.agent.runs("/incident resolve INC-1 Restarted <!channel>")
        await desk.settles()
        assert program.told == [
            ("incident.opened", "INC-1"), ("incident.acknowledged", "INC-1"), ("incident.resolved", "INC-1"),
        ]  # fmt: skip
        first = program.messages[0]
        assert first["data"] == {"ref": "INC-1", "revision": 1, "url": "/api/v1/incidents/INC-1"}
        assert "VPN is down" not in json.dumps(program.messages)
        assert "channel" not in json.dumps(program.messages)
        assert len(set(program.ids)) == 3


async def test_what_is_private_is_told_to_nobody(desk):
    async with receiving(desk) as program:
        await desk.requester.runs("/incident Somebody reads my mail")
        await desk.requester.submits(Service="VPN", Privacy="Private: about security or people")
        await desk.settles()
        assert program.ids == []


async def test_it_is_sent_again_by_the_standards_schedule_and_then_replayed(desk):
    async with receiving(desk, events='"incident.opened"') as program:
        program.status = 307
        await desk.reports()
        assert 1 <= len(program.ids) <= 2, "nothing follows where it leads"
        for wait in (6, 330, 1980, 7920, 19800, 39600, 55440, 79200, 95040):
            desk.clock.forward(seconds=wait)
            await desk.settles()
        assert len(program.ids) == 10
        assert len(set(program.ids)) == 1, "the id is the same each time"
        desk.clock.forward(days=3)
        await desk.settles()
        assert len(program.ids) == 10
        async with desk.bot.database.read() as tx:
            (found,) = await endpoints.every(tx)
        assert (found.queue.given_up, "307" in found.queue.last_error) == (1, True)
        await desk.dm(desk.agent).hears("webhook status", "deskbell webhook replay status")
        program.status = 200
        async with desk.bot.database.begin() as tx:
            assert await endpoints.replay(tx, "status", now=desk.clock.now()) == 1
        await desk.settles()
        assert program.told == [("incident.opened", "INC-1")]


async def test_an_endpoint_that_is_gone_is_off_until_it_is_turned_on(desk):
    async with receiving(desk, events='"incident.opened"') as program:
        program.status = 410
        for words in ("VPN is down", "Printer is out of paper"):
            await desk.reports(words)
        assert len(program.ids) == 1, "what is off is not called"
        await desk.dm(desk.agent).hears("is off", "deskbell webhook enable status")
        program.status = 200
        async with desk.bot.database.begin() as tx:
            await endpoints.enable(tx, "status", desk.clock.now())
        async with desk.bot.database.begin() as tx:
            assert await endpoints.replay(tx, "status", now=desk.clock.now()) == 2
            facts = await journal.timeline(tx, "webhook:status")
        assert [one.kind for one in facts] == ["webhook_disabled", "webhook_enabled", "webhook_replayed"]
        await desk.settles()
        assert program.told == [("incident.opened", "INC-1"), ("incident.opened", "INC-2")]


class _Resolver(AbstractResolver):
    """Says first this and then that, as a name does that was made for it."""

    def __init__(self, *addresses):
        self.addresses, self.asked = list(addresses), 0

    async def resolve(self, host, port=0, family=0):
        self.asked += 1
        address = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        return [{"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}]

    async def close(self):
        pass


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/hook", "only https"),
        ("https://127.0.0.1/hook", "not public"),
        ("https://127.1/hook", "not public"),
        ("https://2130706433/hook", "not public"),
        ("https://[::1]/hook", "not public"),
        ("https://169.254.169.254/latest", "not public"),
        ("https://localhost/hook", "private network"),
        ("https://metadata.google.internal/", "private network"),
        ("https://inner.example.com/hook", "leads to an address that is not public"),
    ],
)
async def test_no_private_address_is_ever_called(url, why):
    resolver = _Resolver("10.0.0.7")
    caller = WebhookCaller({"S": SECRET}.get, resolver=resolver)
    try:
        status, said = await caller.attempt(CallWebhook(url, "msg_1", b"{}", ("S",)), 2)
        assert (status, why in said) == (None, True), said
    finally:
        await caller.close()


async def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch):
    resolver = _Resolver("192.0.66.2", "127.0.0.1")
    caller, called = WebhookCaller({"S": SECRET}.get, resolver=resolver), []

    async def connect(*arguments, addr_infos, **options):
        called.extend(info[4][0] for info in addr_infos)
        raise OSError("no network here")

    monkeypatch.setattr(aiohttp.connector.aiohappyeyeballs, "start_connection", connect)
    try:
        assert (await caller.attempt(CallWebhook("https://rebind.example.com/", "msg_1", b"{}", ("S",)), 2))[0] is None
    finally:
        await caller.close()
    assert (called, resolver.asked) == (["192.0.66.2"], 1)
    assert (
        "the variable S is not set"
        in (await WebhookCaller(lambda _: "").attempt(CallWebhook("https://example.com", "m", b"", ("S",)), 1))[1]
    )
