"""Private items as answers of forms and in plans of files: more people read a record than their audience."""

import pytest
from cast import CHANGE, Desk
from sqlmodel import select
from statements import listened
from stories.configuration_item.test_items import add, adopted
from stories.configuration_item.test_private import SEALED

from bot.rules.report.export import What
from bot.usecases.configuration_item import writing
from bot.usecases.records.declared import Kind, kinds
from bot.usecases.report import exports
from storage.configuration_item import plans
from storage.incident.incidents import Viewer
from storage.report import export
from storage.tables import RecordField, ServiceRequest

NOUNS = ("incident", "change", "problem")
FORMS = (
    SEALED
    + "".join(f'[fields.{one}.what]\nasks = "What?"\ntype = "configuration item"\n' for one in NOUNS)
    + """
[requests.restart]
title = "A restart"
service = "vpn"
[[requests.restart.questions]]
id = "what"
asks = "Which one?"
type = "configuration item"
required = true
"""
)
CARDS = ("incident INC-1", "change CHG-1", "problem PRB-1", "request REQ-1")


async def answered(desk: Desk, item: str) -> None:
    """INC-1, CHG-1, PRB-1 and REQ-1 have it as an answer."""
    agent = desk.agent
    await agent.runs("/incident It drops")
    assert not await agent.submits({"Service": "VPN", "What?": item})
    await agent.runs("/change Add a second VPN gateway")
    assert not await agent.submits({**CHANGE, "What?": item})
    await agent.runs("/problem It drops each night")
    assert not await agent.submits({"Service": "VPN", "What?": item})
    await agent.runs("/request restart")
    assert not await agent.submits({"Which one?": item})
    await desk.settles()


async def test_a_private_item_can_be_an_answer_and_only_its_link_names_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk, FORMS)
    await add(desk, "Safe", "vault", "K7QX")
    await answered(desk, "vault")
    for card in CARDS:
        noun, ref = card.split()
        told = (await desk.agent.runs(f"/{card}")).text
        assert "a private item" in told, card
        timeline = (await desk.outsider.runs(f"/{noun} timeline {ref}")).text
        for secret in ("vault", "CI-7", "K7QX"):
            assert secret not in told + timeline, card
        assert ref in (await desk.agent.runs("/ci CI-7")).text
    async with desk.bot.database.read() as tx:
        kept = [*await tx.exec(select(RecordField.said)), *await tx.exec(select(ServiceRequest.answers))]
    assert len(kept) == len(CARDS)
    assert not [one for one in kept if "vault" in one]
    # A form that begins with the answer sends it back as it is.
    await desk.agent.runs("/change edit CHG-1")
    assert desk.agent.modal.value("What?") == "a private item"
    assert not await desk.agent.submits({"Title": "Add a third VPN gateway"})


async def test_an_answer_that_becomes_private_is_named_no_more_and_stays_on_the_form(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk, FORMS)
    await add(desk, "Server", "honeypot", "S1")
    await desk.requester.runs("/change Add a second VPN gateway")
    assert not await desk.requester.submits({**CHANGE, "What?": "honeypot"})
    await desk.agent.runs("/request restart")
    assert not await desk.agent.submits({"Which one?": "honeypot"})
    await desk.settles()
    rooms = ("changes", "service-desk")
    assert all([await desk.channel(room).count("honeypot") for room in rooms])
    await desk.agent.runs("/ci set CI-7 private = yes")
    await desk.settles()
    for ref in ("change timeline CHG-1", "request timeline REQ-1"):
        assert "honeypot" not in (await desk.outsider.runs(f"/{ref}")).text
    for room in rooms:
        assert await desk.channel(room).count("honeypot") == 0, room
        await desk.channel(room).hears("a private item")
    # Who asked for the change may not see the item any more, and can say all else anew.
    await desk.requester.runs("/change edit CHG-1")
    assert desk.requester.modal.value("What?") == "a private item"
    assert not await desk.requester.submits({"Title": "Add a third VPN gateway"})
    await desk.agent.runs("/ci set CI-7 private = no")
    await desk.settles()
    assert await desk.channel("service-desk").count("REQ-1", "honeypot")


