"""The texts of a policy read as one: a single file, or the files of a folder, in which nothing may be said twice.

The names of a folder's files mean nothing: where several files have entries of one table, these stand in the order of
their keys, so that the same rules are the same version however their files are called.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping

from bot.rules.policy_format.document import Definition, Path, Table, Walked, walked
from bot.rules.policy_format.faults import Fault, Place, PolicyFaults


def load(text: str, name: str = "") -> Table:
    """What a TOML text says. Raises PolicyFaults, with the file's name where it has one."""
    deep = _DEEP_KEY.search(text)
    if deep:
        line = text.count("\n", 0, deep.start()) + 1
        raise PolicyFaults([Fault(Place(line, name), "", "this is nested too deeply to be a policy")])
    try:
        found = tomllib.loads(text)
        if _is_deep(found):  # as “a.b.c…” can be, which tomllib reads without a call for each
            raise RecursionError
        return found
    except tomllib.TOMLDecodeError as fault:
        said = re.search(r"\(at line ([0-9]+), column [0-9]+\)", str(fault))
        line = int(said[1]) if said else text.count("\n") + 1
        message = re.sub(r" \(at .*\)$", "", str(fault))
        raise PolicyFaults([Fault(Place(line, name), *_said(message))]) from None
    except RecursionError:
        place = Place(1, name) if name else None
        raise PolicyFaults([Fault(place, "", "this is nested too deeply to be a policy")]) from None
    except ValueError:  # Python reads no number of more than some thousand digits
        digits = _ENDLESS.search(text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 1
        raise PolicyFaults([Fault(Place(line, name), "", "this has a number that is too long to be read")]) from None


_ORDER = "\ufeff"
"""What some editors begin a file with, to say that it is UTF-8."""
_TWICE = re.compile(
    r"(?:Cannot (?:overwrite|declare|mutate)|Duplicate inline table key)[^('\"]*(?P<key>.*?)(?: twice)?"
)


def _said(message: str) -> tuple[str, str]:
    """The key and the fault. What stands there twice is told as such: tomllib says so in words of Python."""
    twice = _TWICE.fullmatch(message)
    if twice is None:
        return "", f"this is not TOML: {message}"
    key = ast.literal_eval(twice["key"]) if twice["key"] else ""  # tomllib says what Python would write for it
    told = key if isinstance(key, str) else ".".join(key)
    return told, "this stands here for the second time, and nobody can say which is meant; keep one"


_DEEPEST = 40
"""Tables and lists in each other; the default policy has less than ten."""
_DEEP_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){200}""")
"""tomllib takes the square of the parts of a key: seven minutes of one with 200,000."""
_ENDLESS = re.compile(r"[0-9_]{1000,}")


def _is_deep(table: Table) -> bool:
    level: list[object] = [table]
    for _ in range(_DEEPEST):
        level = [each for one in level for each in _within(one)]
        if not level:
            return False
    return True


def _within(value: object) -> list[object]:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [one for one in inner if isinstance(one, Mapping | list)]


def join(texts: Mapping[str, str]) -> tuple[Table, dict[Path, Place]]:
    """What files say together, by their names, and where each key stands. Raises PolicyFaults."""
    texts = {name: text.removeprefix(_ORDER) for name, text in texts.items()}
    names = sorted(texts)
    tables = _loaded({name: texts[name] for name in names})
    walks = {name: walked(texts[name]) for name in names}
    if twice := list(_said_twice(walks)):
        raise PolicyFaults(twice)
    whole: Table = tables[names[0]] if names else {}
    for name in names[1:]:
        whole = _together(whole, tables[name])
    places: dict[Path, Place] = {}
    for name, walk in walks.items():
        places = {path: Place(line, name) for path, line in walk.lines.items()} | places
    return whole, places


def _loaded(texts: Mapping[str, str]) -> dict[str, Table]:
    """Every file read, or the faults of all that cannot be."""
    tables: dict[str, Table] = {}
    faults: list[Fault] = []
    for name, text in texts.items():
        try:
            tables[name] = load(text, name)
        except PolicyFaults as found:
            faults += found.faults
    if faults:
        raise PolicyFaults(faults)
    return tables


def _together(one: Mapping[str, object], other: Mapping[str, object]) -> Table:
    whole = dict(one)
    for key, said in other.items():
        known = whole.get(key)
        whole[key] = _together(known, said) if isinstance(known, Mapping) and isinstance(said, Mapping) else said
    return dict(sorted(whole.items()))


def _said_twice(walks: Mapping[str, Walked]) -> Iterator[Fault]:
    """What one file says of the files before it: as in a single file, no table is begun twice, and no key given."""
    known: dict[Path, tuple[Place, Definition]] = {}
    opened: dict[Path, Place] = {}
    for name, walk in walks.items():
        clashing: set[Path] = set()
        for path, definition in walk.defined.items():
            if clashing.isdisjoint(_above(path)) and (clash := _clash(path, definition, known, opened)):
                clashing.add(path)
                message = f"{clash} says this already; keep it in one of the two"
                yield Fault(Place(definition.line, name), ".".join(map(str, path)), message)
        here = {path: (Place(one.line, name), one) for path, one in walk.defined.items()}
        known = here | known
        opened = {above: place for path, (place, _) in here.items() for above in _above(path)} | opened


def _clash(
    path: Path,
    definition: Definition,
    known: Mapping[Path, tuple[Place, Definition]],
    opened: Mapping[Path, Place],
) -> Place | None:
    """Where a file before this one says the same, has closed what is added to, or adds to what is closed here."""
    if path in known:
        return known[path][0]
    for above in _above(path):
        if above in known and known[above][1].closed:
            return known[above][0]
    return opened.get(path) if definition.closed else None


def _above(path: Path) -> list[Path]:
    return [path[:length] for length in range(1, len(path))]
