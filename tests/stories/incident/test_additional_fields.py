"""Additional fields of incidents: drawn, required and kept by the engine of the catalogue's forms."""

from cast import Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from storage import record_fields

FIELDS = """
[fields.incident.kind]
asks = "What is it on?"
type = "choice"
options = ["A laptop", "A phone"]
required = true

[fields.incident.asset]
asks = "Which laptop?"
type = "text"
required = true
when = { kind = "A laptop" }
"""


async def adopt(desk: Desk, text: str) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(text), by="operator", now=desk.clock.now())


async def test_a_field_is_drawn_required_and_kept_only_where_it_is_asked(desk: Desk) -> None:
    await adopt(desk, FIELDS)
    await desk.requester.runs("/incident VPN drops")
    assert "Which laptop?" not in desk.requester.modal.labels
    await desk.requester.fills({"What is it on?": "A laptop"})
    assert "Which laptop?" in desk.requester.modal.labels
    assert "Which laptop?" in str(await desk.requester.submits({"Which laptop?": ""}))
    await desk.requester.fills({"Which laptop?": "LT-0042", "What is it on?": "A phone"})
    assert "Which laptop?" not in desk.requester.modal.labels
    assert not await desk.requester.submits({"Service": "VPN"})
    async with desk.bot.database.read() as tx:
        assert [(one.key, one.said) for one in await record_fields.of(tx, "INC-1")] == [("kind", "A phone")]
    await desk.requester.runs("/incident VPN drops again")
    await desk.requester.fills({"What is it on?": "A laptop"})
    assert not await desk.requester.submits({"Which laptop?": "LT-0042", "Service": "VPN"})
    await desk.channel("service-desk").hears("INC-2", "Which laptop?", "LT-0042")
    assert "LT-0042" in (await desk.agent.runs("/incident timeline INC-2")).text
    listed = (await desk.agent.runs("/incident list “lt-0042”")).text
    assert "INC-2" in listed
    assert "INC-1 " not in listed


async def test_a_form_whose_fields_changed_while_it_was_open_is_shown_as_it_is_now(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/incident VPN drops")
    await adopt(desk, FIELDS)
    await desk.requester.submits({"Service": "VPN"})
    assert "What is it on?" in desk.requester.modal.labels
    assert not await desk.requester.submits({"What is it on?": "A phone"})
    await desk.channel("service-desk").hears("INC-1", "VPN drops", "A phone")
