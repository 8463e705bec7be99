"""Impact against a judge of its own: all subsets are tried, instead of walking."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.configuration_item.impact import Stands, impact

NODES = "abcdef"


def test_what_runs_on_a_server_fails_with_it():
    found = impact([Stands("app", ("srv",)), Stands("shop", ("app",))], {"srv"})
    assert (found.down, found.degraded, found.safe) == ({"srv", "app", "shop"}, set(), set())
    assert found.why["shop"] == ("srv", "app", "shop")
    assert found.rounds == {"srv": 0, "app": 1, "shop": 2}


def test_one_of_two_is_left_and_what_stands_on_top_is_safe():
    found = impact([Stands("app", ("db1", "db2"), 1), Stands("shop", ("app",))], {"db1"})
    assert (found.down, found.degraded, found.safe) == ({"db1"}, {"app"}, {"shop"})
    assert found.why["shop"] == ("db1", "app", "shop")


def test_both_of_two_fail_with_the_host_they_share():
    stands = [Stands("app", ("db1", "db2"), 1), Stands("db1", ("host",)), Stands("db2", ("host",))]
    assert impact(stands, {"host"}).down == {"host", "db1", "db2", "app"}


def test_who_is_being_repaired_carries_nobody():
    stands = [Stands("app", ("db1", "db2"), 1)]
    assert impact(stands, {"db1"}, out={"db2"}).down == {"db1", "app"}
    assert impact(stands, {"db1"}, out={"app"}).down == {"db1"}


def test_cycles_end():
    found = impact([Stands("a", ("b",)), Stands("b", ("a",)), Stands("c", ("c", "a"), 1)], {"a"})
    assert (found.down, found.degraded) == ({"a", "b"}, {"c"})


def test_depth_counts_relations():
    stands = [Stands("b", ("a",)), Stands("c", ("b",)), Stands("d", ("c",))]
    assert impact(stands, {"a"}, depth=2).reached == {"a", "b", "c"}


groups = st.builds(
    lambda item, on, needs: Stands(item, tuple(on), None if needs is None else 1 + needs % len(on)),
    st.sampled_from(NODES),
    st.lists(st.sampled_from(NODES), min_size=1, max_size=4, unique=True),
    st.none() | st.integers(0, 3),
)


def _fails(group, gone, out):
    up = [one for one in group.on if one not in gone and one not in out]
    if group.needs is None:
        return bool(set(group.on) & gone)
    return len(up) < group.needs


def _closed(stands, gone, out):
    """Whether nothing else must be down where just these are. Only what has a part that went down can fail."""
    return not any(
        g.item not in gone and g.item not in out and set(g.on) & gone and _fails(g, gone, out) for g in stands
    )


def _least(stands, seeds, out):
    """The smallest of all sets with the seeds in which nothing is missing: each one is tried."""
    others = [one for one in NODES if one not in seeds]
    for size in range(len(others) + 1):
        found = [set(some) | seeds for some in combinations(others, size) if _closed(stands, set(some) | seeds, out)]
        if found:
            assert len(found) == 1
            return found[0]
    raise AssertionError


@pytest.mark.slow
@settings(max_examples=400)
@given(
    st.lists(groups, max_size=9),
    st.sets(st.sampled_from(NODES), min_size=1, max_size=2),
    st.sets(st.sampled_from(NODES), max_size=2),
)
def test_impact_is_what_the_judge_says(stands, seeds, out):
    out -= seeds
    found = impact(stands, seeds, out=out)
    down = _least(stands, seeds, out)
    plain = _least([g._replace(needs=None) for g in stands], seeds, out)
    assert found.down == down
    assert found.reached == plain
    assert found.degraded == {
        g.item for g in stands if g.item not in down | out and set(g.on) & down and g.item in plain
    }
    links = {(on, g.item) for g in stands for on in g.on}
    for one, path in found.why.items():
        assert path[0] in seeds
        assert path[-1] == one
        assert all(step in links for step in pairwise(path))
    for one in found.down:
        assert set(found.why[one]) <= found.down
