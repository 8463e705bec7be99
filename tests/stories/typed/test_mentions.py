"""A mention, and a word to the app alone, are understood for records of every noun, as their commands are."""

import pytest
from cast import Desk
from change_steps import freezes


async def test_what_is_said_to_the_app_is_a_command_for_every_noun(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    requester = desk.requester
    await desk.reports()
    await desk.agent.runs("/incident problem INC-1 It drops again")
    await freezes(desk)

    async def answered(words: str) -> str:
        before = len(requester.notes("DM"))
        await requester.says(words, "DM")
        await desk.settles()
        return "\n".join(requester.notes("DM")[before:])

    assert "Open incidents (1)" in await answered("list")
    assert "INC-1" in await answered("/incident list vpn P1")
    assert "PRB-1 It drops again" in await answered("/problem list")
    assert "PRB-1 It drops again" in await answered("PRB-1")
    assert "WIN-1 Year-end closing: freeze" in await answered("WIN-1")
    assert "There is no STD-1." in await answered("STD-1")
    assert "There is no CAB-1." in await answered("CAB-1")
    assert "Nothing waits for your vote" in await answered("approvals")
    assert "A form asks for the rest." in await answered("request laptop")
    assert "Shall I log “list of printers is empty”" in await answered("list of printers is empty")
    assert "Shall I log “the calendar is empty”" in await answered("the calendar is empty")
    assert "VPN" in (told := await answered("service VPN"))
    assert "Shall I log" not in told
    assert "Shall I log “service desk is not answering”" in await answered("service desk is not answering")
    assert "Promises" in await answered("sla 24")
    assert "Shall I log “VPN is down”" in await answered("report VPN is down")
    assert "Shall I log “VPN is down”" in await answered("/incident VPN is down")
    assert "No document" in await answered("/document printer")
    assert "Shall I log “document printer is broken”" in await answered("document printer is broken")
    assert "Did you mean /problem It drops at night?" in await answered("problem It drops at night")
    await requester.clicks("Yes", "DM")
    assert requester.modal.value("What goes wrong") == "It drops at night"
    await requester.closes()
    for command in ("service", "oncall", "alert", "ci", "register", "document", "review", "desk", "report"):
        assert "Shall I log" not in await answered(command), command


async def test_a_verb_that_takes_another_record_links_that_to_the_one_whose_thread_it_is(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    agent = desk.agent
    for summary in ("VPN is down", "VPN is slow"):
        await desk.reports(summary)
    await agent.runs("/incident problem INC-1 It drops again")
    await desk.settles()
    desk.slack.channel("service-desk").members.append(agent.id)
    card = next(one for one in agent.messages("service-desk") if "PRB-1" in str(one.blocks[:1]))
    for said in ("@deskbell link INC-2", "@deskbell unlink INC-1 A slip"):
        await agent.says(said, "service-desk", card)
        await desk.settles()
    assert "It caused: INC-2" in (await agent.runs("/problem PRB-1")).text
    assert "INC-1" not in (await agent.runs("/problem PRB-1")).text.replace("from INC-1", "")
    assert "VPN is down" in (await desk.outsider.runs("/incident INC-1")).text
    for typed, shown in (("WIN-1", "/change WIN-1"), ("KE-1", "/problem KE-1"), ("CAB-1", "/change cab CAB-1")):
        told = (await desk.outsider.runs(f"/incident {typed}")).text
        assert f"{typed} belongs to another command: {shown} shows it." in told


async def test_thanks_are_no_report_and_no_answer(desk_on_sqlite: Desk) -> None:
    desk, requester = desk_on_sqlite, desk_on_sqlite.requester
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.settles()

    async def answered(words: str, place: str = "DM") -> str:
        before = len(requester.notes(place))
        await requester.says(words, place)
        await desk.settles()
        return "\n".join(requester.notes(place)[before:])

    for words in ("thanks!", "Ok, thank you so much", ":tada:", "👍", "hi", "bye bye", "@Deskbell thx"):
        told = await answered(words)
        assert "Nothing is logged for that." in told, words
        assert "Shall I log" not in told, words
    await desk.agent.join("service-desk")
    await desk.agent.says("@Deskbell cheers", "service-desk")
    await desk.settles()
    assert "Nothing is logged for that." in desk.agent.notes("service-desk")[-1]
    await desk.agent.runs("/incident pend INC-1 customer May we restart it?")
    await desk.settles()
    assert "Nothing is logged for that." in await answered("Thanks!")
    assert "Pending" in (await desk.agent.runs("/incident INC-1")).text
    assert "INC-1" in await answered("yes")
    await desk.settles()
    assert "“yes”" in (await desk.agent.runs("/incident timeline INC-1")).text
    assert "Pending" not in (await desk.agent.runs("/incident INC-1")).text


@pytest.mark.parametrize("said", ["@Deskbell", "@Deskbell help", "@Deskbell HELP"])
async def test_a_mention_alone_says_what_can_be_done(desk_on_sqlite: Desk, said: str) -> None:
    agent = desk_on_sqlite.agent
    await agent.join("service-desk")
    await agent.says(said, "service-desk")
    await desk_on_sqlite.settles()
    assert "/incident [summary]" in agent.notes()[-1]
    assert "All commands" in agent.noted()[-1].buttons


async def test_help_in_a_direct_message_does_too(desk_on_sqlite: Desk) -> None:
    agent = desk_on_sqlite.agent
    await agent.says("help", "DM")
    await desk_on_sqlite.settles()
    assert "/incident [summary]" in agent.notes()[-1]
