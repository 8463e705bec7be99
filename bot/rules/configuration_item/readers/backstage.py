"""Backstage's catalog-info.yaml: documents of entities, whose references are short where the field tells the kind."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from bot.rules.configuration_item.policy import CiSource
from bot.rules.configuration_item.readers import paths
from bot.rules.configuration_item.readers.rows import MOST_DEPTH, MOST_ROWS, RawFile, RawGroup, RawRow
from bot.rules.configuration_item.refusals import UnreadableFile

COLUMNS = {"name": "metadata.name"}
_KINDS = {
    "spec.system": "system",
    "spec.domain": "domain",
    "spec.owner": "group",
    "spec.subcomponentOf": "component",
    "spec.providesApis": "api",
    "spec.consumesApis": "api",
}
"""The kind that a short reference has, by the field that it stands in (Backstage, “Descriptor Format”)."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str, source: CiSource) -> RawFile:
    """Raises UnreadableFile, also for tags and aliases: no catalogue needs them, and they can stand for anything."""
    try:
        _plain(text)
        documents = list(_documents(text))
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise UnreadableFile(because=f"{where}{getattr(fault, 'problem', None) or 'it is no YAML'}") from None
    except (ValueError, RecursionError):
        raise UnreadableFile(because="it has a value that no YAML can have") from None
    rows = [_row(line, one, source) for line, one in documents if one is not None]
    kinds = {name.casefold() for name in source.types}
    kept = [row for row in rows if row.fault or source.type or row.kind in kinds]
    skipped = len(rows) - len(kept)
    return RawFile(kept, (f"{skipped} entities are of kinds that the source does not name.",) if skipped else ())


def _plain(text: str) -> None:
    """Raises UnreadableFile. Asked of the events, before anything is made of them."""
    depth = count = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableFile(
                because=f"line {line}: it has an alias (*{event.anchor}); write out what it stands for"
            )
        tag = getattr(event, "tag", None)
        if tag and (not str(tag).startswith("tag:yaml.org,2002:") or "python/" in str(tag)):
            raise UnreadableFile(because=f"line {line}: it has a tag ({tag}), which is not read")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            count += 1
        if depth > MOST_DEPTH:
            raise UnreadableFile(because=f"line {line}: it is more than {MOST_DEPTH} deep")
        if count > MOST_ROWS:
            raise UnreadableFile(because=f"it has more than {MOST_ROWS:,} documents")


def _documents(text: str) -> Iterator[tuple[int, Any]]:
    """Each with the line that it begins on."""
    loader = _LOADER(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            yield node.start_mark.line + 1, loader.construct_document(node)
    finally:
        loader.dispose()


def _row(line: int, one: Any, source: CiSource) -> RawRow:
    if not isinstance(one, Mapping) or not isinstance(one.get("kind"), str):
        return RawRow(line, fault="has no `kind`")
    meta = one.get("metadata")
    if not isinstance(meta, Mapping) or not isinstance(meta.get("name"), str):
        return RawRow(line, fault="has no `metadata.name`")
    kind, space = one["kind"].lower(), str(meta.get("namespace") or "default")
    known = {**one, "ref": f"{kind}:{space}/{meta['name']}".lower()}
    relations = paths.relations(known, source)
    for name, groups in relations.items():
        path = source.relations[name]
        relations[name] = tuple(
            RawGroup(tuple(_full(str(ref), _KINDS.get(path, "component"), space) for ref in group.of), group.needs)
            for group in groups
        )
    return RawRow(line, kind, paths.fields(known, {**COLUMNS, **source.columns}), relations)


def _full(ref: str, kind: str, space: str) -> str:
    """“petstore” as component:default/petstore."""
    before, colon, rest = ref.partition(":")
    kind, rest = (before, rest) if colon else (kind, ref)
    return f"{kind}:{rest if '/' in rest else f'{space}/{rest}'}".lower()
