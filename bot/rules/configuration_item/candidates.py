"""One row by itself: which item it speaks of and what it says, or why it cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.rules.configuration_item import values
from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import Schema
from bot.rules.configuration_item.policy import FIELDS, PRIVATE, CiSource, CiType
from bot.rules.configuration_item.readers.json_file import ALL
from bot.rules.configuration_item.readers.rows import RawGroup, RawRow
from bot.rules.configuration_item.values import NAME_MOST, BadValue, key_of
from bot.rules.policy_format.hints import listed, nearest

REF_MOST = NAME_MOST + 50


class SaidGroup(NamedTuple):
    relation: str
    of: tuple[str, ...]
    needs: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    line: int
    type: str
    key: str
    """By what the source matches with items."""
    values: Mapping[str, str]
    """Also the empty ones: the file says that there is nothing."""
    groups: tuple[SaidGroup, ...]
    said: frozenset[str]
    """The relations that the file speaks of."""

    @property
    def name(self) -> str:
        return self.values.get("name", "")


class Refused(NamedTuple):
    line: int
    because: str
    key: str = ""
    """What can be told of the item that it speaks of."""
    name: str = ""
    type: str = ""
    other: int = 0
    """The number of another item, where that is what it names."""


def judge(row: RawRow, source: CiSource, schema: Schema, states: Mapping[str, str]) -> Candidate | Refused:
    """The row as a candidate, or all that is wrong with it."""
    if row.fault:
        return Refused(row.line, f"The row {row.fault}.")
    type_key = row.kind if row.typed else _type(row.kind, source)
    type_ = schema.types.get(type_key)
    if type_ is None:
        return Refused(row.line, _no_type(row.kind or type_key, source, schema))
    found, faults = _values(row, type_, source, schema, {**states, **source.states})
    groups, wrong = _groups(row, schema)
    faults += wrong
    parts = source.key or type_.key
    lacking = [part for part in parts if not found.get(part) and part not in faults]
    key = "" if lacking or any(part in faults for part in parts) else key_of([found[part] for part in parts])
    if lacking and not faults:
        said = f"{listed(lacking)} is empty" if len(lacking) == 1 else f"{listed(lacking)} are empty"
        faults.append(f"{said}: that is what tells items of this type from each other")
    if faults:
        because = "; ".join(faults) + ("" if faults[-1].endswith("?") else ".")
        return Refused(row.line, because[0].upper() + because[1:], key, found.get("name", ""), type_key)
    spoken = _spoken(tuple(schema.relations if ALL in row.relations else row.relations))
    return Candidate(row.line, type_key, key, found, groups, spoken)


@lru_cache(maxsize=1000)
def _spoken(names: tuple[str, ...]) -> frozenset[str]:
    """One for all rows of a file that speak of the same: a large one has many."""
    return frozenset(names)


def _type(kind: str, source: CiSource) -> str:
    named = {name.casefold(): one for name, one in source.types.items()}
    return named.get(kind.casefold(), source.type or "")


def _no_type(kind: str, source: CiSource, schema: Schema) -> str:
    known = [*source.types, *schema.types]
    close = nearest(kind, known)
    hint = f" Did you mean “{close}”?" if close else ""
    return f"“{kind[:40]}” is no type of this source.{hint}"


def _values(
    row: RawRow, type_: CiType, source: CiSource, schema: Schema, states: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    found: dict[str, str] = {}
    faults: list[str] = []
    for name, raw in row.fields.items():
        if name not in FIELDS and (name not in type_.attributes or type_.attributes[name].secret):
            continue
        try:
            found[name] = _value(name, raw, type_, source, schema, states)
        except BadValue as fault:
            faults.append(f"{name} {fault}")
    if "name" not in row.fields:
        found["name"] = found.get(type_.key[0], "")
    if not found.get("name") and not any(one.startswith("name ") for one in faults):
        faults.append("name is empty")
    for name, attribute in type_.attributes.items():
        if attribute.required and name in found and not found[name]:
            faults.append(f"{name} is empty, and required")
    return found, faults


def _value(name: str, raw: object, type_: CiType, source: CiSource, schema: Schema, states: Mapping[str, str]) -> str:
    """Raises BadValue."""
    if name in type_.attributes:
        return values.read(raw, type_.attributes[name], source.dates, source.decimal)
    text = values.words(raw, NAME_MOST, lines=False)
    if name == "state":
        return _state(text, states)
    if name == PRIVATE:
        return values.mark(text)
    return _owner(text, schema.owners) if name == "owner" else text


def _state(text: str, states: Mapping[str, str]) -> str:
    known = {one.casefold(): one for one in (*map(str, CiState),)} | {
        word.casefold(): state for word, state in states.items()
    }
    if text and text.casefold() not in known:
        raise BadValue(f"“{text[:40]}” is no state. States are {listed(map(str, CiState))}; `states` maps others")
    return known[text.casefold()] if text else ""


def _owner(text: str, owners: Mapping[str, str]) -> str:
    known = {title.casefold(): key for key, title in owners.items()} | {key.casefold(): key for key in owners}
    if text and text.casefold() not in known:
        raise BadValue(f"“{text[:40]}” is no group of the policy")
    return known[text.casefold()] if text else ""


def _groups(row: RawRow, schema: Schema) -> tuple[tuple[SaidGroup, ...], list[str]]:
    found: list[SaidGroup] = []
    faults: list[str] = []
    for name, groups in row.relations.items():
        if name == ALL:
            continue
        if name not in schema.relations:
            close = nearest(name, schema.relations)
            faults.append(f"there is no relation “{name[:40]}”{f'; did you mean “{close}”?' if close else ''}")
            continue
        for group in groups:
            try:
                found.append(_group(name, group))
            except BadValue as fault:
                faults.append(f"{name} {fault}")
    return tuple(found), faults


def _group(name: str, group: RawGroup) -> SaidGroup:
    """Raises BadValue."""
    of = tuple(values.words(one, REF_MOST, lines=False) for one in group.of)
    if not all(of):
        raise BadValue("names nothing between two separators")
    twice = [one for one in dict.fromkeys(of) if of.count(one) > 1]
    if twice:
        raise BadValue(f"names {listed(twice)} twice")
    return SaidGroup(name, of, needs_of(group.needs, len(of)))


def needs_of(said: object, count: int) -> int | None:
    """How many of so many are needed; None for all. Raises BadValue."""
    if said is None or (isinstance(said, str) and said.strip().casefold() in ("", "all")):
        return None
    number, total = _parsed(said)
    if total is not None and total != count:
        raise BadValue(f"needs “{said}”, and {count} {'is' if count == 1 else 'are'} named")
    if number is None or not 1 <= number <= count:
        raise BadValue(f"needs “{str(said)[:40]}”, which is not from 1 to {count}, as in “1 of {max(count, 2)}”")
    return None if number == count else number


def _parsed(said: object) -> tuple[int | None, int | None]:
    if isinstance(said, int) and not isinstance(said, bool):
        return said, None
    words = str(said).split() if isinstance(said, str) else []
    digits = [int(one) for one in words if one.isascii() and one.isdigit() and len(one) < 6]
    if len(words) == 1 and len(digits) == 1:
        return digits[0], None
    if len(words) == 3 and words[1].casefold() in ("of", "/") and len(digits) == 2:
        return digits[0], digits[1]
    return None, None