async def test_the_action_about_an_item_is_private_once_the_item_is(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk, SEALED)
    await add(desk, "Server", "honeypot", "S1")
    await desk.agent.runs("/ci differs CI-7 It is not in the rack")
    assert "honeypot" in (await desk.outsider.runs("/action ACT-1")).text
    await desk.agent.runs("/ci set CI-7 private = yes")
    for typed in ("/action ACT-1", "/action list", "/desk actions"):
        assert "honeypot" not in (await desk.outsider.runs(typed)).text, typed
    assert "honeypot" in (await desk.agent.runs("/action ACT-1")).text
    await desk.agent.runs("/ci set CI-7 private = no")
    assert "honeypot" in (await desk.outsider.runs("/action ACT-1")).text


async def test_a_list_of_actions_asks_no_more_for_more_private_items(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk, SEALED)
    counts = []
    for numbers in (range(7, 9), range(9, 13)):
        for number in numbers:
            await add(desk, "Safe", f"safe {number}", f"S{number}")
            await desk.agent.runs(f"/ci differs CI-{number} It is not in the rack")
        await desk.settles()
        with listened() as heard:
            assert "safe" not in (await desk.outsider.runs("/action list")).text
        counts.append(len(heard))
    assert counts[0] == counts[1]


async def test_a_plan_that_stands_names_what_becomes_private_no_more(desk: Desk) -> None:
    await adopted(desk, SEALED)
    await add(desk, "Server", "host", "S1")
    await desk.manager.join("service-desk")
    await desk.manager.share("service-desk", "items.csv", "Name,Serial,Runs on\nrenamed host,S1,\nother,S9,\n")
    await desk.settles()
    assert await desk.channel("service-desk").count("S1") == 1
    await desk.agent.runs("/ci set CI-7 private = yes")
    await desk.settles()
    assert await desk.channel("service-desk").count("S1") == 0
    await desk.channel("service-desk").hears("1 changed", "a private item")
    await desk.channel("service-desk").hears("other")


async def test_a_plan_that_newer_ones_displace_says_so_where_it_stands(
    desk_on_sqlite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_sqlite
    monkeypatch.setattr(plans, "KEPT_MOST", 1)
    await adopted(desk, SEALED)
    await desk.manager.join("service-desk")
    for name in ("first", "second"):
        desk.clock.forward(minutes=1)
        await desk.manager.share("service-desk", f"{name}.csv", f"Name,Serial,Runs on\n{name},{name},\n")
        await desk.settles()
    assert await desk.channel("service-desk").count("“first”") == 0
    await desk.channel("service-desk").hears("This plan is forgotten")
    await desk.channel("service-desk").hears("“second”")


async def test_a_whole_type_of_items_becomes_private_however_many_there_are(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        # More than a statement takes values on either database.
        await writing.redraw(tx, range(1, 70_000), desk.clock.now())


async def test_an_export_of_facts_has_none_of_private_items(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk, SEALED)
    await add(desk, "Safe", "vault", "K7QX")
    await add(desk, "Server", "host", "S1")
    async with desk.bot.database.read() as tx:
        rows = [str(row) async for row in export.rows(tx, exports.of_all(What.FACTS, None, private=False))]
        every = [str(row) async for row in export.rows(tx, exports.of_all(What.FACTS, None, private=True))]
    assert [one for one in rows if "CI-8" in one], "of public ones"
    assert not [one for one in rows if "CI-7" in one or "vault" in one]
    assert [one for one in every if "vault" in one]


@pytest.mark.parametrize("kind", [one for one in kinds() if one.hides], ids=lambda one: one.table.noun)
def test_an_export_of_facts_leaves_out_what_is_private_of_every_noun(kind: Kind) -> None:
    told = " ".join(
        str(one.compile(compile_kwargs={"literal_binds": True})) for one in export._hidden_queries(Viewer(""))
    )
    assert f"'{kind.table.noun}-'" in told


async def test_a_plan_in_a_channel_counts_what_is_private_already(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk, SEALED)
    await add(desk, "Server", "honeypot", "K8QX")
    await desk.agent.runs("/ci set CI-7 private = yes")
    await desk.manager.join("service-desk")
    await desk.manager.share("service-desk", "items.csv", "Name,Serial,Runs on\nrenamed,K8QX,\nother,S9,\n")
    await desk.settles()
    await desk.channel("service-desk").hears("1 created", "other", "1 changed", "1 private item")
    assert await desk.channel("service-desk").count("K8QX") == 0
