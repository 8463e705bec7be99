"""How a noun declares its section of the policy: `Annotated[TYPE, Section(...)]`, and one line in `Policy`.

What the type cannot say is a check that the section lists. A name that must lead somewhere is declared where it
stands, as in `owner: Annotated[str, Refers("groups")]`, and `references` looks it up.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from bot.rules.policy_format.document import Table
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import references


@dataclass(frozen=True)
class Section:
    checks: tuple[Callable[[Table], Iterator[Sensed]], ...] = ()
    """Each is given the section as it was written, sound or not, and tells places within it."""
    file_checks: tuple[Callable[[Any], Iterator[Sensed]], ...] = ()
    """Each is given the whole policy, once it is sound. A version that was kept is not asked again."""
    needs: tuple[str, ...] = ()
    """The entries that Deskbell itself asks for by key."""
    removable: bool = False
    """Whether `name = false` takes away an entry of the default."""
    lapses: Callable[[Any, Table], bool] | None = None
    """Whether an entry of the default, which no file names, goes since what it needs was taken away from the policy."""
    one_of: tuple[str, ...] = ()
    """Keys of which an entry holds one: a file that names one of them replaces the default's."""


def sections(policy: type[BaseModel]) -> dict[str, Section]:
    """What each section declares; of one that declares nothing beside its type, nothing."""
    return {
        name: next((note for note in field.metadata if isinstance(note, Section)), Section())
        for name, field in policy.model_fields.items()
    }


def without_lapsed(policy: type[BaseModel], whole: Table, file: Table) -> Table:
    """The policy less those entries of the default that cannot stand without what the file takes away."""
    kept = dict(whole)
    for name, section in sections(policy).items():
        lapses, entries, said = section.lapses, whole.get(name), file.get(name)
        if lapses is not None and isinstance(entries, Mapping):
            own = said if isinstance(said, Mapping) else {}
            kept[name] = {key: one for key, one in entries.items() if key in own or not lapses(one, whole)}
    return kept


def removable(policy: type[BaseModel]) -> list[str]:
    return [name for name, section in sections(policy).items() if section.removable]


def checked(policy: type[BaseModel], data: Table) -> Iterator[Sensed]:
    """What the types cannot see: gaps, names that lead nowhere, and whatever a section checks itself."""
    for name, section in sections(policy).items():
        entries = data.get(name, {})
        if not isinstance(entries, Mapping):
            continue  # said by the types
        for key in section.needs:
            if key not in entries:
                yield Sensed((name, key), "cannot be left out: Deskbell itself uses it")
        for check in section.checks:
            yield from (_within(name, sensed) for sensed in check(dict(entries)))
    yield from references(policy, data)


def file_checked(policy: BaseModel) -> Iterator[Sensed]:
    """What can only be told of a sound policy."""
    for section in sections(type(policy)).values():
        for check in section.file_checks:
            yield from check(policy)


def _within(name: str, sensed: Sensed) -> Sensed:
    return Sensed((name, *sensed.where), sensed.message, tuple((name, *place) for place in sensed.places))
