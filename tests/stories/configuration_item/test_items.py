"""Configuration items in Slack: put on record, related, looked up, asked what fails with them, and verified."""

from cast import Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy

POLICY = """
[ci_types.server]
title = "Server"
key = ["serial"]
attributes = { serial = "text", cores = "number", warranty = "date" }
verify_every = 90
[ci_types.database]
title = "Database"
control = true
"""


async def adopted(desk: Desk, text: str = POLICY) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(text), by="operator", now=desk.clock.now())


async def add(desk: Desk, type_: str, name: str, key: str = "") -> None:
    await desk.manager.runs(f"/ci add {name}")
    faults = await desk.manager.submits({"Type": type_, "What tells it from others": key, "Owner": "Service desk"})
    assert not faults, faults


async def estate(desk: Desk) -> None:
    """CI-7 host, CI-8 db1, CI-9 db2, CI-10 shop, which needs one of the two; the VPN runs on the shop."""
    await adopted(desk)
    await add(desk, "Server", "host", "S1")
    await add(desk, "Database", "db1")
    await add(desk, "Database", "db2")
    await add(desk, "Application", "shop")
    assert "is related as you said" in (await desk.agent.runs("/ci relate CI-8 runs_on host")).text
    assert "is related as you said" in (await desk.agent.runs("/ci relate CI-10 uses 1 of 2: db1; db2")).text
    assert "is related as you said" in (await desk.agent.runs("/ci relate CI-1 runs_on shop")).text


async def test_items_are_added_related_and_asked_what_fails_with_them(desk: Desk) -> None:
    await estate(desk)
    shown = (await desk.requester.runs("/ci shop")).text
    for said in ("CI-10", "shop", "Application", "1 of 2", "db1", "VPN"):
        assert said in shown
    told = (await desk.requester.runs("/ci impact host")).text
    for said in (
        "Down (1)",
        "db1",
        "Degraded",
        "shop",
        "through db1",
        "Safe",
        "service VPN",
        "To be told: Service desk",
    ):
        assert said in told.replace("*", "")
    assert "is being repaired" in (await desk.agent.runs("/ci repair CI-9")).text
    told = (await desk.requester.runs("/ci impact CI-7")).text.replace("*", "")
    assert "Down (3)" in told
    assert "service VPN" in told.split("Degraded")[0]
    await desk.requester.runs("/ci CI-7")
    await desk.requester.clicks("Impact")
    assert "shop" in desk.requester.modal.text


async def test_what_was_changed_is_on_the_timeline_before_and_after(desk: Desk) -> None:
    await estate(desk)
    assert "is changed" in (await desk.agent.runs("/ci set CI-7 cores = 8")).text
    assert "is no number" in (await desk.agent.runs("/ci set CI-7 cores = eight")).text
    assert "nothing that a server has" in (await desk.agent.runs("/ci set CI-7 corse = 8")).text
    await desk.agent.runs("/ci set CI-7")
    assert not await desk.agent.submits({"What": "Warranty", "What it is": "2027-01-31"})
    told = (await desk.requester.runs("/ci timeline CI-7")).text
    for said in ("put it on record", "cores nothing → “8”", "warranty nothing → “2027-01-31”"):
        assert said in told
    refused = (await desk.outsider.runs("/ci set CI-7 cores = 1")).text
    assert refused == "Only members of Service desk and Change managers can change CI-7. Ask one of them."
    assert "alone says that" in (await desk.agent.runs("/ci set CI-1 name = Tunnel")).text


async def test_an_item_under_control_is_changed_under_an_approved_change_or_it_is_a_difference(desk: Desk) -> None:
    await estate(desk)
    await desk.agent.runs("/ci set CI-8 environment = production")
    assert "changed it without an approved change: “environment”" in (await desk.agent.runs("/ci timeline CI-8")).text
    assert "CI-8" in (await desk.agent.runs("/ci list unverified")).text
    assert "is verified" in (await desk.agent.runs("/ci verify CI-8")).text
    assert "CI-8" not in (await desk.agent.runs("/ci list unverified")).text
    assert "an action says what" in (await desk.agent.runs("/ci differs CI-8 It has moved to the second rack")).text
    assert "db1 differs from its record" in (await desk.agent.runs("/action ACT-1")).text
    assert "CI-8" in (await desk.agent.runs("/ci list unverified")).text
    await desk.asks_for_change("Move the database")
    assert "is about them now" in (await desk.manager.runs("/change items CHG-1 db1")).text
    await desk.approver.clicks("Approve", "changes")
    await desk.settles()
    await desk.agent.runs("/ci set CI-8 environment = test")
    told = (await desk.agent.runs("/ci timeline CI-8")).text
    assert "under CHG-1: environment “production” → “test”" in told
    assert told.count("without an approved change") == 2, "it was related without one too"


