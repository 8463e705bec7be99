"""Commands that miss are taken, or asked back: by command and by mention, for every noun."""

import re

from cast import Desk

from bot.rules.record import suggestions
from handlers.home import TABLES

YES, NO = "Yes", "No, report it"


async def test_a_number_with_words_behind_it_is_the_command(desk: Desk) -> None:
    await desk.reports()
    agent = desk.agent
    assert "has your note" in (await agent.runs("/incident note 1 the second line looks")).text
    assert "INC-1" in (await agent.runs("/incident assign 1 @engineer")).text
    assert "INC-1" in (await agent.runs("/incident priority 1 P2 Few are at home")).text
    assert "Everyone can see INC-1" in (await agent.runs("/incident share 1 @approver")).text
    assert "resolved" in (await agent.runs("/incident resolve #1 Fixed: cache emptied")).text
    assert agent.modal is None
    await agent.runs("/incident resolve 2 Fixed: no such number")
    assert agent.modal.value("Summary") == "resolve 2 Fixed: no such number"
    await agent.closes()
    await desk.asks_for_change()
    assert "CHG-1" in (await desk.approver.runs("/change reject 1 no good")).text
    await desk.channel("changes").hears("CHG-1", "no good")


async def test_what_is_nearly_a_command_is_asked_back(desk: Desk) -> None:
    await desk.reports()
    agent = desk.agent
    for typed, meant in (("lsit", "list"), ("mine", "list mine"), ("lits P1", "list P1")):
        await agent.runs(f"/incident {typed}")
        assert f"Did you mean /incident {meant}?" in agent.notes()[-1]
    await agent.clicks(YES, "general")
    assert "VPN is down" in agent.messages("general")[-1].text
    await agent.runs("/incident reslove 1 Fixed: cache emptied")
    assert "Did you mean /incident resolve INC-1 Fixed: cache emptied?" in agent.notes()[-1]
    await agent.clicks(YES, "general")
    assert "INC-1 is resolved" in agent.messages("general")[-1].text
    await agent.runs("/incident ack 1 printer is broken")
    await agent.clicks(NO, "general")
    assert agent.modal.value("Summary") == "ack 1 printer is broken"
    await agent.closes()
    await desk.requester.runs("/incident the same as INC-1 again")
    await desk.requester.clicks(YES, "general")
    assert "VPN is down" in desk.requester.messages("general")[-1].text
    await desk.requester.runs("/change aprove CHG-1")
    assert "Did you mean /change approve CHG-1?" in desk.requester.notes()[-1]
    await desk.requester.clicks("No, ask for it", "general")
    assert desk.requester.modal.value("Title") == "aprove CHG-1"


async def test_a_mention_is_understood_like_a_command(desk: Desk) -> None:
    await desk.reports()
    card = desk.agent.messages("service-desk")[-1]
    await desk.agent.join("service-desk")
    await desk.agent.says("@Deskbell reslove fixed it", "service-desk", thread=card)
    await desk.settles()
    assert "Did you mean /incident resolve INC-1 fixed it?" in desk.agent.notes()[-1]
    await desk.agent.clicks(YES, "service-desk")
    await desk.settles()
    await desk.dm(desk.requester).hears("INC-1", "was resolved by @agent", "fixed it")
    await desk.agent.says("@Deskbell help", "service-desk", thread=card)
    await desk.settles()
    assert "/incident resolve INC-n" in desk.agent.notes()[-1]
    await desk.agent.says("@Deskbell akc 1", "service-desk")
    await desk.settles()
    assert re.search(r"Did you mean /incident ack INC-1\?", desk.agent.notes()[-1])
    await desk.agent.clicks(NO, "service-desk")
    assert desk.agent.modal.value("Summary") == "akc 1"


async def test_lists_take_filters_in_any_combination_and_page(desk: Desk) -> None:
    await desk.reports()
    await desk.reports("Mail is slow", Service="Email", Impact="Low")
    agent = desk.agent
    assert "VPN is down" in (await agent.runs("/incident list vpn P1")).text
    await agent.runs("/incident ack INC-2")
    mine = (await agent.runs("/incident list my email")).text
    assert "Mail is slow" in mine
    assert "VPN is down" not in mine
    assert "No incident matches" in (await agent.runs("/incident list vpn mine")).text
    assert "VPN is down" in (await desk.requester.runs("/incident list mine vpn")).text
    for n in range(11):
        await desk.asks_for_change(f"Replace disk {n}")
    assert "Page 1 of 2" in (await agent.runs("/change list vpn")).text
    await agent.clicks("Next", "general")
    assert "Page 2 of 2" in agent.messages("general")[-1].text
    assert "Replace disk 10" in agent.messages("general")[-1].text


