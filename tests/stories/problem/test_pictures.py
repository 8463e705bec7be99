"""The tree of causes as a picture in the thread of the problem's card."""

from cast import Desk


async def test_the_causes_are_drawn_where_people_read_them(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports("The VPN drops at night")
    await desk.agent.runs("/incident problem INC-1 The VPN drops each night")
    await desk.agent.runs("/problem investigate PRB-1")
    await desk.agent.runs("/problem cause PRB-1 The gateway runs out of memory")
    await desk.settles()
    assert "is drawn" in (await desk.outsider.runs("/problem draw PRB-1 whys")).text
    await desk.settles()
    shown = [one for one in desk.agent.messages("service-desk") if "Five whys of PRB-1" in one.text]
    assert len(shown) == 1
    assert "runs out of memory" in str(shown[0].blocks)
    (file,) = [one for one in desk.slack.files.values() if one.complete]
    assert file.content.startswith(b"\x89PNG")
