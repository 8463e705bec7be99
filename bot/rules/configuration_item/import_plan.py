"""What a file would change: rows against items, as values. Nothing is done here, and nothing is ever deleted.

Several items that a row may mean are an error; one bad row hides no other; what a file does not speak of stays as it
is; and the same file a second time changes nothing.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from bot.rules.configuration_item.candidates import Candidate, Refused, SaidGroup, judge
from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import Group, Item, Member, Schema
from bot.rules.configuration_item.merging import Created, changes, merged, with_state
from bot.rules.configuration_item.names import Names, Target, target
from bot.rules.configuration_item.plan_values import Ambiguous, Dangling, Plan, Planned, World
from bot.rules.configuration_item.policy import SERVICE, CiSource
from bot.rules.configuration_item.readers.rows import RawFile
from bot.rules.policy_format.hints import listed

Mark: TypeAlias = tuple[str, str, str]
"""A type, an attribute (or "" for the key) and a value that no two items of the type have."""


def plan(
    file: RawFile,
    world: World,
    source: tuple[str, CiSource],
    schema: Schema,
    states: Mapping[str, str],
    *,
    really: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> Plan:
    """`states`: what words of the format mean; `really`: retire however many are gone; `tick` hears of rows judged.

    Raises UnreadableFile where the file ends in the middle of something.
    """
    name, rules = source
    if file.typed:
        rules = rules.model_copy(update={"key": ()})  # rows that say their type go by its key
    return _Planning(file, world, (name, rules), schema, tick).plan(states, really=really)


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


_NOTHING: list[_Resolved] = []
"""Of the many rows that relate to nothing."""


class _Planning:
    def __init__(
        self,
        file: RawFile,
        world: World,
        source: tuple[str, CiSource],
        schema: Schema,
        tick: Callable[[], None],
    ) -> None:
        self.file, self.world, self.schema, self.tick = file, world, schema, tick
        self.count = 0
        """Rows that the file has."""
        self._alike: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
        self.name, self.source = source
        self.refused: list[Refused] = []
        self.ambiguous: list[Ambiguous] = []
        self.dangling: list[Dangling] = []
        self.kept: set[int] = set()
        """Items that a row speaks of which cannot be used: they are not gone."""
        self.new_keys: dict[int, str] = {}
        self.astray = [item for item in world.items.values() if item.state != CiState.RETIRED and is_astray(item)]
        self.by_key: dict[tuple[str, str], list[int]] = {}
        for item in world.items.values():
            if key := item.key(self._parts(item.type)):
                self.by_key.setdefault((item.type, key), []).append(item.number)

    def _parts(self, type_: str) -> tuple[str, ...]:
        """By what rows are matched: the source's own key, or that of the type."""
        own = self.source.key and type_ in self.source.all_types
        return self.source.key if own else self.schema.key_parts(type_)

    def plan(self, states: Mapping[str, str], *, really: bool) -> Plan:
        matches = self._matched(self._unlike(self._candidates(states)))
        names = self._names(matches)
        resolved = self._all_resolved(matches, names)
        lost = {match.number for match in matches if match.number not in resolved and match.number < 0}
        spoke = bool(matches)
        planned = []
        while matches:  # each is forgotten once it is planned: of a large file there is no room for both
            match = matches.popleft()
            if (groups := resolved.pop(match.number, None)) is not None:
                planned.append(self._planned(match, groups, lost))
        created = [one for one in planned if one.item.number < 0]
        changed = [one for one in planned if one.item.number > 0 and one.changes]
        changed += self._led_home(names, lost, {one.item.number for one in planned}) if spoke else []
        same = [one.item.number for one in planned if one.item.number > 0 and not one.changes]
        retired, held, left = self._gone({one.item.number for one in planned}, really=really)
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

    def _candidates(self, states: Mapping[str, str]) -> list[Candidate]:
        found = []
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
            self.kept.update(self.by_key.get((type_, key), ()))
        elif name:
            self.kept.update(one for one in self.world.seen if self.world.items[one].name == name)

    def _unique(self, type_: str) -> list[str]:
        return [name for name, said in self.schema.types[type_].attributes.items() if said.unique]

    def _unlike(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Less those that say again which item they are about, or what no two may have."""
        lines: dict[Mark, int] = {}
        kept = []
        for one in candidates:
            told = [("", one.key), *((name, one.values.get(name, "")) for name in self._unique(one.type))]
            marks: list[Mark] = [(one.type, name, value) for name, value in told if value]
            twice = next((mark for mark in marks if mark in lines), None)
            if twice is None:
                lines |= dict.fromkeys(marks, one.line)
                kept.append(one)
            else:
                what = twice[1] or listed(self._parts(one.type))
                self._refuse(one, f"Line {lines[twice]} has the same {what}, “{twice[2]}”.")
        return kept

    def _matched(self, candidates: Sequence[Candidate]) -> deque[_Match]:
        found: deque[_Match] = deque()
        taken = self._taken(candidates)
        for one in candidates:
            numbers = self._numbers(one)
            if len(numbers) > 1:
                self.ambiguous.append(Ambiguous(one.line, self._told(numbers), "", tuple(numbers)))
                self._keep(one.type, one.key, one.name)
            elif (fault := self._unusable(one, numbers, taken))[0]:
                self._refuse(one, *fault)
            else:
                found.append(_Match(one, numbers[0] if numbers else -len(found) - 1))
        self.new_keys = {match.number: match.said.key for match in found if match.number < 0}
        return found

    def _numbers(self, one: Candidate) -> list[int]:
        """Those that the row may speak of; what is retired only where nothing else is."""
        numbers = self.by_key.get((one.type, one.key), [])
        live = [number for number in numbers if self.world.items[number].state != CiState.RETIRED]
        return live or numbers

    def _taken(self, candidates: Sequence[Candidate]) -> dict[Mark, int]:
        """Who has a value that no two may have; but for those of whom the file says it anew."""
        anew = {(number, name) for one in candidates for number in self._numbers(one) for name in one.values}
        unique = {key: self._unique(key) for key in self.schema.types}
        return {
            (item.type, name, item.values[name]): item.number
            for item in self.world.items.values()
            if item.state != CiState.RETIRED
            for name in unique.get(item.type, ())
            if item.values.get(name) and (item.number, name) not in anew
        }

    def _unusable(self, one: Candidate, numbers: Sequence[int], taken: Mapping[Mark, int]) -> tuple[str, int]:
        """Why it cannot be used, and because of which other item."""
        if one.type == SERVICE and not numbers and not self.schema.makes_services:
            return f"“{one.key}” is no service of the policy, and only the policy makes services.", 0
        attributes = self.schema.types[one.type].attributes.items()
        lacking = [name for name, said in attributes if said.required and not said.secret and name not in one.values]
        if lacking and not numbers:
            return f"{listed(lacking)} {'is' if len(lacking) == 1 else 'are'} required, and not given.", 0
        for name, value in one.values.items():
            other = taken.get((one.type, name, value)) if value else None
            if other is not None and other not in numbers:
                return f"{self._told([other])[0]} has the same {name}, “{value}”.", other
        return "", 0

    def _told(self, numbers: Sequence[int]) -> list[str]:
        """By key where that tells them apart."""
        keys = [self.schema.key(self.world.items[one]) for one in numbers]
        return keys if len(set(keys)) == len(keys) and all(keys) else [f"CI-{one}" for one in numbers]

    def _names(self, matches: Collection[_Match]) -> Names:
        """Everything that a reference may mean, by the names that the file gives."""
        if not (self.astray and matches) and not any(match.said.groups for match in matches):
            return Names(())
        said = {match.number: match.said for match in matches}
        old = [self._target(item, said.get(item.number)) for item in self.world.items.values()]
        return Names([*old, *(self._new(match) for match in matches if match.number < 0)])

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

    def _all_resolved(self, matches: Iterable[_Match], names: Names) -> dict[int, list[_Resolved]]:
        """By number of the item; those whose references cannot be used are left out, and said to be."""
        found = {}
        for match in matches:
            resolved = [self._resolved(match, group, names) for group in match.said.groups]
            usable = [one for one in resolved if one is not None]
            if len(usable) == len(resolved):
                found[match.number] = usable or _NOTHING
        return found

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

    def _led_home(self, names: Names, lost: set[int], used: set[int]) -> list[Planned]:
        """Items that the file does not speak of, and whose references lead somewhere now."""
        found = []
        for item in self.astray:
            if item.number not in used:
                groups = tuple(self._home(item, group, names, lost) for group in item.groups)
                after = replace(item, groups=groups)
                if told := changes(item, after, self._item_told):
                    found.append(Planned(0, self.schema.key(item), after, told, item))
        return found

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

    def _gone(self, used: set[int], *, really: bool) -> tuple[list[Planned], list[Planned], list[int]]:
        """Those to be retired, those that are too many for it, and those that another source has still."""
        items, there = self.world.items, [one for one, present in self.world.seen.items() if present]
        away = [one for one in there if one not in used and one not in self.kept and not items[one].is_policys]
        over = [one for one in away if one in self.world.elsewhere or items[one].state == CiState.RETIRED]
        gone = [self._retired(items[one]) for one in away if one not in set(over)]
        most = max(1, len(there) * self.source.retire_most // 100)
        if not self.count or (len(gone) > most and not really):
            return [], gone, []
        return gone, [], over

    def _retired(self, item: Item) -> Planned:
        values = {**item.values, "state": str(CiState.RETIRED)}
        origins = {**item.origins, "state": self.name}
        told = {"state": (item.state, str(CiState.RETIRED))}
        return Planned(0, self.schema.key(item), replace(item, values=values, origins=origins), told, item)
