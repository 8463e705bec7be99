"""A file of any of the tools, row by row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import chain
from zoneinfo import ZoneInfo

from bot.rules.imports import csv_rows, json_rows, xlsx_rows, xml_rows
from bot.rules.imports.chunks import FileFault, decoded
from bot.rules.imports.csv_rows import Numbered
from bot.rules.imports.refusals import NoMapping, NoneThere
from bot.rules.imports.sources import dispatch, glpi, incidentbot, jira, mapped, servicenow, zammad
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Read, Source
from bot.rules.record.refs import ABOUT, Noun

SPECS: Mapping[tuple[Source, Noun], Spec] = {
    (spec.source, spec.noun): spec
    for spec in (
        *(servicenow.SPEC, servicenow.CHANGE, servicenow.PROBLEM, servicenow.REQUEST),
        *(jira.SPEC, jira.CHANGE, jira.PROBLEM, jira.REQUEST),
        *(glpi.SPEC, glpi.CHANGE, glpi.PROBLEM, glpi.REQUEST),
        *(zammad.SPEC, zammad.PROBLEM, zammad.REQUEST),
        *(incidentbot.SPEC, dispatch.SPEC),
    )
}
UTC_ZONE = ZoneInfo("UTC")


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    XML = "xml"
    XLSX = "xlsx"


def spec_of(source: Source, how: How, file: str, noun: Noun = Noun.INCIDENT) -> Spec:
    """Raises NoMapping, BadMapping, NoneThere."""
    if source is not Source.CSV:
        if (source, noun) not in SPECS:
            raise NoneThere(tool=source.label, what=f"{ABOUT[noun]}s")
        return SPECS[source, noun].with_columns(how.mapped)
    if not how.mapped.columns.model_fields_set:
        raise NoMapping()
    return mapped.spec(how.mapped, file, noun)


def read(chunks: Iterable[bytes], spec: Spec, how: How) -> Iterator[Read]:
    """Each row as a ticket, or why it is none. Raises FileFault."""
    source = iter(chunks)
    first = _beginning(source)
    if first.startswith(xlsx_rows.PACKED):
        how = _timed(how, spec, Format.XLSX)
        rows = xlsx_rows.read(chain([first], source), spec.must)
    else:
        format_, texts = _format(decoded(chain([first], source), how.mapped.encoding), spec)
        how = _timed(how, spec, format_)
        rows = _rows(texts, format_, spec, how)
    for line, row in rows:
        yield spec.read(line, row, how)


def _beginning(source: Iterator[bytes]) -> bytes:
    """Enough of it to tell what it is."""
    first = b""
    while len(first) < len(xlsx_rows.PACKED) and (more := next(source, b"")):
        first += more
    return first


def _format(texts: Iterator[str], spec: Spec) -> tuple[Format, Iterator[str]]:
    """By how it begins."""
    seen: list[str] = []
    begins = ""
    for text in texts:
        seen.append(text)
        begins = "".join(seen).lstrip()
        if begins:
            break
    found = {"{": Format.JSON, "[": Format.JSON, "<": Format.XML}.get(begins[:1], Format.CSV)
    if spec.source is Source.CSV and found is not Format.CSV:
        raise FileFault(f"it is {found.upper()}, and a mapping of your own reads CSV")
    return found, chain(seen, texts)


def _rows(texts: Iterator[str], format_: Format, spec: Spec, how: How) -> Iterator[Numbered]:
    match format_:
        case Format.JSON:
            return json_rows.read(texts)
        case Format.XML:
            return xml_rows.read(texts)
        case _:
            return csv_rows.read(texts, spec.headings, spec.must, how.mapped.delimiter)


def _timed(how: How, spec: Spec, format_: Format) -> How:
    """A list of ServiceNow that somebody exported as CSV or XLSX has times of their own zone; JSON and XML have UTC."""
    said = spec.utc and (format_ not in (Format.CSV, Format.XLSX) or spec.source is not Source.SERVICENOW)
    if how.clock.zone is None and said:
        return replace(how, clock=replace(how.clock, zone=UTC_ZONE))
    return how
