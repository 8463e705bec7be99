"""What is given to somebody is read by them: who may not see it is refused to who gives it, by name, with a way on."""

import pytest
from cast import Desk

HIDDEN = {
    "incident": (
        "action INC-2 @outsider friday x",
        "Outsider may not see INC-2. Let them see it first: /incident share",
    ),
    "problem": ("action PRB-2 @outsider friday x", "Outsider may not see PRB-2. Choose somebody who may."),
    "review": ("assign REV-2 @outsider", "Outsider may not see INC-2. Let them see it first: /incident share INC-2"),
    "report": ("action RPT-1 @outsider friday x", "Outsider may not see RPT-1. Choose somebody who may."),
    "survey": ("action SVY-1 @outsider friday x", "Outsider may not see SVY-1. Choose somebody who may."),
    "complaint": ("action CMP-1 @outsider friday x", "Outsider may not see CMP-1. Choose somebody who may."),
}
GROUPS = {
    "problem": ("assign PRB-2 service-desk", "Nobody in Service desk may see PRB-2."),
    "review": ("assign REV-2 service-desk", "Nobody in Service desk may see INC-2."),
    "incident": ("assign INC-2 service-desk", "A private incident stays with the group that works on those"),
}


@pytest.mark.slow
async def test_nothing_is_given_to_who_may_not_see_it(lived_in_desk: Desk) -> None:
    desk = lived_in_desk
    for given in (HIDDEN, GROUPS):
        for command, (typed, said) in given.items():
            answer = (await desk.manager.runs(f"/{command} {typed}")).text
            assert said in answer, (typed, answer)
    await desk.manager.runs("/problem action PRB-2 @manager friday Mend the filter")
    await desk.settles()
    number = (await desk.manager.runs("/action list mine")).text.split("ACT-")[1].split()[0]
    answer = (await desk.manager.runs(f"/action assign ACT-{number} service-desk")).text
    assert "Nobody in Service desk may see PRB-2" in answer
    await desk.manager.runs("/problem assign PRB-2 security")
    assert "Security desk" in (await desk.manager.runs("/problem PRB-2")).text


async def test_an_action_of_what_its_reader_may_not_see_is_opened_all_the_same(lived_in_desk: Desk) -> None:
    """The action is for everybody; figures and answers are not."""
    desk = lived_in_desk
    for typed in ("report action RPT-1 @manager friday Mend it", "survey action SVY-1 @manager friday Ask again"):
        await desk.manager.runs(f"/{typed}")
    await desk.settles()
    for number in (4, 5):
        shown = await desk.requester.runs(f"/action ACT-{number}")
        assert shown.text
        await desk.requester.clicks("More…", message=desk.requester.messages("general")[-1])
        assert "Timeline" in desk.requester.modal.buttons
        await desk.requester.closes()
        assert "can" in (await desk.requester.runs(f"/action done ACT-{number} I did")).text
