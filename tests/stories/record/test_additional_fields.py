"""Additional fields of changes and problems: asked, required, kept and shown by the engine of the catalogue's forms."""

from cast import CHANGE, Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from storage import record_fields

FIELDS = """
[fields.{noun}.where]
asks = "Where does it run?"
type = "choice"
options = ["At the provider", "In our room"]
required = true

[fields.{noun}.rack]
asks = "In which rack?"
type = "text"
required = true
when = {{ where = "In our room" }}

[fields.{noun}.told]
asks = "Who is told?"
type = "person"
"""


async def adopt(desk: Desk, text: str) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(text), by="operator", now=desk.clock.now())


async def kept(desk: Desk, subject: str) -> list[tuple[str, str]]:
    async with desk.bot.database.read() as tx:
        return [(one.key, one.said) for one in await record_fields.of(tx, subject)]


async def test_a_change_is_approved_with_them_and_an_edit_of_one_asks_anew(desk: Desk) -> None:
    await adopt(desk, FIELDS.format(noun="change"))
    requester = desk.requester
    await requester.runs("/change Add a second VPN gateway")
    await requester.fills({**CHANGE, "Why": "One is not enough. " * 30, "Where does it run?": "In our room"})
    assert "In which rack?" in str(await requester.submits({"In which rack?": ""}))
    assert not await requester.submits({"In which rack?": "R7", "Who is told?": "agent"})
    await desk.channel("changes").hears("CHG-1", "In which rack?", "R7", "Who is told?", "@agent")
    await desk.approver.clicks("Approve", "changes", message="CHG-1")
    assert "In which rack?\nR7" in desk.approver.modal.text
    assert "Who is told?\n@agent" in desk.approver.modal.text
    assert await kept(desk, "CHG-1") == [("where", "In our room"), ("rack", "R7"), ("told", desk.agent.id)]
    # What was voted on was about another answer.
    await requester.runs("/change edit CHG-1")
    assert requester.modal.value("In which rack?") == "R7"
    await requester.fills({"Where does it run?": "At the provider"})
    assert "In which rack?" not in requester.modal.labels
    assert not await requester.submits({})
    assert await kept(desk, "CHG-1") == [("where", "At the provider"), ("told", desk.agent.id)]
    await desk.channel("changes").hears("CHG-1", "revision 1", "additional fields")
    # A draft keeps what can be kept.
    await requester.runs("/change Another one")
    await requester.fills({**CHANGE, "Where does it run?": "In our room"})
    await requester.clicks("Keep as a draft")
    assert await kept(desk, "CHG-2") == [("where", "In our room")]


async def test_a_configuration_item_among_them_is_linked(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    nouns = ("incident", "change", "problem")
    await adopt(desk, "".join(f'[fields.{one}.what]\nasks = "What?"\ntype = "configuration item"\n' for one in nouns))
    await desk.manager.runs("/ci add VPN gateway 1")
    assert not await desk.manager.submits({"Type": "Server", "Owner": "Service desk"})
    await desk.agent.runs("/incident It drops")
    assert not await desk.agent.submits({"Service": "VPN", "What?": "VPN gateway 1"})
    await desk.requester.runs("/change Add a second VPN gateway")
    assert not await desk.requester.submits({**CHANGE, "What?": "VPN gateway 1"})
    await desk.agent.runs("/problem It drops each night")
    assert not await desk.agent.submits({"Service": "VPN", "What?": "VPN gateway 1"})
    shown = (await desk.agent.runs("/ci VPN gateway 1")).text
    assert all(one in shown for one in ("INC-1", "CHG-1", "PRB-1"))


async def test_a_problem_has_them_too_and_a_form_that_is_open_is_drawn_as_it_is_now(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/problem The VPN drops each night")
    await adopt(desk, FIELDS.format(noun="problem"))
    await desk.agent.submits({"Service": "VPN"})
    assert "Where does it run?" in desk.agent.modal.labels
    assert desk.agent.modal.value("What goes wrong") == "The VPN drops each night"
    await desk.agent.fills({"Where does it run?": "In our room"})
    assert not await desk.agent.submits({"In which rack?": "R7"})
    await desk.channel("service-desk").hears("PRB-1", "In which rack?", "R7")
    assert "R7" in (await desk.agent.runs("/problem timeline PRB-1")).text
    assert "PRB-1" in (await desk.agent.runs("/problem list “r7”")).text