async def test_commands_without_records_ask_back_or_name_what_is_like_it(desk_on_sqlite: Desk) -> None:
    agent = desk_on_sqlite.agent
    for typed, meant in (("iso wlak", "iso walk"), ("oncall mien", "oncall mine"), ("alert lsit", "alert list")):
        await agent.runs(f"/{typed}")
        assert f"Did you mean /{meant}?" in agent.notes()[-1]
    for typed, meant in (
        ("service vpnn", "did you mean “vpn”?"),
        ("sla service vpnn", "did you mean “vpn”?"),
        ("desk policy chanels", "did you mean “channels”?"),
        ("report mont", "did you mean “month”?"),
        ("sla vpn", "Promises: VPN"),
    ):
        assert meant in (await agent.runs(f"/{typed}")).text
    assert "is no period" not in (await desk_on_sqlite.manager.runs("/report last month")).text


async def test_a_verb_that_a_record_has_not_is_told_and_opens_no_form(desk_on_sqlite: Desk) -> None:
    agent = desk_on_sqlite.agent
    for command, ref in (("change", "STD-1"), ("change", "WIN-1"), ("change", "CAB-1"), ("problem", "KE-1")):
        for verb in ("note", "assign"):
            told = (await agent.runs(f"/{command} {verb} {ref} words of mine")).text
            assert f"There is no “{verb}” for {ref}" in told, told
            assert agent.modal is None
    await agent.runs("/change Move STD-1 to the new wording")
    assert agent.modal.value("Title") == "Move STD-1 to the new wording"
    await agent.closes()


async def test_words_that_name_a_record_that_is_not_theirs_are_their_own_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for ref in ("RPT-1", "AUD-1", "MR-1", "POL-1", "DOC-1", "REG-1", "CMP-1"):
        before = len(desk.outsider.notes("DM"))
        await desk.outsider.says(f"what about {ref} then", "DM")
        await desk.settles()
        assert f"Shall I log “what about {ref} then”" in "\n".join(desk.outsider.notes("DM")[before:]), ref


async def test_a_word_behind_a_verb_that_is_typed_alone_is_asked_about(desk_on_sqlite: Desk) -> None:
    agent, asked = desk_on_sqlite.agent, []
    for table in TABLES:
        for verb in table.verbs if table.opens else ():
            if "[" not in verb.usage and "-n" not in verb.usage:
                await agent.runs(f"{table.command} {verb.usage} zzz")
                assert agent.modal is None, verb.usage
                if agent.notes()[-1].startswith(f"Did you mean {table.command} {verb.usage}?"):
                    asked.append(verb.usage)
    assert {"windows", "standard", "approvals", "delegate", "cab", "cab list", "help"} <= set(asked)
    await desk_on_sqlite.requester.runs("/change windows patching")
    await desk_on_sqlite.requester.clicks("No, ask for it", "general")
    assert desk_on_sqlite.requester.modal.value("Title") == "windows patching"


async def test_a_list_that_is_asked_for_in_a_sentence_is_shown(desk_on_sqlite: Desk) -> None:
    await desk_on_sqlite.reports()
    agent = desk_on_sqlite.agent
    for typed in ("list of open incidents", "list incidents", "List all the incidents"):
        assert "ncidents (1)" in (await agent.runs(f"/incident {typed}")).text, typed
        assert agent.modal is None, typed
    assert "No change matches that" in (await agent.runs("/change list of open changes")).text
    await agent.runs("/incident list of incidents is empty")
    assert agent.modal.value("Summary") == "list of incidents is empty"


def test_what_stands_on_a_button_is_understood_of_every_noun() -> None:
    tried = 0
    for table in TABLES:
        if table.grammar is None:
            continue
        for button, verb in table.grammar.buttons.items():
            for typed in (button, button.replace(" ", "-").upper()):
                text = f"{typed} {table.noun}-3 friday\nlater"
                if table.knows(typed):
                    continue
                found = suggestions.meant(text, table.grammar)
                assert found is not None, text
                assert found.text == f"{verb} {table.noun}-3 friday\nlater", text
                tried += 1
    assert tried > 50


async def test_who_types_what_is_on_the_button_is_asked_whether_that_is_meant(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident action INC-1 @agent 2026-03-12 Look at it")
    assert (
        "Did you mean /action extend ACT-1 in 3 weeks"
        in (await desk.agent.runs("/action put off ACT-1 in 3 weeks the supplier is late")).text
    )
