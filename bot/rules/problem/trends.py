"""Trends: what happens more often than its own base rate, found in what happened. Pure, so that it can be replayed.

A rule counts what is alike within a time, and holds that against how often the same came in the 90 days before, as a
Poisson process has it: a busy service is not always a trend. What a trend was found in is its evidence; it grows by
what comes later, and what was dismissed comes back only with enough that is new.
"""

import math
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.problem.likeness import words_of

BASE = timedelta(days=90)
ALIKE = 0.25
"""Of the weight of all words that two have, how much they must share to be alike."""
COMPARED_MOST = 60
"""Groups with a word in common that something is compared with: the newest. Else texts with a number of their own each
would all be compared with all."""
NAMED_BY = 3
"""Words that name a cluster."""
YOUNGEST = 2
"""As many times as long as its time must have gone by before a rule says anything."""
UNSEEN = 0.5
"""How often something is taken to have come in the base that never did."""


class Counts(StrEnum):
    """What a rule counts."""

    LIKENESS = "likeness"
    """Incidents of one service that read alike."""
    SERVICE = "service"
    """Incidents of one service."""
    CODE = "code"
    """Incidents of one service that were resolved with the same code."""
    REOPENED = "reopened"
    BREACHED = "breached"
    KNOWN_ERROR = "known-error"
    """Uses of the same known error."""
    FAILED_CHANGE = "failed-change"
    """Changes of one type and service that failed or were backed out."""


@dataclass(frozen=True)
class Happened:
    """Something that a rule may count."""

    counts: Counts
    at: datetime
    record: str
    service: str
    key: str = ""
    """A code, a known error, a type of change."""
    text: str = ""
    """What was typed, for likeness."""
    private: bool = False


@dataclass(frozen=True)
class Rule:
    name: str
    counts: Counts
    within: timedelta
    at_least: int
    likelihood: float
    """How unlikely the count must be by chance."""


@dataclass(frozen=True)
class Trend:
    """What was found, with its evidence as it was then."""

    rule: str
    cluster: str
    """In words: “vpn: drop, night”."""
    service: str
    count: int
    expected: float
    within: timedelta
    records: tuple[str, ...]
    """In order of time."""
    private: bool = False

    @property
    def says(self) -> str:
        days = self.within.days
        return f"{self.count} in {f'{days} days' if days != 1 else 'a day'}, where {self.expected:.1f} are usual"


@dataclass(frozen=True)
class Known:
    """A trend that was proposed before."""

    rule: str
    records: frozenset[str]
    is_open: bool
    """Nobody has dismissed it, and its problem is not over."""


@dataclass(frozen=True)
class Settled:
    """What comes of what was found: proposals that are new, and those that grow, by their place among the known."""

    new: Sequence[Trend] = ()
    grown: Mapping[int, Trend] = field(default_factory=dict)


@dataclass
class Group:
    said: Counter[str] = field(default_factory=Counter)
    """How many of its members have each word."""
    members: list[Happened] = field(default_factory=list)
    weight: float = 0.0
    """Of all that its members said, each time that they said it: so that it is not added up for each comparison."""


@dataclass(frozen=True)
class Shares:
    """How heavy each word of a group is, by how many of its members have it; computed once for all comparisons."""

    of_word: Mapping[str, float]
    total: float

    @classmethod
    def of(cls, group: Group, weight: Mapping[str, float]) -> "Shares":
        of_word = {word: weight[word] * n / len(group.members) for word, n in group.said.items()}
        return cls(of_word, sum(of_word.values()))

    def overlap(self, other: "Shares") -> float:
        yours, common = other.of_word, 0.0
        for word, share in self.of_word.items():  # A loop: of the many words that two have, hardly any is in both.
            if word in yours:
                common += min(share, yours[word])
        every = self.total + other.total - common
        return common / every if every else 0.0


def find(happened: Sequence[Happened], rules: Iterable[Rule], now: datetime) -> list[Trend]:
    """By rule; the least expected first."""
    found = [trend for rule in rules for trend in _by_rule(happened, rule, now)]
    return sorted(found, key=lambda one: (-one.count / max(one.expected, 0.01), one.rule, one.cluster))


def settle(happened: Sequence[Happened], rules: Sequence[Rule], known: Sequence[Known], now: datetime) -> Settled:
    """What shares evidence with an open one makes that grow; what was judged already does not count again.

    Nor does what another rule has explained: the rules that come first are the more particular.
    """
    new: list[Trend] = []
    grown: dict[int, Trend] = {}
    for rule in rules:
        told = [set(one.records) for one in new]
        told += [set(one.records) for one in known if one.is_open is not (one.rule == rule.name)]
        counted = set[str]().union(*told)
        kept = [one for one in happened if one.record not in counted or one.at <= now - rule.within]
        for trend in find(kept, [rule], now):
            at = next((n for n, one in enumerate(known) if _grows(one, trend)), None)
            if at is None:
                new.append(trend)
            elif not known[at].records >= set(trend.records):
                grown[at] = trend
    return Settled(new, grown)


def replay(happened: Sequence[Happened], rules: Sequence[Rule], since: datetime, now: datetime) -> Iterator[Trend]:
    """Day by day, each trend as it was first found; nothing is dismissed."""
    known: list[Known] = []
    looks_back = BASE + max(rule.within for rule in rules)
    day = since
    while day <= now:
        first = day - looks_back
        seen = [one for one in happened if first <= one.at <= day]
        settled = settle(seen, rules, known, day)
        for at, trend in settled.grown.items():
            known[at] = Known(known[at].rule, known[at].records | set(trend.records), True)
        for trend in settled.new:
            known.append(Known(trend.rule, frozenset(trend.records), True))
            yield trend
        day += timedelta(days=1)


