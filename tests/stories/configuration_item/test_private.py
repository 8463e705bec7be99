"""Private items: counted for those outside of their audience, and named nowhere."""

import json

import pytest
from cast import Desk
from every_noun import screens, texts
from stories.configuration_item.test_items import POLICY, add, adopted
from stories.incident.test_privacy import everything_seen

from bot.rules.configuration_item.policy import PRIVATE
from bot.rules.policy.policy import PolicyFaults, parse
from bot.sandbox.person.people import Person
from storage.configuration_item import search
from storage.configuration_item.visibility import EVERYBODY

SECRETS = ("vault", "K7QX", "honeypot", "K8QX")
NUMBERS = ("CI-8", "CI-9")
"""What these are called, and their keys."""
SEALED = (
    POLICY
    + """
[ci_types.safe]
title = "Safe"
key = ["serial"]
attributes = { serial = "text" }
private = true
[ci_sources.cmdb]
type = "server"
columns = { name = "Name", serial = "Serial" }
relations = { runs_on = "Runs on" }
channel = "service-desk"
"""
)


async def estate(desk: Desk) -> None:
    """CI-7 host, which carries CI-8 vault and CI-9 honeypot, private ones of the service desk; CI-10 shop runs on both,
    and the VPN on the shop."""
    await adopted(desk, SEALED)
    await add(desk, "Server", "host", "S1")
    await add(desk, "Safe", "vault", "K7QX")
    await add(desk, "Server", "honeypot", "K8QX")
    await add(desk, "Application", "shop")
    assert "is changed" in (await desk.agent.runs("/ci set CI-9 private = yes")).text
    await desk.agent.runs("/ci relate CI-8 runs_on host")
    await desk.agent.runs("/ci relate CI-9 runs_on host")
    await desk.agent.runs("/ci relate CI-10 uses vault; honeypot")
    await desk.agent.runs("/ci relate CI-1 runs_on shop")
    await desk.settles()


async def named_everywhere(desk: Desk) -> None:
    """A public incident, a private one, a problem and a change name both; a baseline, a campaign, an action and a file
    are about them."""
    await desk.manager.runs("/ci baseline Before")
    await desk.reports()
    await desk.agent.runs("/incident items INC-1 vault; CI-9; host")
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident problem INC-1 It drops")
    await desk.agent.runs("/problem items PRB-1 honeypot")
    await desk.asks_for_change("Move the host", **{"Configuration items": ["host"]})
    await desk.manager.runs("/change items CHG-1 vault")
    await desk.agent.runs("/ci set CI-8 environment = production")
    await desk.agent.runs("/ci relate CI-10 uses vault; honeypot; host")
    await desk.agent.runs("/ci differs CI-9 It is not in the rack")
    await desk.manager.runs("/ci campaign Spring")
    await desk.manager.submits({"Until": (desk.clock.now().date().replace(day=28)), "Items": ""})
    await desk.agent.runs("/ci gone CI-8 Looked in the cellar")
    for person in (desk.manager, desk.requester):
        await person.join("service-desk")
    await desk.manager.share("service-desk", "items.csv", "Name,Serial,Runs on\nhost,S1,\nnew,S9,\n")
    await desk.settles()


async def every_screen(desk: Desk, person: Person) -> str:
    """All that this person is shown, and all that they find by asking."""
    said = [f"{where}: {words}" for where, drawn in [one async for one in screens(desk, person)]
            for _, words in texts(drawn)]  # fmt: skip
    for typed in (
        "ci list", "ci list server", "ci list all", "ci CI-7", "ci CI-10", "ci shop", "ci impact CI-7",
        "ci impact host", "ci timeline CI-7", "ci timeline CI-10", "ci diff Before", "ci baselines", "ci campaigns",
        "service vpn", "service", "incident INC-1", "incident timeline INC-1", "problem PRB-1", "change CHG-1",
        "change timeline CHG-1", "action ACT-1", "desk actions",
    ):  # fmt: skip
        said.append(f"/{typed}: {(await person.runs(f'/{typed}')).text}")
        if person.modal is not None:
            said.append(person.modal.text)
            await person.closes()
    await person.runs("/ci campaigns")
    await person.clicks("Open")
    said.append(person.modal.text)
    await person.closes()
    await person.runs("/ci draw CI-7")
    await desk.settles()
    pictures = [block for one in person.messages("DM") for block in one.blocks if block["type"] == "image"]
    assert pictures
    said += [json.dumps(pictures, ensure_ascii=False), everything_seen(desk, person)]
    return "\n".join(said)


