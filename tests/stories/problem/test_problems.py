"""A problem from the incident that it was raised from to the end of its watch; and its links, from either side."""

from cast import Desk

from bot.rules.problem.flow import FLOW, ProblemState
from storage.journal import journal

GOOD = {"Outcome": "Success", "What happened": "All of it"}


async def test_a_problem_is_raised_explained_mended_watched_and_closed(desk: Desk) -> None:
    await desk.reports("The VPN drops at night")
    await desk.agent.clicks("More…", "service-desk")
    await desk.agent.clicks("Raise a problem…")
    assert desk.agent.modal.title == "Problem of INC-1"
    assert not await desk.agent.submits({"What is known of it": "Since March, at three"})
    card = desk.channel("service-desk")
    await card.hears("PRB-1", "The VPN drops at night", "proposed", "from INC-1", "It caused: INC-1")
    assert "PRB-1" in (await desk.requester.runs("/incident INC-1")).text
    assert (
        "Only members of Service desk and Change managers can investigate PRB-1"
        in (await desk.outsider.runs("/problem investigate PRB-1")).text
    )
    await desk.agent.clicks("Investigate", "service-desk")
    await card.hears("PRB-1", "investigating", "with @agent")
    await desk.agent.clicks("Cause known…", "service-desk")
    assert "No cause is confirmed. Confirm a cause… does that" in desk.agent.modal.text.replace("*", "")
    assert "required" in str(await desk.agent.submits({"None found?": ""}))
    await desk.agent.closes()
    await desk.agent.runs("/problem confirm PRB-1")
    assert "No cause was named yet. Add a cause… comes first." in desk.agent.modal.text.replace("*", "")
    await desk.agent.closes()
    assert "another cause" in (await desk.agent.runs("/problem cause PRB-1 The gateway runs out of memory")).text
    assert "another cause" in (await desk.agent.runs("/problem cause PRB-1 under 1 Its log is never rotated")).text
    assert "another cause" in (await desk.agent.runs("/problem cause PRB-1 Too many people")).text
    assert "1. The gateway runs out of memory" in desk.agent.messages("general")[-1].text, "the list comes back"
    await desk.agent.clicks("Add a cause…")
    assert "Why?" in desk.agent.modal.text
    await desk.agent.closes()
    assert "has no cause “9”" in (await desk.agent.runs("/problem confirm PRB-1 9 I saw it")).text
    await desk.agent.runs("/problem confirm PRB-1 1 https://graphs.example.com/memory")
    await desk.agent.runs("/problem confirm PRB-1 2 3 GB on disk")
    await desk.agent.runs("/problem rule-out PRB-1 3 200 of 500 seats")
    assert "was ruled out already" in (await desk.agent.runs("/problem confirm PRB-1 3 But yes")).text
    told = (await desk.requester.runs("/problem causes PRB-1")).text
    assert "Root: 2. Its log is never rotated" in told
    assert "Contributing: 1. The gateway runs out of memory" in told
    assert "Technology: 1. The gateway" in told
    assert "has a known cause" in (await desk.agent.runs("/problem known PRB-1 confirmed")).text
    assert "has no fix" in (await desk.agent.runs("/problem fix PRB-1")).text
    await card.hears("PRB-1", "cause known")
    offered = [one.buttons for one in desk.agent.messages("service-desk") if "PRB-1" in one.text][-1]
    assert offered == ["Link…", "Add an action…", "Causes", "More…"], "nothing is to mend it yet"
    await desk.agent.clicks("More…", "service-desk")
    assert "Fix under way" not in desk.agent.modal.buttons
    await desk.agent.closes()
    await desk.agent.opens_home()
    await desk.settles()
    assert "Its cause is known: link the change that mends it, or add an action." in desk.agent.home.text
    await desk.asks_for_change()
    assert "linked" in (await desk.agent.runs("/problem link PRB-1 CHG-1")).text
    await desk.settles()
    assert "PRB-1" in (await desk.requester.runs("/change CHG-1")).text
    await desk.agent.clicks("Fix under way", "service-desk")
    await desk.settles()
    offered = [one.buttons for one in desk.agent.messages("service-desk") if "PRB-1" in one.text][-1]
    assert offered == ["Causes", "More…"], "it is fixed once CHG-1 is finished"
    await desk.agent.clicks("More…", "service-desk")
    assert "Fixed" not in desk.agent.modal.buttons
    await desk.agent.closes()
    await desk.agent.opens_home()
    await desk.settles()
    assert "Its fix is not finished." in desk.agent.home.text
    assert "CHG-1 is not finished" in (await desk.agent.runs("/problem fixed PRB-1")).text
    await desk.approver.runs("/change approve CHG-1")
    desk.clock.forward(days=1, hours=1, minutes=30)
    await desk.settles()
    await desk.requester.runs("/change start CHG-1")
    await desk.requester.runs("/change finish CHG-1 success: it is rotated now")
    await card.hears("PRB-1", "watched", "Mended by: CHG-1")
    await desk.dm(desk.requester).hears("What caused INC-1 is mended")
    assert "is watched until" in str((await desk.agent.runs("/problem close PRB-1 Quiet")).text)
    desk.clock.forward(days=31)
    await desk.dm(desk.agent).hears("PRB-1", "has not come back while it was watched")
    assert "is closed" in (await desk.agent.runs("/problem close PRB-1 30 nights without a drop")).text
    await card.hears("PRB-1", "closed", "30 nights without a drop")
    async with desk.bot.database.read() as tx:
        assert FLOW.replay(await journal.timeline(tx, "PRB-1")) is ProblemState.CLOSED


