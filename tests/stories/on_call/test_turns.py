"""`/oncall`: who is on call, taking over, offering a turn, being away, handing over."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from cast import MONDAY, Desk
from on_call_steps import rota, with_rota
from promises import on_record, until

from bot.rules.on_call.refusals import NotAskedOfYou, NotYours, NotYourTurn, OfferedAlready, OfferOver
from bot.rules.record.facts import FactKind
from bot.rules.record.refusals import Refusal
from bot.rules.record.text import wall_time
from bot.usecases.on_call import changes, exchanges, lists, offers, rotas
from bot.usecases.policy import in_force

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""Of the Monday on which stories begin, when turns of a week hand over in London."""
SUBJECT = "rota:vpn"


def holder(desk: Desk, *crew: str) -> list[str]:
    """The crew from whoever has the week of NINE on: turns are counted from 2026-01-05."""
    first = ((NINE - datetime(2026, 1, 5, 9, tzinfo=UTC)) // timedelta(weeks=1)) % len(crew)
    return [*crew[first:], *crew[:first]]


async def test_a_week_alone_is_of_the_only_rota_or_asks_which(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await with_rota(desk, "agent", "approver")
    assert (await desk.agent.runs("/oncall next week")).text == (await desk.agent.runs("/oncall vpn next week")).text
    await with_rota(desk, "agent", "approver", also=rota(desk, "agent", key="net"))
    assert "Which rota?" in (await desk.agent.runs("/oncall this week")).text
    refused = (await desk.agent.runs("/oncall " + "<&>" * 50)).text
    assert len(refused) < 100, "and does not say all of it again"


async def test_who_is_on_call_now_and_next_and_in_the_coming_weeks(desk: Desk) -> None:
    nothing = (await desk.agent.runs("/oncall")).text
    assert "The policy has no rotas yet" in nothing
    first, second, third = holder(desk, "engineer", "agent", "approver")
    await with_rota(desk, "engineer", "agent", "approver", more='title = "Tunnels"')
    until(desk, NINE + timedelta(hours=1))
    told = (await desk.requester.runs("/oncall")).text
    assert f"Tunnels\n:telephone_receiver: @{first} until" in told
    assert f"Then @{second} from" in told
    weeks = (await desk.requester.runs("/oncall tunnels")).text
    assert [weeks.index(f"@{one}") for one in (first, second, third)] == sorted(
        weeks.index(f"@{one}") for one in (first, second, third)
    )
    assert "turn 9 of layer 1" in weeks
    following = (await desk.requester.runs("/oncall vpn next week")).text
    assert f"@{second}" in following
    assert "There is no rota “mail”. There are: vpn" in (await desk.agent.runs("/oncall mail")).text
    assert "I cannot read “sometime”" in (await desk.agent.runs("/oncall vpn sometime")).text
    assert "Tunnels" in (await getattr(desk, first).runs("/oncall mine")).text
    assert "not on call" in (await desk.requester.runs("/oncall mine")).text
    assert "at weekends" in (await desk.requester.runs("/oncall load")).text
    await getattr(desk, first).home_opened()
    await desk.settles()
    assert "You are on call for Tunnels until" in getattr(desk, first).home.text


async def test_taking_over_for_a_span_changes_every_view_and_is_taken_back_once(desk: Desk) -> None:
    await with_rota(desk, "engineer")
    until(desk, NINE)
    done = (await desk.agent.runs("/oncall take over vpn from 2026-03-03 09:00 to 2026-03-04 09:00 a fair")).text
    assert "Before" in done
    assert "(a fair)" in done
    await desk.dm(desk.engineer).hears("@agent is on call for vpn", "a fair")
    [fact] = await on_record(desk, FactKind.ON_CALL_OVERRIDDEN, SUBJECT)
    assert (fact.data["in"], fact.by) == (desk.agent.id, desk.agent.id)
    again = (await desk.agent.runs("/oncall take over from 2026-03-03 10:00 to 2026-03-03 12:00")).text
    assert "Nothing would change: you are on call for vpn in that time already" in again
    assert "You cannot be on call for vpn" in (await desk.outsider.runs("/oncall take over now to 18:00")).text
    assert "There is no rota “mail”" in (await desk.agent.runs("/oncall take over mail from Friday to Saturday")).text
    assert "has passed" in (await desk.agent.runs("/oncall take over vpn from 2026-01-01 to 2026-01-02")).text
    assert "@agent" in (await desk.requester.runs("/oncall vpn")).text
    await desk.outsider.runs("/oncall changes")
    assert "@agent is on call for" in desk.outsider.messages("general")[-1].text
    assert desk.outsider.messages("general")[-1].buttons == [], "it would be refused"
    with pytest.raises(NotYours, match="Only who made it"):
        async with desk.bot.database.begin() as tx:
            await changes.withdraw(tx, 1, by=desk.outsider.id, now=desk.clock.now())
    await desk.agent.runs("/oncall changes")
    await desk.agent.clicks("Take back")
    assert "Nothing was changed" in (await desk.agent.runs("/oncall changes")).text
    await desk.dm(desk.engineer).hears("Taken back", "@agent is on call for vpn")
    assert "@agent" not in (await desk.requester.runs("/oncall vpn")).text


async def test_a_turn_that_is_offered_goes_to_the_first_and_the_second_hears_who_that_was(desk: Desk) -> None:
    first, second, third = holder(desk, "engineer", "agent", "approver")
    mine, other, late = (getattr(desk, one) for one in (first, second, third))
    await with_rota(desk, "engineer", "agent", "approver")
    until(desk, NINE + timedelta(hours=1))
    assert (
        "You are not on call for vpn"
        in (await other.runs("/oncall offer my turn vpn from tomorrow 9:00 to tomorrow 12:00")).text
    )
    answer = (await mine.runs("/oncall offer my turn vpn from tomorrow 9:00 to tomorrow 12:00 the dentist")).text
    assert "You offer vpn" in answer
    assert f"@{second}" in answer
    assert (
        "You offer this turn already" in (await mine.runs("/oncall swap vpn from tomorrow 8:00 to tomorrow 11:00")).text
    )
    await desk.dm(other).hears("asks for cover", "the dentist")
    await other.clicks("Take it", desk.dm(other).name)
    await desk.dm(late).hears("asks for cover", f"@{second} took it")
    await desk.dm(mine).hears(f"@{second} is on call for vpn", "instead of")
    [fact] = await on_record(desk, FactKind.ON_CALL_OVERRIDDEN, SUBJECT)
    assert (fact.data["in"], fact.data["out"], fact.data["kind"]) == (other.id, mine.id, "swap")
    assert f"@{second}" in (await desk.requester.runs("/oncall vpn")).text
    offered = (await mine.runs("/oncall offer vpn")).text
    assert "You offer vpn" in offered, "the turn that runs, or the next"
    await desk.settles()
    await late.clicks("Take a part…", desk.dm(late).name)
    part = {"From": NINE + timedelta(hours=3), "Until": NINE + timedelta(hours=5)}
    assert not await late.submits(part)
    rest = (await late.runs("/oncall changes")).text
    assert rest.count(f"@{first} offers vpn") == 2, "what was not taken stays on offer"


async def test_who_is_away_is_not_called_and_the_gap_is_told_until_somebody_takes_it(desk: Desk) -> None:
    await with_rota(desk, "engineer")
    until(desk, NINE)
    await desk.engineer.runs("/oncall away")
    span = {"From": NINE + timedelta(days=1), "Until": NINE + timedelta(days=2)}
    assert not await desk.engineer.submits(span, Why="Ill")
    await desk.dm(desk.agent).hears("Nobody is on call for vpn in this time")
    assert await desk.dm(desk.agent).count("Nobody is on call") == 1
    assert (
        "You are away" in (await desk.engineer.runs("/oncall take over from 2026-03-03 12:00 to 2026-03-03 18:00")).text
    )
    assert "You are away" in (await desk.engineer.runs("/oncall away from 2026-03-03 12:00 to 2026-03-03 18:00")).text
    assert ":warning: nobody" in (await desk.agent.runs("/oncall vpn")).text
    await desk.agent.runs("/oncall take over from 2026-03-03 09:00 to 2026-03-04 09:00")
    assert ":warning: nobody" not in (await desk.agent.runs("/oncall vpn")).text
    desk.clock.forward(days=1, hours=1)
    await desk.settles()
    assert await desk.dm(desk.agent).count("Nobody is on call") == 1


async def test_a_hand_over_is_told_to_both_with_what_is_open_and_acknowledged(desk: Desk) -> None:
    first, second = (getattr(desk, one) for one in holder(desk, "engineer", "agent"))
    await with_rota(desk, "engineer", "agent", also='[services.vpn]\non_call = "rota:vpn"\n')
    until(desk, NINE + timedelta(hours=1))
    await first.opens_home()
    await desk.settles()
    assert "You are on call for" in first.home.text
    assert "until you say so" not in first.home.text, "nobody was on call before"
    await desk.reports("Tunnel is down")
    until(desk, NINE + timedelta(weeks=1, minutes=1))
    await desk.dm(second).hears("You are on call for vpn, after", "INC-1", "Tunnel is down")
    await desk.dm(first).hears("You are off call for vpn", "has it now")
    await first.clicks("Write a note…", desk.dm(first).name)
    assert not await first.submits({"What should they know?": "The carrier was called"})
    await desk.dm(second).hears("You are on call for vpn", "The carrier was called")
    desk.clock.forward(minutes=31)
    await desk.dm(first).hears("has not said so yet", "Stay reachable")
    async with desk.bot.database.read() as tx:
        policy, at = (await in_force(tx)).policy, desk.clock.now()
        assert await rotas.called(tx, policy, "vpn", at) == [second.id, first.id], "until somebody acknowledges"
        assert await rotas.on_call(tx, policy, "vpn", at) == [second.id]
    await second.opens_home()
    await desk.settles()
    assert "until you say so" in second.home.text
    await second.clicks("I have taken over", where="home")
    await desk.settles()
    assert "until you say so" not in second.home.text
    said = await desk.dm(first).hears("You are off call", "has taken over")
    assert "I have taken over" not in said
    await desk.dm(first).hears("has not said so yet", "has taken over")
    [fact] = await on_record(desk, FactKind.ON_CALL_HANDED_OVER, SUBJECT)
    assert (fact.data["went"], fact.data["came"]) == ([first.id], [second.id])
    assert len(await on_record(desk, FactKind.ON_CALL_ACKNOWLEDGED, SUBJECT)) == 1
    now = (await first.runs("/oncall take over vpn now for 2 hours")).text
    assert "Now" in now
    await desk.dm(second).hears("You are off call for vpn")
    assert desk.clock.now() > MONDAY


async def test_of_many_who_take_a_turn_at_once_one_has_it(desk: Desk) -> None:
    await with_rota(desk, "engineer", "agent", "approver", "manager", "requester")
    until(desk, NINE + timedelta(hours=1))
    now = desk.clock.now()
    crew = holder(desk, "engineer", "agent", "approver", "manager", "requester")
    [first, *others] = [getattr(desk, one).id for one in crew]
    async with desk.bot.database.begin() as tx:
        row, asked = await offers.offer(tx, "vpn", now, now + timedelta(hours=5), by=first, now=now)
        number = row.id or 0
    assert set(others) == set(asked)

    async def takes(who: str) -> str | OfferOver:
        try:
            async with desk.bot.database.begin() as tx:
                await offers.take(tx, number, by=who, now=now)
        except OfferOver as refused:
            return refused
        return who

    answers = await asyncio.gather(*map(takes, others))
    [winner] = [one for one in answers if isinstance(one, str)]
    async with desk.bot.database.read() as tx:
        assert await rotas.on_call(tx, (await in_force(tx)).policy, "vpn", now) == [winner]
        [laid] = (await lists.laid_over(tx, by=first, now=now)).rows
    assert (laid.comes, laid.leaves, laid.kind) == (winner, first, changes.SWAP)


async def test_two_people_exchange_turns_and_both_change_or_neither(desk: Desk) -> None:
    first, second, third = holder(desk, "engineer", "agent", "approver")
    mine, other, late = (getattr(desk, one) for one in (first, second, third))
    await with_rota(desk, "engineer", "agent", "approver")
    until(desk, NINE + timedelta(hours=1))
    week = timedelta(weeks=1)
    assert "/oncall exchange vpn @person" in (await mine.runs("/oncall exchange vpn")).text
    assert "with yourself" in (await mine.runs(f"/oncall exchange vpn @{first}")).text
    await mine.runs(f"/oncall exchange vpn @{second}")
    their = f"{wall_time(NINE + week)} to {wall_time(NINE + 2 * week)}"
    own = f"{wall_time(NINE + 3 * week)} to {wall_time(NINE + 4 * week)}"
    assert not await mine.submits({"My turn": own, "For their turn": their, "Why": "A wedding"})
    card = await desk.dm(other).hears("asks", "to exchange turns of vpn", "A wedding")
    assert f"@{second} has" in card
    assert await on_record(desk, FactKind.ON_CALL_OVERRIDDEN, SUBJECT) == [], "nothing changes until they agree"
    await other.opens_home()
    await desk.settles()
    assert f"@{first} asks @{second} to take vpn" in other.home.text, "it waits for them"
    assert "Nothing waits for you" not in other.home.text
    await other.clicks("Exchange", where="home")
    await desk.settles()
    assert f"@{first} asks" not in other.home.text
    laid = await on_record(desk, FactKind.ON_CALL_OVERRIDDEN, SUBJECT)
    assert [(one.data["in"], one.data["out"]) for one in laid] == [(other.id, mine.id), (mine.id, other.id)]
    await desk.dm(mine).hears("to exchange turns", f"@{second} agreed")
    assert "Exchange\n" not in await desk.dm(other).hears(f"@{second} agreed")
    async with desk.bot.database.read() as tx:
        policy = (await in_force(tx)).policy
        for at, who in ((NINE + week, mine), (NINE + 3 * week, other), (NINE + 2 * week, late)):
            assert await rotas.on_call(tx, policy, "vpn", at + timedelta(hours=2)) == [who.id]


async def test_an_exchange_that_would_change_nothing_or_is_refused_changes_nothing(desk: Desk) -> None:
    first, second, third = holder(desk, "engineer", "agent", "approver")
    mine, other, late = (getattr(desk, one).id for one in (first, second, third))
    await with_rota(desk, "engineer", "agent", "approver")
    until(desk, NINE + timedelta(hours=1))
    now, week, day = desk.clock.now(), timedelta(weeks=1), timedelta(days=1)
    own, theirs = (NINE + 3 * week, NINE + 3 * week + day), (NINE + week, NINE + week + day)

    async def proposes(key: int = 0) -> int:
        async with desk.bot.database.begin() as tx:
            begins, ends = (one + key * day for one in own)
            row = await exchanges.propose(tx, "vpn", (begins, ends), other, theirs, by=mine, now=now)
            return row.id or 0

    async def agrees(number: int) -> str:
        try:
            async with desk.bot.database.begin() as tx:
                await exchanges.agree(tx, number, by=other, now=now)
        except Refusal as refused:
            return type(refused).__name__
        return "done"

    number, again = await proposes(), await proposes(2)
    with pytest.raises(NotAskedOfYou):
        async with desk.bot.database.begin() as tx:
            await exchanges.agree(tx, number, by=late, now=now)
    with pytest.raises(OfferedAlready):
        await proposes()
    assert sorted(await asyncio.gather(agrees(number), agrees(number))) == ["OfferOver", "done"], "two clicks, once"
    assert await agrees(again) == "OnCallThen", "they gave that time away already: nothing is half done"
    async with desk.bot.database.begin() as tx:
        laid = (await lists.laid_over(tx, by=mine, now=now)).rows
        assert [(one.comes, one.leaves) for one in laid] == [(mine, other), (other, mine)]
        await exchanges.decline(tx, again, by=other, now=now)
        policy = (await in_force(tx)).policy
        assert await rotas.on_call(tx, policy, "vpn", own[0] + 2 * day + timedelta(hours=1)) == [mine]
    await desk.dm(getattr(desk, first)).hears("said no", "Nothing changed")
    with pytest.raises(NotYourTurn):
        async with desk.bot.database.begin() as tx:
            await exchanges.propose(tx, "vpn", own, late, (NINE + 2 * week, NINE + 2 * week + day), by=mine, now=now)


async def test_who_covers_may_ask_for_one_of_the_others_turns_back(desk: Desk) -> None:
    names = holder(desk, "engineer", "agent")
    first, second = (getattr(desk, one) for one in names)
    await with_rota(desk, "engineer", "agent")
    until(desk, NINE + timedelta(hours=1))
    await first.runs("/oncall offer my turn vpn from 2026-03-16 09:00 to 2026-03-23 09:00")
    await desk.settles()
    await second.clicks("For one of mine…", desk.dm(second).name)
    own = f"{wall_time(NINE + timedelta(weeks=1))} to {wall_time(NINE + timedelta(weeks=2))}"
    assert not await second.submits({"My turn": own})
    await desk.settles()
    await first.clicks("Exchange", desk.dm(first).name)
    await desk.dm(second).hears("agreed")
    await desk.dm(second).hears("asks for cover", f"@{names[1]} took it")
