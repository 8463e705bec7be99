"""What fails where something fails: over relations, their direction and redundancy, to the services."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

N = TypeVar("N", bound=Hashable)


class Stands(NamedTuple, Generic[N]):
    """One item stands on others, by whatever relation says so."""

    item: N
    on: tuple[N, ...]
    needs: int | None = None
    """How many of them it needs; None: all."""
    relation: str = ""


@dataclass(frozen=True)
class Impact(Generic[N]):
    down: frozenset[N]
    """What is given as down, and all that fails with it."""
    degraded: frozenset[N]
    """They go on, and something that they stand on is down: redundancy carries them."""
    safe: frozenset[N]
    """They would be hit without the redundancy of something on the way to them."""
    why: Mapping[N, tuple[N, ...]]
    """A shortest way from what is down to each of them."""
    rounds: Mapping[N, int]
    """How many steps away what is down is."""

    @property
    def reached(self) -> frozenset[N]:
        return self.down | self.degraded | self.safe


def impact(
    stands: Iterable[Stands[N]], down: Collection[N], *, out: Collection[N] = (), depth: int | None = None
) -> Impact[N]:
    """What these take down. `out`: what is not in service, so that it carries nobody and cannot fail.

    An item is down once of one of its groups fewer are left than it needs. That is the least set of which this is
    true, whatever the order, so cycles end. `depth` counts relations; None goes on to the end.
    """
    groups = list(stands)
    on: dict[N, list[Stands[N]]] = {}
    for group in groups:
        for member in dict.fromkeys(group.on):
            on.setdefault(member, []).append(group)
    gone, rounds, why = _down(on, down, set(out) - set(down), depth)
    reached, paths = _reached(on, down, set(out) - set(down), depth)
    hit = {group.item for one in gone for group in on.get(one, ()) if group.item in reached and group.item not in gone}
    for one in reached - gone:
        why[one] = paths[one]
    return Impact(frozenset(gone), frozenset(hit), frozenset(reached - gone - hit), why, rounds)


def _down(
    on: Mapping[N, list[Stands[N]]], down: Collection[N], out: Collection[N], depth: int | None
) -> tuple[set[N], dict[N, int], dict[N, tuple[N, ...]]]:
    gone, rounds = set(down), dict.fromkeys(down, 0)
    why: dict[N, tuple[N, ...]] = {one: (one,) for one in down}
    edge, step = list(dict.fromkeys(down)), 0
    while edge and (depth is None or step < depth):
        step += 1
        # A whole round is judged by what was down before it, so that depth and path do not hang on the order.
        found: dict[N, N] = {}
        for one in edge:
            for group in on.get(one, ()):
                if (
                    group.item not in gone
                    and group.item not in out
                    and group.item not in found
                    and _fails(group, gone, out)
                ):
                    found[group.item] = one
        for item, cause in found.items():
            rounds[item], why[item] = step, (*why[cause], item)
        gone |= found.keys()
        edge = list(found)
    return gone, rounds, why


def _fails(group: Stands[N], gone: Collection[N], out: Collection[N]) -> bool:
    """Whether too few are left. Of those that need all, what was out of service before is missed by nobody."""
    members = set(group.on)
    if group.needs is None:
        return not members.isdisjoint(gone)
    return sum(1 for one in members if one not in gone and one not in out) < group.needs


def _reached(
    on: Mapping[N, list[Stands[N]]], down: Collection[N], out: Collection[N], depth: int | None
) -> tuple[set[N], dict[N, tuple[N, ...]]]:
    """All that stands on what is down, as if there were no redundancy, and a shortest way to each."""
    paths: dict[N, tuple[N, ...]] = {one: (one,) for one in down}
    edge, step = list(paths), 0
    while edge and (depth is None or step < depth):
        step += 1
        found: dict[N, tuple[N, ...]] = {}
        for one in edge:
            for group in on.get(one, ()):
                if group.item not in paths and group.item not in out:
                    found.setdefault(group.item, (*paths[one], group.item))
        paths |= found
        edge = list(found)
    return set(paths), paths