def chance(count: int, expected: float) -> float:
    """How likely so many or more come where `expected` do on average (Poisson)."""
    term, below = math.exp(-expected), 0.0
    for number in range(count):
        below += term
        term *= expected / (number + 1)
    return max(0.0, 1.0 - below)


def _by_rule(happened: Sequence[Happened], rule: Rule, now: datetime) -> Iterator[Trend]:
    start = now - rule.within
    # Of a desk that is younger, what came in the time that it has been there; of one too young nothing is said.
    base = min(BASE, start - min((one.at for one in happened), default=start))
    if base < rule.within * YOUNGEST:
        return
    counted = [one for one in happened if one.counts is rule.counts and start - BASE < one.at <= now]
    for cluster, those in _clusters(counted, rule.counts).items():
        lately = {one.record: one for one in those if one.at > start}
        before = len({one.record for one in those if one.at <= start})
        expected = max(before, UNSEEN) * (rule.within / base)
        if len(lately) >= rule.at_least and chance(len(lately), expected) < rule.likelihood:
            found = sorted(lately.values(), key=lambda one: (one.at, one.record))
            yield Trend(
                rule.name, cluster, found[0].service, len(found), expected, rule.within,
                tuple(one.record for one in found), any(one.private for one in found),
            )  # fmt: skip


def _clusters(counted: Sequence[Happened], counts: Counts) -> dict[str, list[Happened]]:
    """What is alike, by its name. Private and public never meet: nobody learns of one from the other."""
    found: dict[str, list[Happened]] = {}
    if counts is Counts.LIKENESS:
        by_service: dict[tuple[str, bool], list[Happened]] = {}
        for one in counted:
            by_service.setdefault((one.service, one.private), []).append(one)
        for (service, private), those in by_service.items():
            for words, alike in _alike(those):
                name = f"{service}: {', '.join(words)}" + (" (private)" if private else "")
                found.setdefault(name, []).extend(alike)
        return found
    for one in counted:
        name = ": ".join(filter(None, (one.service, one.key))) + (" (private)" if one.private else "")
        found.setdefault(name, []).append(one)
    return found


def _alike(those: Sequence[Happened]) -> list[tuple[list[str], list[Happened]]]:
    """Each joins the first group whose words it shares enough of; rare words weigh more."""
    words = {one.record: words_of(one.text) for one in those}
    often = Counter(word for each in words.values() for word in each)
    weight = {word: 1.0 / math.log2(1 + count + 1) for word, count in often.items()}
    groups: list[Group] = []
    holding: dict[str, deque[int]] = {}
    for one in sorted(those, key=lambda each: (each.at, each.record)):
        mine = words[one.record]
        heavy = sum(weight[word] for word in mine)
        near = {at for word in mine for at in holding.get(word, ())}
        shared = {at: _shared(mine, heavy, groups[at], weight) for at in near}
        best = max(near, key=lambda at: (shared[at], -at), default=None)
        if best is None or shared[best] < ALIKE:
            best = len(groups)
            groups.append(Group())
        group = groups[best]
        for word in mine:
            if not group.said[word]:
                holding.setdefault(word, deque(maxlen=COMPARED_MOST)).append(best)
        group.said.update(mine)
        group.members.append(one)
        group.weight += heavy
    joined = _joined(groups, weight)
    return [([word for word, _ in one.said.most_common(NAMED_BY)], one.members) for one in joined]


def _joined(groups: Sequence[Group], weight: Mapping[str, float]) -> list[Group]:
    """Groups that began apart and came to have the same words are one: the smaller joins the larger."""
    kept: list[Group] = []
    heavy: list[Shares] = []
    """Of each that is kept, until another joins it."""
    holding: dict[str, list[int]] = {}
    for one in sorted(groups, key=lambda one: -len(one.members)):
        mine = Shares.of(one, weight)
        near = {at for word in one.said for at in holding.get(word, ())}
        overlaps = {at: mine.overlap(heavy[at]) for at in near}
        best = max(overlaps, key=lambda at: (overlaps[at], -at), default=None)
        if best is not None and overlaps[best] >= ALIKE:
            joins, fresh = kept[best], one.said.keys() - kept[best].said.keys()
            joins.said.update(one.said)
            joins.members.extend(one.members)
            heavy[best] = Shares.of(joins, weight)
        else:
            best, fresh = len(kept), set(one.said)
            kept.append(one)
            heavy.append(mine)
        for word in fresh:
            if len(holding.setdefault(word, [])) < COMPARED_MOST:
                holding[word].append(best)
    return kept


def _shared(mine: Collection[str], heavy: float, group: Group, weight: Mapping[str, float]) -> float:
    """How much of the weight of both is in common; a word of the group counts by how many of it have it.

    `heavy`: what the words weigh together.
    """
    said, many, common = group.said, len(group.members), 0.0
    for word in mine:
        if word in said:
            common += weight[word] * said[word]
    common /= many
    every = heavy + group.weight / many - common
    return common / every if every else 0.0


def _grows(one: Known, trend: Trend) -> bool:
    return one.is_open and one.rule == trend.rule and not one.records.isdisjoint(trend.records)
