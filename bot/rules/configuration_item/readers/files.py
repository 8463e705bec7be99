"""A file of any of the formats, as rows."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from bot.rules.configuration_item.policy import CiSource, CiType
from bot.rules.configuration_item.readers import csv_file, json_file, netbox, terraform
from bot.rules.configuration_item.readers.rows import RawFile
from bot.rules.configuration_item.readers.text import decoded


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    BACKSTAGE = "backstage"
    NETBOX = "netbox"
    TERRAFORM = "terraform"


def read(data: bytes, name: str, format_: Format | None, source: CiSource, types: Mapping[str, CiType]) -> RawFile:
    """The rows of a file; its format by its name and how it begins, where nobody says it. Raises UnreadableFile."""
    text, notes = decoded(data)
    format_ = format_ or guessed(text, name)
    match format_:
        case Format.BACKSTAGE:
            # YAML takes 1 MiB of a bot that hardly ever is sent some.
            from bot.rules.configuration_item.readers import backstage

            found = backstage.read(text, source)
        case Format.TERRAFORM:
            found = terraform.read(text, source)
        case Format.NETBOX:
            found = netbox.read(text, source, types)
        case Format.JSON:
            found = json_file.read(text, source, types)
        case _:
            found = csv_file.read(text, source, types)
    return replace(found, notes=(*notes, *found.notes))


def guessed(text: str, name: str) -> Format:
    ending = name.lower().rpartition(".")[2]
    if ending in ("yaml", "yml"):
        return Format.BACKSTAGE
    if ending in ("csv", "tsv") or (ending != "json" and text.lstrip()[:1] not in ("{", "[")):
        return Format.CSV
    head = text[:4000]
    if '"format_version"' in head or '"lineage"' in head:
        return Format.TERRAFORM
    return Format.NETBOX if '"results"' in head and text.lstrip()[:1] == "{" else Format.JSON


def states(format_: Format | None, data: bytes = b"", name: str = "") -> Mapping[str, str]:
    """What the words of a format mean, where the source does not say."""
    known = format_ or guessed(data[:4000].decode("utf-8", "replace"), name)
    return netbox.STATES if known is Format.NETBOX else {}
