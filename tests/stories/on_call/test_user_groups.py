"""A user group of Slack has whoever is on call, whatever Slack and the machine do meanwhile."""

from datetime import timedelta
from itertools import pairwise

import pytest
from cast import MONDAY, Desk
from on_call_steps import rota, with_rota
from promises import on_record, under, until

from bot.rules.policy.policy import parse
from bot.rules.policy_format.faults import PolicyFaults
from bot.rules.record.facts import FactKind
from bot.usecases.on_call import rotas
from bot.usecases.policy import in_force

SET = "usergroups.users.update"
LOST = [
    pytest.param({"status": 500, "accept": False}, id="5xx before acceptance"),
    pytest.param({"status": 503, "accept": True}, id="5xx after acceptance"),
    pytest.param({"drop": True, "accept": False}, id="dropped before acceptance"),
    pytest.param({"drop": True, "accept": True}, id="dropped after acceptance"),
    pytest.param({"status": 429, "retry_after": 30}, id="429"),
]


def grouped(desk: Desk) -> str:
    """The rota's key for a group of Slack that has somebody else."""
    group = desk.slack.add_usergroup("vpn-on-call", ["outsider"])
    return f'user_group = "{group.id}"'


def members(desk: Desk) -> set[str]:
    return set(desk.slack.usergroup("vpn-on-call").members)


def times_set(desk: Desk) -> int:
    return sum(call.method == SET and call.ok for call in desk.slack.calls)


async def on_call(desk: Desk) -> set[str]:
    async with desk.bot.database.read() as tx:
        return set(await rotas.on_call(tx, (await in_force(tx)).policy, "vpn", desk.clock.now()))


async def test_the_group_has_whoever_is_on_call_at_every_instant(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    office = 'only = { mon = ["00:00-24:00"], tue = ["09:00-19:00"], wed = ["09:00-19:00"], thu = ["09:00-19:00"] }\n'
    await under(desk, rota(desk, "agent", "engineer", "approver", turn="12 hours", more=grouped(desk)) + office)
    await desk.engineer.runs("/oncall take over vpn from 2026-03-03 15:00 to 2026-03-04 11:00 a fair")
    await desk.agent.runs("/oncall away from 2026-03-05 to 2026-03-05 ill")
    seen, last = [], set[str]()
    for _ in range(8 * 24):
        desk.clock.forward(minutes=30)
        await desk.settles()
        now = await on_call(desk)
        last = now or last
        assert members(desk) == last, f"at {desk.clock.now()}: a gap leaves the last ones"
        seen += [now] if not seen or seen[-1] != now else []
    assert set() in seen
    assert len({tuple(one) for one in seen}) == 4, "all three, and gaps"
    kept = [one for one in seen if one]
    changes = sum(a != b for a, b in pairwise(kept))
    assert times_set(desk) in (changes + 1, changes + 2), "only when they are others; at the start, too"


async def test_lists_and_hand_overs_say_who_is_in_the_group_and_ring_nobody(desk: Desk) -> None:
    more = 'only = { mon = ["09:00-19:00"] }\n'
    await under(desk, rota(desk, "agent", turn="1 week", more=grouped(desk)) + more)
    said = (await desk.manager.runs("/oncall")).text
    assert "@vpn-on-call has @agent" in said
    desk.clock.forward(hours=12)
    await desk.settles()
    assert members(desk) == {desk.agent.id}
    assert (
        "@vpn-on-call still has @agent, since Slack keeps no group empty" in (await desk.manager.runs("/oncall")).text
    )
    await desk.dm(desk.agent).hears("You are off call", "Nobody has it now", "@vpn-on-call still has")
    assert not [ring for ring in desk.slack.rings if ring.what == "subteam"]


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("method", ["usergroups.list", SET])
async def test_a_fault_leaves_those_on_call_in_the_group_in_the_end(
    desk_on_sqlite: Desk, method: str, fault: dict
) -> None:
    desk = desk_on_sqlite
    desk.slack.faults.add(method, **fault)
    await with_rota(desk, "agent", "engineer", more=grouped(desk), turn="1 day")
    desk.clock.forward(minutes=2)
    await desk.settles()
    assert members(desk) == await on_call(desk)


@pytest.mark.parametrize("minutes", [1, 13 * 60, 25 * 60], ids=["in the same turn", "in the gap", "in the next turn"])
@pytest.mark.parametrize("accept", [True, False])
async def test_a_bot_that_is_killed_between_slack_and_its_record_loses_none(
    desk_on_sqlite: Desk, *, accept: bool, minutes: int
) -> None:
    """It comes back at once, while nobody is on call, or after the turn has changed."""
    desk = desk_on_sqlite
    more = 'only = { mon = ["09:00-19:00"], tue = ["09:00-19:00"], wed = ["09:00-19:00"] }\n'
    relay, killed = desk.bot.relay, []
    settle = relay._settler.apply

    async def die(tx, delivery, *rest):
        if delivery.row.verb == "user-group" and not killed:
            killed.append(delivery)
            raise RuntimeError("killed")
        return await settle(tx, delivery, *rest)

    object.__setattr__(relay._settler, "apply", die)
    desk.slack.faults.add(SET, drop=True, accept=accept)
    await under(desk, rota(desk, "agent", "engineer", turn="1 day", more=grouped(desk)) + more)
    assert killed
    desk.clock.forward(minutes=minutes)
    for _ in range(4):
        desk.clock.forward(minutes=1)
        await desk.settles()
    now = await on_call(desk)
    assert members(desk) == now or not now
    until(desk, MONDAY + timedelta(days=2, hours=1))
    await desk.settles()
    assert members(desk) == await on_call(desk) != set()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("missing_scope", "The app lacks the scope"),
        ("permission_denied", "lets admins alone change groups"),
        ("invalid_users", "Slack says invalid_users"),
        ("disabled", "It is disabled"),
        ("gone", "There is no such group"),
    ],
)
async def test_a_group_that_cannot_be_set_is_told_once_and_followed_again_once_it_can(
    desk_on_sqlite: Desk, trouble: str, said: str
) -> None:
    desk = desk_on_sqlite
    more, fault = grouped(desk), None
    group = desk.slack.usergroup("vpn-on-call")
    if trouble == "disabled":
        desk.slack.disable_usergroup("vpn-on-call")
    elif trouble == "gone":
        del desk.slack.usergroups[group.id]
    else:
        fault = desk.slack.faults.add(SET, error=trouble, times=None)
    await with_rota(desk, "agent", "engineer", more=more, turn="1 day")
    for _ in range(4):
        desk.clock.forward(hours=24)
        await desk.settles()
    assert await desk.dm(desk.agent).count("does not follow", said) == 1
    assert len(await on_record(desk, FactKind.ON_CALL_USER_GROUP_FAILED, "rota:vpn")) == 1
    assert "does not follow" in (await desk.manager.runs("/oncall")).text
    assert group.members == [desk.outsider.id]
    if fault is not None:
        fault.times = 0
    elif trouble == "disabled":
        desk.slack.disable_usergroup("vpn-on-call", again=True)
    else:
        desk.slack.usergroups[group.id] = group
    desk.clock.forward(hours=24)
    await desk.settles()
    assert members(desk) == await on_call(desk)
    assert "does not follow" not in (await desk.manager.runs("/oncall")).text


