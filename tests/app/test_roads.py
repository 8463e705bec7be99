"""Which roads a story goes, which tests are run by `make quick`, and which are begun first."""

from collections import Counter

import pytest
from quick import chosen
from roads import roads_of
from slowest import Pace, slow_first

STORIES = [f"test_story_{number}" for number in range(1000)]


def gone(marked: bool = False, every: bool = False, sqlite_alone: bool = False) -> list[list[str]]:
    """The names of each story's roads."""
    return [sorted(road.id for road in roads_of(story, marked, every, sqlite_alone)) for story in STORIES]


def test_a_story_goes_one_road_and_one_in_twelve_of_them_one_with_postgresql() -> None:
    roads = gone()
    assert {len(of_story) for of_story in roads} == {1}
    many = Counter(road for (road,) in roads)
    assert all(30 < many[f"{transport}-postgres"] < 55 for transport in ("http", "socket"))
    assert all(440 < many[f"{transport}-sqlite"] < 480 for transport in ("http", "socket"))


def test_a_marked_one_goes_a_pair_with_both_databases_and_both_transports() -> None:
    pairs = {tuple(of_story) for of_story in gone(marked=True)}
    assert pairs == {("http-sqlite", "socket-postgres"), ("http-postgres", "socket-sqlite")}


def test_in_ci_each_goes_a_pair_and_a_marked_one_all_four() -> None:
    assert gone(every=True) == gone(marked=True)
    assert {tuple(of_story) for of_story in gone(marked=True, every=True)} == {
        ("http-postgres", "http-sqlite", "socket-postgres", "socket-sqlite")
    }


def test_the_road_that_a_story_goes_is_one_of_its_pair() -> None:
    """So that what is red in plain `make test` is red in CI."""
    assert all(set(one) < set(pair) for one, pair in zip(gone(), gone(marked=True), strict=True))


def test_without_postgresql_each_goes_one_road_on_sqlite() -> None:
    for marked in (False, True):
        assert {road for of_story in gone(marked=marked, every=True, sqlite_alone=True) for road in of_story} == {
            "http-sqlite",
            "socket-sqlite",
        }
        assert {len(of_story) for of_story in gone(marked=marked, sqlite_alone=True)} == {1}


def test_quick_runs_the_first_story_of_each_file_and_all_else_but_what_is_slow() -> None:
    story, rule = "tests/stories/sla/test_clocks.py", "tests/rules/sla/test_clock_history.py"
    tests = [
        (f"{rule}::test_a", set()),
        (f"{rule}::test_b[1]", {"slow"}),
        (f"{rule}::test_c[postgres]", {"parametrize", "postgres"}),
        (f"{rule}::test_c[sqlite]", {"parametrize"}),
        (f"{story}::test_d", {"browser"}),
        (f"{story}::test_e[http-sqlite]", {"asyncio"}),
        (f"{story}::test_f[http-sqlite]", {"asyncio"}),
    ]
    assert chosen(tests) == [f"{rule}::test_a", f"{rule}::test_c[sqlite]", f"{story}::test_e[http-sqlite]"]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("waits", [{20, 21, 60}, set()])
@pytest.mark.parametrize("slow", [{7, 8, 9, 30, 52, 53, 99}, set(), set(range(100)), {0}])
def test_some_workers_begin_with_what_waits_and_others_with_what_is_slow(
    workers: int, slow: set[int], waits: set[int]
) -> None:
    slow = slow - waits
    pace = dict.fromkeys(slow, Pace.SLOW) | dict.fromkeys(waits, Pace.WAITS)
    ordered = slow_first([(one, f"file {one // 10}", pace.get(one, Pace.QUICK)) for one in range(100)], workers)
    assert sorted(ordered) == list(range(100))
    assert [one for one in ordered if one not in pace] == [one for one in range(100) if one not in pace]
    shares, left = [], ordered
    for still in range(workers, 0, -1):
        shares.append(left[: len(left) // still])
        left = left[len(left) // still :]
    if len(slow) > 50:
        return  # there is nothing to put behind them
    for share in shares:
        told = [one in pace for one in share]
        assert told == sorted(told, reverse=True)
    waiting = [len(waits & set(share)) for share in shares]
    assert sum(map(bool, waiting)) == min(max(workers // 3, 1), len({one // 10 for one in waits}))
    if workers > 1:
        assert not any(waits & set(share) and slow & set(share) for share in shares)
    most = max(Counter(one // 10 for one in slow).values(), default=0)
    others = max(workers - max(workers // 3, 1), 1)
    assert all(len(slow & set(one)) <= len(slow) // others + most for one in shares)