async def test_lists_and_what_is_not_there(desk: Desk) -> None:
    await estate(desk)
    listed = (await desk.requester.runs("/ci list database")).text
    assert "db1" in listed
    assert "host" not in listed
    assert "CI-7" in (await desk.requester.runs("/ci S1")).text
    assert "No item matches" in (await desk.requester.runs("/ci nothing like it")).text
    assert "not something to list by" in (await desk.requester.runs("/ci list databases")).text
    assert "no item" in (await desk.requester.runs("/ci impact nothing")).text


async def test_services_say_how_they_are_now(desk: Desk) -> None:
    await estate(desk)
    assert "VPN is working" in (await desk.requester.runs("/service")).text
    await desk.reports()
    shown = (await desk.requester.runs("/service vpn")).text
    for said in ("is disrupted", "INC-1 (P1)", "Promised", "runs on", "shop", "Service desk"):
        assert said in shown
    assert "Email" in (await desk.requester.runs("/service mail")).text
    assert "no service “coffee”" in (await desk.requester.runs("/service coffee")).text


async def test_an_incident_names_items(desk: Desk) -> None:
    await estate(desk)
    await desk.reports()
    assert "is about them now" in (await desk.agent.runs("/incident items INC-1 db1; CI-7")).text
    assert "INC-1" in (await desk.agent.runs("/ci db1")).text
    assert "CI-8" in (await desk.agent.runs("/incident INC-1")).text
    assert "no item" in (await desk.agent.runs("/incident items INC-1 nothing")).text


async def test_forms_name_items_and_cards_say_what_fails_with_them(desk: Desk) -> None:
    await estate(desk)
    await desk.requester.runs("/incident The shop is slow")
    told = {"Service": "VPN", "Impact": "Everyone", "Urgency": "High", "Configuration items": ["db1"]}
    assert not await desk.requester.submits(told)
    await desk.channel("service-desk").hears("INC-1", "CI-8 db1: 1 item goes on with less; 1 service (VPN) is safe")
    await desk.asks_for_change("Move the host", **{"Configuration items": ["host", "db2"]})
    await desk.channel("changes").hears("CHG-1", "CI-9 db2", "CI-7 host", "1 service (VPN) and 2 items fail with it")
    assert "CHG-1" in (await desk.requester.runs("/ci host")).text


async def test_a_baseline_says_what_was_added_retired_and_changed_since(desk: Desk) -> None:
    await estate(desk)
    assert "Only members of" in (await desk.outsider.runs("/ci baseline Before the move")).text
    assert "is kept: 10 items" in (await desk.manager.runs("/ci baseline Before the move")).text
    assert "already, of" in (await desk.manager.runs("/ci baseline Before the move")).text
    assert "Before the move" in (await desk.requester.runs("/ci baselines")).text
    assert "Nothing differs" in (await desk.requester.runs("/ci diff Before the move")).text
    await add(desk, "Application", "new thing")
    await desk.agent.runs("/ci set CI-7 cores = 8")
    await desk.agent.runs("/ci set CI-7 cores = 16")
    await desk.agent.runs("/ci set CI-10 environment = test")
    await desk.agent.runs("/ci set CI-10 environment =")
    await desk.agent.runs("/ci retire CI-9")
    told = (await desk.requester.runs("/ci diff Before the move")).text.replace("*", "")
    for said in ("1 added (1 application)", "new thing", "1 retired (1 database)", "CI-9", "1 changed (1 server)"):
        assert said in told
    assert "cores nothing → “16”" in told
    assert "CI-10" not in told
    assert "Did you mean “Before the move”?" in (await desk.requester.runs("/ci diff Before move")).text


async def test_a_service_of_a_policy_that_was_adopted_is_an_item(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    fax = 'name = "Fax line"\nowner = "service-desk"\nchannel = "service-desk"\ncriticality = "low"'
    await adopted(desk, f"[services.fax]\n{fax}\n")
    await desk.settles()
    assert "CI-7 Fax line" in (await desk.requester.runs("/ci Fax line")).text
    await adopted(desk, "")
    await desk.settles()
    assert "retired" in (await desk.requester.runs("/ci CI-7")).text


async def test_what_fails_is_drawn_with_what_is_open_and_sent_to_who_asked(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await estate(desk)
    await desk.reports()
    await desk.agent.runs("/incident items INC-1 db1")
    assert "comes as a direct message" in (await desk.requester.runs("/ci draw CI-7")).text
    await desk.settles()
    (picture,) = [block for one in desk.requester.messages("DM") for block in one.blocks if block["type"] == "image"]
    assert "What fails where CI-7 fails" in picture["title"]["text"]
    assert "db1" in picture["alt_text"]
    assert "INC-1" in picture["alt_text"]
    await desk.agent.runs("/ci impact CI-8")
    await desk.agent.clicks("Draw it")
    await desk.settles()
    assert any(block["type"] == "image" for one in desk.agent.messages("DM") for block in one.blocks)