@pytest.mark.slow
async def test_no_screen_of_an_outsider_names_a_private_item(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await estate(desk)
    await named_everywhere(desk)
    for person in (desk.outsider, desk.requester):
        told = await every_screen(desk, person)
        assert "2 private items" in told, "they are counted"
        for secret in (*SECRETS, *NUMBERS):
            around = [line for line in told.splitlines() if secret in line]
            assert not around, around[:3]
    told = await every_screen(desk, desk.agent)
    for secret in SECRETS:
        assert secret in told, "their owners see them"


async def test_an_outsider_finds_no_door_to_a_private_item(desk: Desk) -> None:
    await estate(desk)
    person = desk.outsider
    missing = (await person.runs("/ci CI-99")).text
    for typed in (
        "", "impact", "draw", "verify", "set", "relate", "own", "live", "retire", "differs", "gone", "timeline", "note",
    ):  # fmt: skip
        words = {"set": " cores = 1", "relate": " uses shop", "own": " service-desk", "differs": " x", "gone": " x"}
        for number in (8, 9):
            told = (await person.runs(f"/ci {typed} CI-{number}{words.get(typed, '')}")).text
            expected = (await person.runs(f"/ci {typed} CI-99{words.get(typed, '')}")).text
            assert told.replace(f"CI-{number}", "CI-99") == expected, typed
    assert "There is no" in missing or "no item" in missing.lower()
    for typed in ("vault", "K7QX", "hone", 'list "vault"', "impact vault", "impact K8QX"):
        told = (await person.runs(f"/ci {typed}")).text
        assert told.startswith(("No item matches", "There is no item")), told
    await desk.reports()
    assert "no item" in (await desk.agent.runs("/incident items INC-1 nothing")).text
    async with desk.bot.database.read() as tx:
        assert not await search.beginning(tx, "vau", 10, EVERYBODY)
        assert not await search.beginning(tx, "K8", 10, EVERYBODY)


async def test_the_audience_is_the_owner_the_managers_and_whom_the_policy_names(desk: Desk) -> None:
    await estate(desk)
    for person in (desk.agent, desk.manager):
        shown = (await person.runs("/ci vault")).text
        assert "CI-8" in shown
        assert "private" in shown
        assert "vault" in (await person.runs("/ci impact host")).text
    assert "vault" not in (await desk.approver.runs("/ci impact host")).text
    await adopted(desk, SEALED + '\n[configuration]\naudience = ["change-approvers"]\n')
    assert "vault" in (await desk.approver.runs("/ci impact host")).text
    assert "vault" in (await desk.approver.runs("/ci list safe")).text
    assert "Only members of" in (await desk.approver.runs("/ci retire CI-8")).text, "to see is not to change"
    assert "is theirs" in (await desk.manager.runs("/ci own CI-8 cab")).text
    assert "No item matches" in (await desk.agent.runs("/ci vault")).text


async def test_what_becomes_private_is_taken_back_from_cards_that_stand(desk: Desk) -> None:
    await adopted(desk, SEALED)
    await add(desk, "Server", "host", "S1")
    await desk.reports()
    await desk.agent.runs("/incident items INC-1 host")
    assert await desk.channel("service-desk").count("CI-7 host") >= 1
    await desk.agent.runs("/ci set CI-7 private = yes")
    await desk.settles()
    assert await desk.channel("service-desk").count("host") == 0
    await desk.channel("service-desk").hears("INC-1", "1 private item: nothing stands on it")
    await desk.agent.runs("/ci set CI-7 private = no")
    await desk.settles()
    await desk.channel("service-desk").hears("CI-7 host: nothing stands on it")
    await adopted(desk, SEALED.replace('title = "Server"', 'title = "Server"\nprivate = true', 1))
    await desk.settles()
    assert await desk.channel("service-desk").count("host") == 0
    await adopted(desk, SEALED)
    await desk.settles()
    assert await desk.channel("service-desk").count("CI-7 host") >= 1


async def test_who_does_not_see_all_of_a_relation_cannot_say_it_anew(desk: Desk) -> None:
    await estate(desk)
    assert "is theirs" in (await desk.manager.runs("/ci own CI-10 cab")).text
    told = (await desk.engineer.runs("/ci relate CI-10 uses host")).text
    assert "stands in this relation to 2 private items" in told
    assert "neither yes nor no" in (await desk.agent.runs("/ci set CI-9 private = perhaps")).text


def test_services_are_never_private_and_no_attribute_has_the_name() -> None:
    with pytest.raises(PolicyFaults, match="services are what everybody asks for"):
        parse('[ci_types.service]\ntitle = "Service"\nprivate = true\n')
    with pytest.raises(PolicyFaults, match=f"each item has “{PRIVATE}” already"):
        parse('[ci_types.server]\ntitle = "Server"\nattributes = { private = "text" }\n')
