"""What a reporter has to say: answered, added, by button, by mention, in a thread and written to the app."""

from cast import Desk

from storage.incident import incidents
from storage.tables import Incident


async def asked(desk: Desk, summary: str = "Mailbox for the new team") -> None:
    """The desk waits for the reporter."""
    await desk.reports(summary)
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident pend INC-1 customer Which name should it have?")
    await desk.dm(desk.requester).hears("@agent asks about INC-1", "Which name should it have?")


async def row(desk: Desk) -> Incident:
    async with desk.bot.database.read() as tx:
        return await incidents.get(tx, 1)


async def test_an_answer_is_on_record_told_to_the_assignee_and_work_goes_on(desk: Desk) -> None:
    await asked(desk)
    await desk.requester.clicks("Answer", "DM", message="asks about")
    assert list(await desk.requester.submits(Answer=" ")) == ["Answer"]
    assert await desk.requester.submits(Answer="Call it <!channel> sales") == {}
    assert (await row(desk)).state == "in progress"
    await desk.dm(desk.agent).hears("@requester on INC-1", "Call it <!channel> sales")
    await desk.channel("service-desk").hears("@requester on INC-1", "sales")
    await desk.dm(desk.requester).hears("asks about INC-1", "Answered by @requester")
    assert "Answer" not in [label for one in desk.requester.messages("DM") for label in one.buttons]
    told = (await desk.agent.runs("/incident timeline INC-1")).text
    assert "@requester added" in told
    assert "@requester answered, so work goes on" in told
    assert "@requester the clock" not in told


async def test_words_in_threads_and_to_the_app_are_put_where_they_belong(desk: Desk) -> None:
    await asked(desk)
    assert await desk.requester.says("Sales, please", "DM")
    await desk.settles()
    assert (await row(desk)).state == "in progress"
    await desk.dm(desk.agent).hears("@requester on INC-1", "Sales, please")
    receipt = next(one for one in desk.requester.messages("DM") if "Thank you" in one.text)
    await desk.requester.says("And it is urgent", "DM", receipt)
    await desk.dm(desk.agent).hears("@requester on INC-1", "And it is urgent")
    card = next(one for one in desk.agent.messages("service-desk") if "Mailbox" in one.text)
    await desk.requester.join("service-desk")
    await desk.requester.says("@deskbell note Ten people", "service-desk", card)
    await desk.dm(desk.agent).hears("@requester on INC-1", "Ten people")
    await desk.requester.says("They start on Monday", "service-desk", card)
    await desk.dm(desk.agent).hears("@requester on INC-1", "They start on Monday")
    await desk.agent.join("service-desk")
    await desk.agent.says("Let us see", "service-desk", card)
    await desk.outsider.join("service-desk")
    await desk.outsider.says("I am curious", "service-desk", card)
    await desk.settles()
    told = (await desk.agent.runs("/incident timeline INC-1")).text
    assert "Let us see" not in told
    assert "curious" not in told
    assert "Only who reported INC-1" in (await desk.outsider.runs("/incident add INC-1 I am curious")).text


async def test_what_is_written_to_the_app_is_understood_like_a_mention(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.requester.says("cancel INC-1 It works again", "DM")
    await desk.settles()
    assert (await row(desk)).state == "cancelled"
    await desk.requester.says("The printer jams", "DM")
    await desk.requester.clicks("Log incident", "DM")
    assert desk.requester.modal.value("Summary") == "The printer jams"


async def test_who_does_not_work_on_it_sees_their_own_buttons(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.requester.runs("/incident INC-1")
    card = desk.slack.channel("general").messages[-1]
    shown = [one["text"]["text"] for block in card.blocks for one in block.get("elements", ()) if "action_id" in one]
    assert shown == ["Add information", "Cancel…", "More…"]
    await desk.requester.clicks("Add information", "general")
    assert await desk.requester.submits(Information="Since the update") == {}
    await desk.channel("service-desk").hears("@requester on INC-1", "Since the update")
    said = [one for one in desk.agent.messages("service-desk") if "Since the update" in one.text][-1]
    assert said.raw.broadcast, "nobody has it, so the channel hears it"


async def test_low_ratings_reach_the_assignee_and_the_managers(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident resolve INC-1 Restarted it")
    await desk.settles()
    await desk.requester.runs("/incident reopen INC-1 It drops again")
    await desk.channel("service-desk").hears(
        "INC-1", "In progress, with @agent", "Reopened by @requester", "drops again"
    )
    await desk.agent.runs("/incident resolve INC-1 Replaced the cable")
    told = [one.text for one in desk.requester.messages("DM") if "was resolved by" in one.text]
    await desk.settles()
    told = [one for one in desk.requester.messages("DM") if "was resolved by" in one.text]
    assert ["Restarted it" in one.text for one in told] == [True, False], "each says its own words"
    assert told[0].buttons == []
    await desk.agent.runs("/incident close INC-1")
    await desk.settles()
    await desk.requester.clicks("2 · Fair", "DM")
    for reader in (desk.agent, desk.manager):
        await desk.dm(reader).hears("INC-1", "@requester rated it 2 of 5")
    assert any("Reopen…" in one.buttons for one in desk.requester.messages("DM"))


async def test_a_number_in_words_to_the_app_is_asked_about(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.outsider.says("status of INC-1", "DM")
    await desk.settles()
    asked = desk.outsider.messages("DM")[-1]
    assert "Did you mean /incident INC-1?" in asked.text
    await desk.outsider.clicks("Yes", message=asked)
    assert "VPN is down" in desk.outsider.messages("DM")[-1].text
