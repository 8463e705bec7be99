"""Private incidents: they exist for the group that works on them and for those it adds, and for nobody else."""

import json

from cast import Desk

SECRET = "Phished mailbox"
BOX = {"Privacy": ["Private: about security or people"]}


async def private_report(desk: Desk) -> None:
    await desk.requester.runs(f"/incident {SECRET}")
    assert await desk.requester.submits({"Service": "Email", "Impact": "Everyone", "Urgency": "High"} | BOX) == {}
    await desk.settles()


def everything_seen(desk: Desk, person: object) -> str:
    """All that a person's screen has shown, wherever."""
    places = [place.name for place in desk.slack.channels.values() if not place.is_im]
    seen = [one.text for name in [*places, "DM"] for one in person.messages(name)]
    seen += person.notes()
    seen += [person.home.text] if person.home else []
    seen += [person.modal.text] if person.modal else []
    return "\n".join(seen)


async def test_its_card_stands_in_the_private_channel_alone(desk: Desk) -> None:
    await private_report(desk)
    assert await desk.channel("service-desk").count(SECRET) == 0
    assert desk.slack.channel("private-incidents").is_private
    shown = [one for one in desk.manager.messages("private-incidents") if SECRET in one.text]
    assert shown
    await desk.manager.clicks("I'm on it", "private-incidents")
    await desk.dm(desk.requester).hears("INC-1", "Acknowledged, with @manager")


async def test_an_outsider_finds_no_door_to_it(desk: Desk) -> None:
    """The agent is of the service desk, and still an outsider to this; the outsider is of no group at all."""
    await private_report(desk)
    await desk.reports("Mail is slow", Service="Email")
    for person in (desk.agent, desk.outsider):
        missing = (await person.runs("/incident INC-99")).text.replace("99", "1")
        assert (await person.runs("/incident INC-1")).text == missing
        for typed in (
            "ack", "start", "pend", "resume", "resolve", "close", "cancel", "reopen", "take", "assign", "note",
            "update", "class", "priority", "link", "merge", "share", "metoo",
        ):  # fmt: skip
            words = {"merge": "INC-2", "link": "INC-2", "pend": "vendor x", "assign": "me", "share": "@agent"}
            words |= {"class": "impact:low", "priority": "P5 x"}
            answer = await person.runs(f"/incident {typed} INC-1 {words.get(typed, 'x')}")
            assert "There is no INC-1" in answer.text, typed
            assert person.modal is None, typed
        for typed in ("link INC-2 INC-1", "merge INC-2 INC-1", "timeline INC-1", "why INC-1", "major INC-1"):
            answer = await person.runs(f"/incident {typed}")
            assert SECRET not in answer.text, typed
            assert "INC-1 " not in answer.text.replace("There is no INC-1", ""), typed
            if person.modal is not None:
                await person.closes()
        for asked in (
            "list",
            "list all",
            "list P1",
            "list service:email",
            'list "phished"',
            "list age>0h",
            "list mine",
        ):
            assert "INC-1" not in (await person.runs(f"/incident {asked}")).text, asked
        assert "(1)" in (await person.runs("/incident list")).text, "not counted either"
        await person.runs("/incident Phished mailbox again")
        await person.fills(Service="Email")
        assert SECRET not in person.modal.text.replace("Phished mailbox again", "")
        assert "INC-1" not in person.modal.text
        await person.closes()
        await person.opens_home()
        await desk.settles()
        assert SECRET not in everything_seen(desk, person)


async def test_a_forged_button_opens_no_door_either(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await private_report(desk)
    await desk.reports("Mail is slow", Service="Email")
    card = next(one for one in desk.agent.messages("service-desk") if "INC-2" in one.text)
    forged = json.loads(json.dumps(card.raw.blocks).replace("INC-2@", "INC-1@"))
    card.raw.blocks[:] = forged
    for label in ("I'm on it", "Resolve", "More…", "Declare major"):
        await desk.agent.clicks(label, "service-desk", message=card)
        assert desk.agent.modal is None, label
    assert all("There is no INC-1" in note for note in desk.agent.notes("service-desk"))
    await desk.settles()
    shown = next(one for one in desk.manager.messages("private-incidents") if SECRET in one.text)
    assert "New, with" in shown.text


async def test_its_promises_are_told_in_private(desk: Desk) -> None:
    await private_report(desk)
    desk.clock.forward(hours=6)
    await desk.settles()
    assert SECRET not in everything_seen(desk, desk.agent)
    assert SECRET not in everything_seen(desk, desk.outsider)
    assert [one for one in desk.manager.messages("private-incidents") if "breached" in one.text]


async def test_whoever_is_added_sees_it_and_may_work_on_it(desk: Desk) -> None:
    await private_report(desk)
    assert "shared" in (await desk.manager.runs("/incident share INC-1 @agent")).text
    await desk.dm(desk.agent).hears("INC-1", "let @agent see it")
    assert SECRET in (await desk.agent.runs("/incident INC-1")).text
    assert "INC-1" in (await desk.agent.runs("/incident list")).text
    assert "is yours" in (await desk.agent.runs("/incident ack INC-1")).text
    assert "There is no INC-1" in (await desk.outsider.runs("/incident INC-1")).text
    assert SECRET in (await desk.requester.runs("/incident INC-1")).text, "the reporter sees what they reported"


async def test_a_public_record_says_nothing_of_a_private_one(desk: Desk) -> None:
    await private_report(desk)
    await desk.reports("Mail is slow", Service="Email")
    await desk.manager.runs("/incident share INC-1 @agent")
    await desk.agent.runs("/incident link INC-2 INC-1")
    await desk.settles()
    assert "INC-1" not in (await desk.outsider.runs("/incident INC-2")).text
    assert "INC-1" not in (await desk.outsider.runs("/incident timeline INC-2")).text
    assert ":link: INC-2" in (await desk.manager.runs("/incident INC-1")).text
    assert "one of them is private" in (await desk.agent.runs("/incident merge INC-2 INC-1")).text
    assert "one of them is private" in (await desk.agent.runs("/incident merge INC-1 INC-2")).text
    assert "Everyone can see INC-2 already" in (await desk.agent.runs("/incident share INC-2 @outsider")).text
