"""A message about what is reported already becomes part of that record, with its link."""

from cast import Desk


async def test_a_message_is_put_on_the_record_that_it_is_about(desk: Desk) -> None:
    await desk.reports()
    said = await desk.outsider.says("The VPN drops in <!here> sales, too", "general")
    await desk.agent.uses_shortcut("Add to a record", said)
    form = desk.agent.modal
    link = f"/archives/{said.place.id}/p{said.ts.replace('.', '')}"
    assert "sales, too" in form.value("What is added")
    assert link in form.value("What is added")
    assert list(await desk.agent.submits({"Record": "the VPN one"})) == ["Record"]
    assert await desk.agent.submits({"Record": "INC-1"}) == {}
    await desk.settles()
    assert "INC-1 has this message on record" in desk.agent.messages("general")[-1].text
    assert "sales, too" in (await desk.agent.runs("/incident timeline INC-1")).text
    assert link in (await desk.agent.runs("/incident timeline INC-1")).text
    assert "sales" not in (await desk.requester.runs("/incident timeline INC-1")).text, "a note is the desk's own"


async def test_of_the_reporter_it_is_information_and_the_thread_says_which_record(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident take INC-1")
    await desk.agent.runs("/incident pend INC-1 customer Since when?")
    await desk.settles()
    card = next(one for one in desk.agent.messages("service-desk") if "INC-1" in one.text)
    await desk.engineer.join("service-desk")
    said = await desk.engineer.says("It began at nine", "service-desk", card)
    await desk.requester.uses_shortcut("Add to a record", said)
    assert desk.requester.modal.value("Record") == "INC-1"
    assert await desk.requester.submits() == {}
    await desk.dm(desk.agent).hears("INC-1", "It began at nine")
    assert "pending" not in (await desk.agent.runs("/incident INC-1")).text.lower(), "it is the answer"


async def test_who_has_nothing_to_do_with_a_record_hears_so_and_keeps_the_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    said = await desk.requester.says("It is slow today", "general")
    await desk.outsider.uses_shortcut("Add to a record", said)
    [refused] = (await desk.outsider.submits({"Record": "INC-1"})).values()
    assert "Only members of Service desk" in refused
    assert desk.outsider.modal.value("What is added").startswith("It is slow today")
    [refused] = (await desk.outsider.submits({"Record": "INC-7"})).values()
    assert "There is no INC-7" in refused