async def test_without_the_optional_scope_nothing_else_is_held_up(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.faults.add(SET, error="missing_scope", times=None)
    await with_rota(desk, "agent", "engineer", more=grouped(desk))
    await desk.reports("VPN is down")
    await desk.channel("service-desk").hears("INC-1", "VPN is down")


async def test_one_who_has_left_is_taken_out_of_the_group_and_the_policy_can_let_go_of_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await under(desk, rota(desk, "agent", turn="1 week", more=grouped(desk)).replace(
        f'"{desk.agent.id}"', f'["{desk.agent.id}", "{desk.engineer.id}"]'
    ))  # fmt: skip
    assert members(desk) == {desk.agent.id, desk.engineer.id}
    desk.slack.change_person("engineer", deleted=True)
    desk.clock.forward(hours=25)
    await desk.settles()
    assert members(desk) == {desk.agent.id}
    before = times_set(desk)
    await with_rota(desk, "approver", turn="1 day")
    desk.clock.forward(hours=25)
    await desk.settles()
    assert (times_set(desk), members(desk)) == (before, {desk.agent.id})


def test_the_policy_says_what_is_no_group_and_gives_a_group_to_one_rota() -> None:
    layer = '[[rotas.{0}.layers]]\npeople = ["U0A"]\nturn = "1 day"\nfrom = "2026-01-05T09:00"\n'
    one = '[rotas.{0}]\nzone = "UTC"\nuser_group = "{1}"\n' + layer
    parse(one.format("a", "S012AB3CD") + one.format("b", "S012AB3CE"))
    with pytest.raises(PolicyFaults, match="is the user group of the rota “a” already"):
        parse(one.format("a", "S012AB3CD") + one.format("b", "S012AB3CD"))
    with pytest.raises(PolicyFaults, match="“@vpn” is no id of a user group"):
        parse(one.format("a", "@vpn"))


async def test_after_an_outage_over_many_turns_the_group_is_set_once(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await with_rota(desk, "agent", "engineer", more=grouped(desk), turn="1 day")
    fault = desk.slack.faults.add("usergroups.list", status=503, times=None)
    before = times_set(desk)
    for _ in range(5):
        desk.clock.forward(hours=24)
        await desk.bot.jobs.sweep()
        await desk.bot.relay.deliver()
    fault.times = 0
    desk.clock.forward(seconds=timedelta(minutes=20).total_seconds())
    await desk.settles()
    assert members(desk) == await on_call(desk)
    assert times_set(desk) <= before + 1
