"""The REST API: what a person may in Slack they may here with their token, and nothing more."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import api_steps
import pytest
from api_steps import Client, served, token_of
from cast import Desk
from on_call_steps import with_rota
from openapi_spec_validator import validate
from sqlmodel import select

from bot.rules.api.limits import Limits
from bot.rules.record.facts import account
from bot.usecases.api import accounts, reading, tokens
from bot.usecases.records.declared import kinds
from storage.tables import Outbox
from storage.workspace import people as directory


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[Client]:
    async with served(desk) as opened:
        yield opened


async def acting(desk: Desk, client: Client, person: str, *scopes: str) -> Client:
    return replace(client, token=await token_of(desk, person, *scopes), seen={})


NEW = {"summary": "Printer is on fire", "service": "laptops", "impact": "low", "urgency": "high"}


async def test_an_incident_is_logged_worked_on_and_read_as_in_slack(desk: Desk, client: Client) -> None:
    requester = await acting(desk, client, desk.requester.id)
    logged = await requester.post("/incidents", NEW)
    assert (logged.status, logged.body["ref"], logged.headers["Location"]) == (201, "INC-1", "/api/v1/incidents/INC-1")
    await desk.channel("service-desk").hears("INC-1", "Printer is on fire", "@requester")
    refused = await requester.post("/incidents/INC-1/acknowledge", match="*")
    assert (refused.status, refused.headers["Content-Type"]) == (403, "application/problem+json")
    assert "Service desk" in refused.body["detail"]
    agent = await acting(desk, client, desk.agent.id)
    assert (await agent.get("/incidents/INC-1")).body["state"] == "new"
    assert (await agent.post("/incidents/INC-1/acknowledge")).body["state"] == "acknowledged"
    await desk.channel("service-desk").hears("INC-1", "Acknowledged")
    assert (await agent.post("/incidents/INC-1/notes", {"text": "It is the toner"})).status == 201
    resolved = await agent.post("/incidents/INC-1/resolve", {"resolution": "Water"})
    assert resolved.body["resolution"] == "Water"
    kinds = [one["kind"] for one in (await agent.get("/incidents/INC-1/timeline")).body["items"]]
    assert "incident_noted" in kinds
    kinds = [one["kind"] for one in (await requester.get("/incidents/INC-1/timeline")).body["items"]]
    assert "incident_noted" not in kinds, "notes are for those who work on it"
    again = await agent.post("/incidents/INC-1/resolve", {"resolution": "Water"}, match="*")
    assert (again.status, again.body["title"]) == (409, "The record does not allow it now")


async def test_a_service_account_acts_as_itself_within_its_group(desk: Desk, client: Client) -> None:
    async with desk.bot.database.begin() as tx:
        await accounts.make(tx, "grafana", "service-desk", "Boards", desk.clock.now())
    program = await acting(desk, client, account("grafana"))
    assert (await program.post("/incidents", NEW)).body["reporter"] == "service:grafana"
    await desk.channel("service-desk").hears("INC-1", "Printer is on fire", "grafana (a program)")
    assert (await program.post("/incidents/INC-1/acknowledge", match="*")).status == 200
    assert (await program.post("/incidents/INC-1/resolve", {"resolution": "Water"})).body["state"] == "resolved"
    shown = (await desk.agent.runs("/incident timeline INC-1")).text
    assert "grafana (a program)" in shown
    await desk.asks_for_change()
    assert "CHG-1" in str((await program.get("/changes")).body)
    assert (await program.post("/changes/CHG-1/notes", {"text": "Mine"}, match="*")).status == 403, "not of its group"
    await desk.reports()
    async with desk.bot.database.begin() as tx:
        assert account("grafana") not in await directory.members(tx, "service-desk"), "nobody asks it for anything"
        assert await accounts.close(tx, "grafana", desk.clock.now()) == 1
    assert (await program.get("/incidents")).status == 401
    await desk.settles()
    async with desk.bot.database.read() as tx:
        assert not [one for one in await tx.exec(select(Outbox)) if "service:" in one.lane]


async def test_a_request_that_comes_twice_is_done_once(desk: Desk, client: Client) -> None:
    requester = await acting(desk, client, desk.requester.id)
    first = await requester.post("/incidents", NEW, key="same")
    again = await requester.post("/incidents", dict(reversed(NEW.items())), key="same")
    assert (again.status, again.body, again.headers["Idempotent-Replayed"]) == (201, first.body, "true")
    assert (await requester.post("/incidents", NEW | {"summary": "Another"}, key="same")).status == 422
    refused = await requester.post("/incidents", NEW | {"service": "gone"}, key="bad")
    assert refused.body["errors"][0]["pointer"] == "#/service"
    assert (await requester.post("/incidents", NEW | {"service": "gone"}, key="bad")).headers["Idempotent-Replayed"]
    assert len((await requester.get("/incidents")).body["items"]) == 1
    missing = await requester.asks("POST", "/incidents", NEW, {})
    assert (missing.status, "Idempotency-Key" in missing.body["detail"]) == (400, True)


async def test_a_record_that_has_changed_is_not_written_over(desk: Desk, client: Client) -> None:
    await desk.reports()
    agent = await acting(desk, client, desk.agent.id)
    read = await agent.get("/incidents/INC-1")
    assert (await agent.get("/incidents/INC-1", **{"If-None-Match": read.headers["ETag"]})).status == 304
    await desk.agent.clicks("I'm on it", "service-desk")
    assert (await agent.post("/incidents/INC-1/start", match=read.headers["ETag"])).status == 412
    assert (await agent.post("/incidents/INC-1/start", match=None)).status == 428
    await agent.get("/incidents/INC-1")
    assert (await agent.post("/incidents/INC-1/start")).status == 200


async def test_what_is_known_already_is_not_sent_again(desk: Desk, client: Client) -> None:
    agent = await acting(desk, client, desk.agent.id)
    await agent.post("/incidents", NEW)
    tag = (await agent.get("/incidents/INC-1")).headers["ETag"]
    for said in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        assert (await agent.get("/incidents/INC-1", **{"If-None-Match": said})).status == 304
    assert (await agent.get("/incidents/INC-1", **{"If-None-Match": '"x"'})).status == 200


async def test_pages_stay_as_they_are_while_records_are_added(desk: Desk, client: Client) -> None:
    requester = await acting(desk, client, desk.requester.id)
    for number in range(5):
        await requester.post("/incidents", NEW | {"summary": f"Printer {number}"})
    page = await requester.get("/incidents?limit=2")
    await requester.post("/incidents", NEW)
    seen = [one["ref"] for one in page.body["items"]]
    while page.body["next"]:
        link = page.headers["Link"]
        assert link.endswith('rel="next"')
        page = await requester.get(link[link.index("/api/v1") + 7 : link.index(">")])
        seen += [one["ref"] for one in page.body["items"]]
    assert seen == ["INC-5", "INC-4", "INC-3", "INC-2", "INC-1"]
    forged = await requester.get("/incidents?cursor=AAAA")
    assert (forged.status, forged.headers["Content-Type"]) == (422, "application/problem+json")


async def test_the_words_of_lists_are_its_filters(desk: Desk, client: Client) -> None:
    await desk.reports()
    agent = await acting(desk, client, desk.agent.id)
    assert [one["ref"] for one in (await agent.get("/incidents?q=vpn p1")).body["items"]] == ["INC-1"]
    assert (await agent.get("/incidents?q=website")).body["items"] == []
    assert (await agent.get("/incidents?q=mine")).body["items"] == []


async def test_a_parameter_that_is_misspelled_lists_nothing(desk: Desk, client: Client) -> None:
    agent = await acting(desk, client, desk.agent.id)
    for path, name in (("/incidents?state=open", "state"), ("/incidents?limt=1&q=p1", "limt"), ("/services?q=x", "q")):
        answer = await agent.get(path)
        assert (answer.status, [one["pointer"] for one in answer.body["errors"]]) == (422, [f"#/{name}"])
    assert "there are cursor, limit, q" in (await agent.get("/incidents?state=open")).body["errors"][0]["detail"]
    assert (await agent.post("/incidents?dry=1", NEW)).status == 422
    assert "No incident" in (await desk.agent.runs("/incident list")).text


async def test_every_noun_is_read(desk: Desk, client: Client) -> None:
    await desk.asks_for_change()
    manager = await acting(desk, client, desk.manager.id)
    assert set(reading.NOUNS.values()) == {one.table.noun for one in kinds()}
    for collection in (*reading.NOUNS, "alerts", "services", "rotas"):
        assert (await manager.get(f"/{collection}")).status == 200, collection
    items = (await manager.get("/configuration-items")).body["items"]
    assert "VPN" in [one["name"] for one in items]
    assert (await manager.get(f"/configuration-items/{items[0]['ref']}")).body["name"] == items[0]["name"]
    assert (await manager.get("/changes/CHG-1")).body["title"] == "Upgrade the VPN gateway"
    assert (await manager.get("/changes/CHG-9")).status == 404
    assert (await manager.get("/changes/INC-1")).status == 404


async def test_programs_read_who_is_on_call_as_slack_says_it(desk: Desk, client: Client) -> None:
    agent = await acting(desk, client, desk.agent.id)
    await with_rota(desk, "engineer")
    await desk.agent.runs("/oncall take over vpn from 2026-03-03 09:00 to 2026-03-03 12:00 a fair")
    asked = "from=2026-03-03T08:00&to=2026-03-03T13:00%2B00:00"
    found = (await agent.get(f"/rotas/vpn/shifts?{asked}")).body["items"]
    assert [(one["start"], one["people"]) for one in found] == [
        ("2026-03-03T08:00:00Z", [desk.engineer.id]),
        ("2026-03-03T09:00:00Z", [desk.agent.id]),
        ("2026-03-03T12:00:00Z", [desk.engineer.id]),
    ]
    assert "a fair" in found[1]["because"]
    [rota] = (await agent.get("/rotas")).body["items"]
    assert (rota["key"], rota["now"]["people"]) == ("vpn", [desk.engineer.id])
    assert (await agent.get("/rotas/mail/shifts")).status == 404
    for span in ("from=9999-12-01T00:00&to=9999-12-31T00:00", "from=2026-03-03&to=2026-03-01", "from=sometime"):
        assert (await agent.get(f"/rotas/vpn/shifts?{span}")).status == 422, span
    other = await acting(desk, client, desk.agent.id, "incidents:read")
    assert (await other.get("/rotas")).status == 403


async def test_private_records_need_the_scope_and_the_eyes(desk: Desk, client: Client) -> None:
    requester = await acting(desk, client, desk.requester.id)
    assert (await requester.post("/incidents", NEW | {"private": True})).status == 201
    assert (await requester.get("/incidents/INC-1")).status == 200
    without = await acting(desk, client, desk.requester.id, "incidents:read")
    assert (await without.get("/incidents/INC-1")).status == 404
    assert (await without.get("/incidents")).body["items"] == []
    outsider = await acting(desk, client, desk.outsider.id)
    assert (await outsider.get("/incidents/INC-1")).status == 404


async def test_a_record_names_no_other_that_its_reader_may_not_open(desk: Desk, client: Client) -> None:
    security = await acting(desk, client, desk.manager.id)
    assert (await security.post("/incidents", NEW | {"private": True})).status == 201
    for typed in ("/incident ack INC-1", "/incident problem INC-1 The door is weak", "/problem assign PRB-1 @engineer"):
        await desk.manager.runs(typed)
    await desk.manager.runs("/problem action PRB-1 @engineer 2026-03-12 Look at the doors")
    await desk.manager.runs("/problem assign PRB-1 @manager")
    engineer = await acting(desk, client, desk.engineer.id)
    assert (await engineer.get("/problems/PRB-1")).status == 404
    assert (await engineer.get("/actions/ACT-1")).body["parent"] is None
    assert [one["parent"] for one in (await engineer.get("/actions")).body["items"]] == [None]
    assert (await security.get("/actions/ACT-1")).body["parent"] == "PRB-1"


async def test_a_token_is_good_for_its_scopes_and_its_time(desk: Desk, client: Client) -> None:
    agent = await acting(desk, client, desk.agent.id, "incidents:read")
    assert (await agent.get("/incidents")).status == 200
    refused = await agent.get("/changes")
    assert (refused.status, "changes:read" in refused.body["detail"]) == (403, True)
    async with desk.bot.database.begin() as tx:
        await tokens.revoke(tx, 1, desk.clock.now())
    for token in (agent.token, "", "dbk_x", agent.token[:-1] + "0"):
        answer = await replace(agent, token=token).get("/incidents")
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_too_many_requests_are_told_when_to_come_again(desk: Desk) -> None:
    async with served(desk, Limits(per_minute=1, burst=3)) as client:
        agent = await acting(desk, client, desk.agent.id)
        answers = [await agent.get("/services") for _ in range(4)]
    assert [one.status for one in answers] == [200, 200, 200, 429]
    assert [one.headers["RateLimit"] for one in answers[:2]] == ['"token";r=2;t=1', '"token";r=1;t=1']
    assert answers[0].headers["RateLimit-Policy"] == '"token";q=3;w=180'
    assert int(answers[3].headers["Retry-After"]) > 30


async def test_errors_are_problems_whatever_is_wrong(desk: Desk, client: Client) -> None:
    agent = await acting(desk, client, desk.agent.id)
    for method, path, body, status in (
        ("GET", "/nowhere", None, 404),
        ("PUT", "/incidents", None, 405),
        ("GET", "/incidents?limit=0", None, 422),
        ("POST", "/incidents", NEW | {"colour": "red"}, 422),
        ("POST", "/incidents", ["x"], 422),
        ("GET", "/known-errors?q=vpn", None, 422),
        ("POST", "/incidents", {"summary": "x" * 2_000_000}, 413),
        ("POST", "/incidents", NEW | {"private": "yes"}, 422),
        ("POST", "/incidents", NEW | {"private": 1}, 422),
        ("POST", "/incidents", json.dumps(NEW)[:-1].encode() + b', "private": true, "private": false}', 422),
        ("POST", "/incidents", b"[" * 100_000, 400),
        ("POST", "/incidents", b"\xff{", 400),
        ("POST", "/incidents", NEW | {"summary": "\u3164"}, 422),
    ):
        answer = await agent.asks(method, path, body, {"Idempotency-Key": f"{next(api_steps.KEYS)}"})
        assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json"), (method, path)
        assert answer.body["status"] == status


async def test_head_is_answered_wherever_get_is(desk: Desk, client: Client) -> None:
    await desk.reports()
    agent = await acting(desk, client, desk.agent.id)
    paths = (await client.get("/openapi.json")).body["paths"]
    read = [path for path, methods in paths.items() if "get" in methods and "{" not in path]
    assert len(read) > 8
    for path in (*read, "/incidents/INC-1", "/incidents/INC-1/timeline", "/docs", "/openapi.json", "/incidents/INC-9"):
        whole, head = await agent.get(path), await agent.asks("HEAD", path, None, {})
        assert (head.status, head.headers["Content-Type"]) == (whole.status, whole.headers["Content-Type"]), path
        assert head.headers["Content-Length"] == whole.headers["Content-Length"], path
        assert head.headers.get("ETag") == whole.headers.get("ETag"), path
        assert not head.body, path
    assert (await client.asks("HEAD", "/incidents", None, {})).status == 401


async def test_the_document_is_openapi_and_the_page_needs_nothing_from_elsewhere(desk: Desk, client: Client) -> None:
    document = (await client.get("/openapi.json")).body
    assert document["openapi"].startswith("3.1")
    validate(document)
    page = await client.get("/docs")
    assert "/api/v1/incidents" in page.body
    assert "http" not in page.body.replace("http-equiv", "")
