"""What a file would change: rows against items, as values. Nothing is done here, and nothing is ever deleted.

Several items that a row may mean are an error; one bad row hides no other; what a file does not speak of stays as it
is; and the same file a second time changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.rules.configuration_item.candidates import Candidate, Refused, SaidGroup, judge
from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import Group, Item, Member, Schema
from bot.rules.configuration_item.merging import Created, changes, merged, with_state
from bot.rules.configuration_item.names import Names, Target, target
from bot.rules.configuration_item.plan_values import Ambiguous, Dangling, Plan, Planned, World
from bot.rules.configuration_item.policy import SERVICE, CiSource
from bot.rules.configuration_item.readers.rows import RawFile
from bot.rules.policy_format.hints import listed
from bot.rules.record.plan_store import IN_MEMORY, Numbered, PlanStore, Rows, Texts, as_it_is


def plan(
    file: RawFile,
    world: World,
    source: tuple[str, CiSource],
    schema: Schema,
    states: Mapping[str, str],
    *,
    really: bool = False,
    tick: Callable[[], None] = lambda: None,
    store: PlanStore = IN_MEMORY,
) -> Plan:
    """`states`: what words of the format mean; `really`: retire however many are gone; `tick` hears of rows judged.
    `shelves`: where to keep what a large file has no room for in memory. The plan is read from there.

    Raises UnreadableFile where the file ends in the middle of something.
    """
    name, rules = source
    if file.typed:
        rules = rules.model_copy(update={"key": ()})  # rows that say their type go by its key
    return _Planning(file, world, (name, rules), schema, tick, store).plan(states, really=really)


def is_astray(item: Item) -> bool:
    """Whether it names something that is not on record."""
    return any(isinstance(one, str) for group in item.groups for one in group.members)


class _Match(NamedTuple):
    said: Candidate
    number: int
    """Below 0 for what is new."""


class _Resolved(NamedTuple):
    said: SaidGroup
    members: tuple[Member, ...]


class _Usable(NamedTuple):
    match: _Match
    groups: list[_Resolved]


def _mark(*parts: str) -> str:
    """A type, an attribute (or "" for the key) and a value, as one text."""
    return "\0".join(parts)


class _Planning:
    def __init__(
        self,
        file: RawFile,
        world: World,
        source: tuple[str, CiSource],
        schema: Schema,
        tick: Callable[[], None],
        store: PlanStore,
    ) -> None:
        self.file, self.world, self.schema, self.tick, self.store = file, world, schema, tick, store
        self.count = 0
        """Rows that the file has."""
        self._alike: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
        self.name, self.source = source
        self.refused: list[Refused] = []
        self.ambiguous: list[Ambiguous] = []
        self.dangling: list[Dangling] = []
        self.kept: set[int] = set()
        """Items that a row speaks of which cannot be used: they are not gone."""
        self.new_keys: Numbered[str] = store.numbered()
        self.astray: Rows[Item] = store.rows(as_it_is, as_it_is)
        self.by_key, self.seen_names = store.texts(), store.texts()
        for item in world.items.values():
            if key := item.key(self._parts(item.type)):
                self.by_key.add(_mark(item.type, key), item.number)
            if item.number in world.seen:
                self.seen_names.add(item.name, item.number)
            if item.state != CiState.RETIRED and is_astray(item):
                self.astray.append(item)

    def _parts(self, type_: str) -> tuple[str, ...]:
        """By what rows are matched: the source's own key, or that of the type."""
        own = self.source.key and type_ in self.source.all_types
        return self.source.key if own else self.schema.key_parts(type_)

    def plan(self, states: Mapping[str, str], *, really: bool) -> Plan:
        matches = self._matched(self._unlike(self._candidates(states)))
        names = self._names(matches)
        resolved, lost = self._all_resolved(matches, names)
        created, changed, same = self._rows(), self._rows(), list[int]()
        used: set[int] = set()
        """Items on record that the file speaks of."""
        for match, groups in resolved:
            planned = self._planned(match, groups, lost)
            if match.number < 0:
                created.append(planned)
                continue
            used.add(match.number)
            if planned.changes:
                changed.append(planned)
            else:
                same.append(match.number)
        for one in self._led_home(names, lost, used) if len(matches) else ():
            changed.append(one)
        retired, held, left = self._gone(used, really=really)
        return Plan(
            created=created,
            changed=changed,
            retired=retired,
            same=same,
            left=left,
            refused=sorted(self.refused),
            ambiguous=sorted(self.ambiguous),
            dangling=sorted(self.dangling),
            held=held,
            notes=self.file.notes,
        )

    def _rows(self) -> Rows[Planned]:
        """What changes by a new item is not put away with it: it is told from the item."""

        def bare(one: Planned) -> Planned:
            return replace(one, changes={}) if one.item.number < 0 else one

        def whole(one: Planned) -> Planned:
            new = one.item.number < 0
            return replace(one, changes=Created(one.item, self._item_told)) if new else one

        return self.store.rows(bare, whole)

    def _candidates(self, states: Mapping[str, str]) -> Rows[Candidate]:
        found: Rows[Candidate] = self.store.rows(as_it_is, as_it_is)
        for row in self.file.rows:
            self.tick()
            self.count += 1
            one = judge(row, self.source, self.schema, states)
            if isinstance(one, Refused):
                self.refused.append(one)
                self._keep(one.type, one.key, one.name)
            else:
                found.append(one)
        return found

    def _refuse(self, one: Candidate, because: str, other: int = 0) -> None:
        self.refused.append(Refused(one.line, because, one.key, one.name, one.type, other))
        self._keep(one.type, one.key, one.name)

    def _keep(self, type_: str, key: str, name: str) -> None:
        """What a row speaks of that cannot be used is there all the same: nothing is retired because of a bad row."""
        if key:
            self.kept.update(self.by_key[_mark(type_, key)])
        elif name:
            self.kept.update(self.seen_names[name])

    def _unique(self, type_: str) -> list[str]:
        return [name for name, said in self.schema.types[type_].attributes.items() if said.unique]

    def _unlike(self, candidates: Iterable[Candidate]) -> Rows[Candidate]:
        """Less those that say again which item they are about, or what no two may have."""
        lines = self.store.texts()
        kept: Rows[Candidate] = self.store.rows(as_it_is, as_it_is)
        for one in candidates:
            told = [("", one.key), *((name, one.values.get(name, "")) for name in self._unique(one.type))]
            marks = {_mark(one.type, name, value): (name, value) for name, value in told if value}
            twice = next((mark for mark in marks if lines[mark]), None)
            if twice is None:
                for mark in marks:
                    lines.add(mark, one.line)
                kept.append(one)
            else:
                name, value = marks[twice]
                what = name or listed(self._parts(one.type))
                self._refuse(one, f"Line {lines[twice][0]} has the same {what}, “{value}”.")
        return kept

    def _matched(self, candidates: Rows[Candidate]) -> Rows[_Match]:
        found: Rows[_Match] = self.store.rows(as_it_is, as_it_is)
        taken = self._taken(candidates)
        for one in candidates:
            numbers = self._numbers(one)
            if len(numbers) > 1:
                self.ambiguous.append(Ambiguous(one.line, self._told(numbers), "", tuple(numbers)))
                self._keep(one.type, one.key, one.name)
            elif (fault := self._unusable(one, numbers, taken))[0]:
                self._refuse(one, *fault)
            else:
                match = _Match(one, numbers[0] if numbers else -len(found) - 1)
                found.append(match)
                if match.number < 0:
                    self.new_keys[match.number] = one.key
        return found

    def _numbers(self, one: Candidate) -> list[int]:
        """Those that the row may speak of; what is retired only where nothing else is."""
        numbers = self.by_key[_mark(one.type, one.key)]
        live = [number for number in numbers if self.world.items[number].state != CiState.RETIRED]
        return live or numbers

    def _taken(self, candidates: Iterable[Candidate]) -> Texts:
        """Who has a value that no two may have; but for those of whom the file says it anew."""
        unique = {key: names for key in self.schema.types if (names := self._unique(key))}
        taken, anew = self.store.texts(), self.store.texts()
        if not unique:
            return taken
        for one in candidates:
            for name in one.values.keys() & unique.get(one.type, ()):
                for number in self._numbers(one):
                    anew.add(_mark(name, str(number)), number)
        for item in self.world.items.values():
            if item.state != CiState.RETIRED:
                for name in unique.get(item.type, ()):
                    if item.values.get(name) and not anew[_mark(name, str(item.number))]:
                        taken.add(_mark(item.type, name, item.values[name]), item.number)
        return taken

    def _unusable(self, one: Candidate, numbers: Sequence[int], taken: Texts) -> tuple[str, int]:
        """Why it cannot be used, and because of which other item."""
        if one.type == SERVICE and not numbers and not self.schema.makes_services:
            return f"“{one.key}” is no service of the policy, and only the policy makes services.", 0
        attributes = self.schema.types[one.type].attributes.items()
        lacking = [name for name, said in attributes if said.required and not said.secret and name not in one.values]
        if lacking and not numbers:
            return f"{listed(lacking)} {'is' if len(lacking) == 1 else 'are'} required, and not given.", 0
        for name, value in one.values.items():
            others = taken[_mark(one.type, name, value)] if value else []
            if others and (other := others[-1]) not in numbers:
                return f"{self._told([other])[0]} has the same {name}, “{value}”.", other
        return "", 0

    def _told(self, numbers: Sequence[int]) -> list[str]:
        """By key where that tells them apart."""
        keys = [self.schema.key(self.world.items[one]) for one in numbers]
        return keys if len(set(keys)) == len(keys) and all(keys) else [f"CI-{one}" for one in numbers]

    def _names(self, matches: Rows[_Match]) -> Names:
        """Everything that a reference may mean, by the names that the file gives."""
        if not (len(self.astray) and len(matches)) and not any(match.said.groups for match in matches):
            return Names(())
        return Names(self._targets(matches), self.store)

    def _targets(self, matches: Iterable[_Match]) -> Iterator[Target]:
        said: Numbered[Candidate] = self.store.numbered()
        for match in matches:
            if match.number > 0:
                said[match.number] = match.said
        for item in self.world.items.values():
            yield self._target(item, said.get(item.number))
        yield from (self._new(match) for match in matches if match.number < 0)

    def _target(self, item: Item, said: Candidate | None) -> Target:
        key = self.schema.key(item)
        if said is None or item.is_policys:
            return target(item.number, item.type, key, item.name, item.state)
        state = with_state(said.values, item, is_back=self._is_back(item.number)).get("state", item.state)
        return target(item.number, item.type, key, said.name or item.name, state)

    def _new(self, match: _Match) -> Target:
        key = Item(0, match.said.type, match.said.values).key(self.schema.key_parts(match.said.type))
        return target(match.number, match.said.type, key, match.said.name, match.said.values.get("state", ""))

    def _is_back(self, number: int) -> bool:
        return self.world.seen.get(number) is False

    def _all_resolved(self, matches: Iterable[_Match], names: Names) -> tuple[Rows[_Usable], set[int]]:
        """Less those whose references cannot be used, which is said; and the numbers of new ones among those."""
        found: Rows[_Usable] = self.store.rows(as_it_is, as_it_is)
        lost = set()
        for match in matches:
            resolved = [self._resolved(match, group, names) for group in match.said.groups]
            usable = [one for one in resolved if one is not None]
            if len(usable) == len(resolved):
                found.append(_Usable(match, usable))
            elif match.number < 0:
                lost.add(match.number)
        return found, lost

    def _resolved(self, match: _Match, group: SaidGroup, names: Names) -> _Resolved | None:
        """None where a reference cannot be used, which is noted then."""
        one, members = match.said, list[Member]()
        relation = self.schema.relations[group.relation]
        for ref in group.of:
            meant = names.meant(ref)
            fit = [other for other in meant if relation.allows(one.type, other.type)]
            if meant and not fit:
                self._refuse(
                    one,
                    f"{group.relation} “{ref}”: a {meant[0].type} cannot be in this relation to it.",
                    meant[0].number,
                )
                return None
            if len(fit) > 1:
                told = sorted(self._shown(other, names) for other in fit)
                self.ambiguous.append(Ambiguous(one.line, told, ref, tuple(other.number for other in fit)))
                self._keep(one.type, one.key, one.name)
                return None
            if fit and fit[0].number == match.number:
                self._refuse(one, f"{group.relation} “{ref}” is the item itself.")
                return None
            members.append(fit[0].number if fit else ref)
        if len(set(members)) < len(members):
            self._refuse(one, f"{group.relation} names one item twice: {listed(group.of)}.")
            return None
        return _Resolved(group, tuple(members))

    def _shown(self, one: Target, names: Names) -> str:
        return names.shown(one.number) if one.key or one.number > 0 else one.name

    def _planned(self, match: _Match, resolved: Sequence[_Resolved], lost: set[int]) -> Planned:
        """`lost`: rows that turned out not to be usable, so that nothing can lead to what they would have made."""
        one = match.said
        before = self.world.items.get(match.number) or Item(match.number, one.type, {})
        groups = []
        for said, members in resolved:
            kept = tuple(ref if member in lost else member for ref, member in zip(said.of, members, strict=True))
            groups.append(Group(said.relation, kept, said.needs).canonical)
            self.dangling += [Dangling(one.line, ref, said.relation, one.key) for ref in kept if isinstance(ref, str)]
        values = with_state(one.values, before, is_back=self._is_back(match.number))
        after = merged(before, values, groups, one.said, self.name, self.schema)
        after = replace(after, origins=self._alike.setdefault(tuple(after.origins.items()), after.origins))
        new = match.number < 0
        told = Created(after, self._item_told) if new else changes(before, after, self._item_told)
        return Planned(one.line, self.schema.key(after) or one.key, after, told, None if new else before)

    def _led_home(self, names: Names, lost: set[int], used: set[int]) -> Iterator[Planned]:
        """Items that the file does not speak of, and whose references lead somewhere now."""
        for item in self.astray:
            if item.number not in used:
                groups = tuple(self._home(item, group, names, lost) for group in item.groups)
                after = replace(item, groups=groups)
                if told := changes(item, after, self._item_told):
                    yield Planned(0, self.schema.key(item), after, told, item)

    def _home(self, item: Item, group: Group, names: Names, lost: set[int]) -> Group:
        relation = self.schema.relations.get(group.relation)
        members = list(group.members)
        for place, ref in enumerate(group.members):
            meant = names.meant(ref) if isinstance(ref, str) and relation else []
            fit = [one.number for one in meant if relation and relation.allows(item.type, one.type)]
            if len(fit) == 1 and fit[0] not in (item.number, *members, *lost):
                members[place] = fit[0]
        return Group(group.relation, tuple(members), group.needs).canonical

    def _item_told(self, number: int) -> str:
        if number < 0:
            return self.new_keys[number]
        return self.schema.key(self.world.items[number]) or f"CI-{number}"

    def _gone(self, used: set[int], *, really: bool) -> tuple[Rows[Planned], Rows[Planned], list[int]]:
        """Those to be retired, those that are too many for it, and those that another source has still."""
        items, there = self.world.items, [one for one, present in self.world.seen.items() if present]
        away = [one for one in there if one not in used and one not in self.kept and not items[one].is_policys]
        gone, over = self._rows(), list[int]()
        for one in away:
            if one in self.world.elsewhere or items[one].state == CiState.RETIRED:
                over.append(one)
            else:
                gone.append(self._retired(items[one]))
        most = max(1, len(there) * self.source.retire_most // 100)
        if not self.count or (len(gone) > most and not really):
            return self._rows(), gone, []
        return gone, self._rows(), over

    def _retired(self, item: Item) -> Planned:
        values = {**item.values, "state": str(CiState.RETIRED)}
        origins = {**item.origins, "state": self.name}
        told = {"state": (item.state, str(CiState.RETIRED))}
        return Planned(0, self.schema.key(item), replace(item, values=values, origins=origins), told, item)
