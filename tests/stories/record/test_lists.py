"""Every list of records is paged in one way: what does not fit is a click away."""

import re
from collections.abc import Awaitable, Callable

import pytest
from cast import Desk

ACTION = {"Due on": "2026-03-09", "Owner": "agent", "How it will be verified": "The graph stays flat"}


async def _actions(desk: Desk, n: int) -> None:
    await desk.agent.runs(f"/action Restart number {n}")
    assert not await desk.agent.submits(ACTION)


async def _problems(desk: Desk, n: int) -> None:
    await desk.agent.runs(f"/problem It fails in way {n}")
    assert not await desk.agent.submits({"Service": "VPN"})


async def _known_errors(desk: Desk, n: int) -> None:
    await _problems(desk, n)
    await desk.agent.runs(f"/problem known-error PRB-{n}")
    assert not await desk.agent.submits({"What people see": f"It fails in way {n}", "Workaround": "Start it again"})
    assert "KE-" in (await desk.agent.runs(f"/problem publish KE-{n}")).text


async def _requests(desk: Desk, n: int) -> None:
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})


async def _windows(desk: Desk, n: int) -> None:
    await desk.manager.runs("/change freeze")
    assert not await desk.manager.submits({"Title": f"Closing {n}", "Reason": "The books are closed"})


async def _incidents(desk: Desk, n: int) -> None:
    await desk.reports(f"Printer {n} is jammed")


async def _changes(desk: Desk, n: int) -> None:
    await desk.asks_for_change(f"Upgrade number {n}")


LISTS: dict[str, tuple[str, Callable[[Desk, int], Awaitable[None]]]] = {
    "/action list": ("ACT", _actions),
    "/action list mine": ("ACT", _actions),
    "/problem list": ("PRB", _problems),
    "/problem known-errors": ("KE", _known_errors),
    "/request list": ("REQ", _requests),
    "/change windows": ("WIN", _windows),
    "/incident list": ("INC", _incidents),
    "/change list": ("CHG", _changes),
}
MANY = 17


@pytest.mark.parametrize("typed", LISTS)
async def test_what_does_not_fit_on_a_list_is_a_click_away(desk_on_sqlite: Desk, typed: str) -> None:
    desk = desk_on_sqlite
    noun, make = LISTS[typed]
    who = desk.manager if noun == "WIN" else desk.agent
    for n in range(1, MANY + 1):
        await make(desk, n)
    first = (await who.runs(typed)).text
    assert f"({MANY})" in first
    assert "Page 1 of 2" in first
    await who.clicks("Next", "general")
    second = who.notes("general")[-1]
    assert "Page 2 of 2" in second
    shown = {int(one) for text in (first, second) for one in re.findall(rf"\b{noun}-(\d+)", text)}
    assert shown == set(range(1, MANY + 1))
    await who.clicks("Previous", "general")
    assert who.notes("general")[-1] == first