async def test_it_is_offered_as_fixed_once_the_action_that_mends_it_is_done(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports("The VPN drops at night")
    for typed in ("incident problem INC-1 The VPN drops", "problem investigate PRB-1", "problem cause PRB-1 Full log",
                  "problem confirm PRB-1 1 Seen", "problem known PRB-1 confirmed",
                  "problem action PRB-1 friday Rotate it", "problem fix PRB-1"):  # fmt: skip
        assert (await desk.agent.runs(f"/{typed}")).ok, typed
    await desk.settles()

    def offered() -> list[str]:
        return [one.buttons for one in desk.agent.messages("service-desk") if "PRB-1" in one.text][-1]

    assert "Fixed" not in offered()
    await desk.agent.runs("/action done ACT-1 It rotates")
    await desk.settles()
    assert offered()[0] == "Fixed"


async def test_what_comes_back_while_it_is_watched_is_open_again(desk: Desk) -> None:
    await desk.reports("The VPN drops at night")
    await desk.agent.runs("/incident problem INC-1 The VPN drops each night")
    await desk.agent.runs("/problem investigate PRB-1")
    assert "has a known cause" in (await desk.agent.runs("/problem known PRB-1 Nobody can say")).text
    await desk.agent.runs("/problem action PRB-1 @agent friday Restart it nightly")
    await desk.agent.runs("/problem fix PRB-1")
    assert "ACT-1 is open" in (await desk.agent.runs("/problem fixed PRB-1")).text
    await desk.agent.runs("/action done ACT-1 It restarts")
    assert "is fixed" in (await desk.agent.runs("/problem fixed PRB-1")).text
    desk.clock.forward(hours=1)
    await desk.reports("VPN dropped again")
    assert "linked" in (await desk.agent.runs("/incident link INC-2 PRB-1")).text
    await desk.dm(desk.agent).hears("PRB-1", "reopened it, since it came back with INC-2")
    assert "investigating" in (await desk.agent.runs("/problem PRB-1")).text
    assert "cannot be closed" in (await desk.agent.runs("/problem close PRB-1 Done")).text
    assert "accepted as a risk" in (await desk.manager.runs("/problem accept PRB-1 2026-06-01 Too dear to mend")).text
    desk.clock.forward(days=95)
    await desk.dm(desk.manager).hears("PRB-1", "accepted as a risk until today")


async def test_links_are_made_and_undone_from_either_side_in_the_same_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for summary in ("VPN is down", "VPN is gone", "VPN is slow"):
        await desk.reports(summary)
    await desk.agent.runs("/incident problem INC-1 The VPN drops")
    agent = desk.agent
    assert "linked already" in (await agent.runs("/problem link PRB-1 INC-1")).text
    assert "linked already" in (await agent.runs("/incident link INC-1 PRB-1")).text
    assert "the same record" in (await agent.runs("/problem link PRB-1 PRB-1")).text
    assert "There is no INC-9" in (await agent.runs("/problem link PRB-1 INC-2 INC-9")).text
    assert "INC-2" not in (await agent.runs("/problem PRB-1")).text, "all of them or none"
    many = " ".join(f"INC-{number}" for number in range(1, 51))
    assert "20 can be linked at once" in (await agent.runs(f"/problem link PRB-1 {many}")).text
    assert "linked" in (await agent.runs("/problem link PRB-1 suspected INC-2 INC-3")).text
    assert "It may have caused: INC-2, INC-3" in (await agent.runs("/problem PRB-1")).text
    assert "has that link no more" in (await agent.runs("/incident unlink INC-2 PRB-1 Another cause")).text
    assert "is not linked to" in (await agent.runs("/problem unlink PRB-1 INC-2 Again")).text
    assert "undid its link to PRB-1 “Another cause”" in (await agent.runs("/incident timeline INC-2")).text
    await agent.runs("/incident merge INC-3 INC-2")
    assert "PRB-1" in (await agent.runs("/incident INC-2")).text, "a merged incident's problem is the survivor's"
    await agent.runs("/incident problem INC-1 VPN again")
    assert "it is the same record" in (await agent.runs("/problem merge PRB-2 PRB-2")).text
    assert "has what was linked to it" in (await agent.runs("/problem merge PRB-1 PRB-2")).text
    assert "INC-2" in (await agent.runs("/problem PRB-2")).text
    assert "cannot be merged" in (await agent.runs("/problem merge PRB-2 PRB-1")).text
    for typed in ("/problem link PRB-1 INC-3", "/incident link INC-3 PRB-1"):
        answer = (await agent.runs(typed)).text
        assert "PRB-1 was merged into PRB-2, so link that one" in answer or "linked already" in answer


async def test_a_problem_of_a_private_incident_is_for_those_who_may_see_that(desk: Desk) -> None:
    await desk.reports("Keys were stolen", Privacy=["Private: about security or people"])
    await desk.manager.runs("/incident problem INC-1 Keys are stolen again and again")
    await desk.settles()
    for who in (desk.agent, desk.outsider):
        for typed in ("PRB-1", "causes PRB-1", "assess PRB-1", "note PRB-1 hm", "link PRB-1 INC-1"):
            assert "There is no PRB-1" in (await who.runs(f"/problem {typed}")).text
        assert "PRB-1" not in (await who.runs("/problem list all")).text
    assert "PRB-1" in (await desk.manager.runs("/problem list")).text
    assert await desk.channel("service-desk").count("PRB-1") == 0


async def test_what_waits_for_a_problem_manager_and_for_who_has_a_problem_is_on_their_home(desk: Desk) -> None:
    await desk.reports("The VPN drops at night")
    await desk.requester.runs("/problem The VPN drops each night")
    assert await desk.requester.submits({"Service": "VPN"}) == {}
    await desk.manager.opens_home()
    await desk.settles()
    assert "PRB-1" in desk.manager.home.text
    assert "Proposed: is it a problem?" in desk.manager.home.text
    await desk.manager.clicks("Assess", where="home")
    await desk.agent.runs("/problem assign PRB-1 me")
    await desk.agent.opens_home()
    await desk.settles()
    waiting = desk.agent.home.text[: desk.agent.home.text.index("The desk's incidents")]
    assert "PRB-1" in waiting
    await desk.agent.clicks("Investigate", where="home")
    await desk.settles()
    assert "investigating" in (await desk.agent.runs("/problem PRB-1")).text
