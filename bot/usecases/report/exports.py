"""Exports: who may have which records, what is on record about it, and the file."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import IO, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy_format.hints import nearest
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.notices import Notice, NoticeKind, person
from bot.rules.report.export import Format, What
from bot.rules.report.periods import Period
from bot.rules.report.refusals import NoSuchExport, NotYourExport, TooManyToExport, WhichExport
from bot.usecases.incident.visibility import viewer_of
from bot.usecases.policy import in_force
from bot.usecases.report import export_files
from bot.usecases.report.access import managers, scope
from storage.delivery import outbox
from storage.incident.incidents import Viewer
from storage.journal import journal
from storage.report import export
from storage.report.export import Wanted

T = TypeVar("T", What, Format)
SUBJECT = "export"
MOST_IN_SLACK = 20_000
"""Rows of a file that is sent; the terminal exports any number."""
MANAGERS_ALONE = (What.ACTIONS, What.FACTS)
"""They belong to no service."""


def what_named(typed: str) -> What:
    """Raises NoSuchExport, WhichExport."""
    if not typed.strip():
        raise WhichExport(names=", ".join(What))
    return _named(What, typed, "to export")


def format_named(typed: str) -> Format:
    """Raises NoSuchExport."""
    return _named(Format, typed, "as a format")


async def ask(
    tx: AsyncSession, what: What, kind: Format, period: Period, service: str | None, *, by: str, now: datetime
) -> int:
    """A file for this person, by direct message; returns its rows.

    Raises NoReports, NotYourService, NotYourExport, TooManyToExport, GuestsMayNot.
    """
    wanted = await _wanted(tx, what, period, service, by)
    rows = await export.count(tx, wanted)
    if rows > MOST_IN_SLACK:
        raise TooManyToExport(rows=rows, most=MOST_IN_SLACK, what=what)
    data: dict[str, str | int] = {
        "what": what,
        "format": kind,
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "service": service or "",
    }
    await noted(tx, what, kind, period, rows, by=by, now=now, service=service)
    key = f"{by}.{now.timestamp():.6f}"
    await outbox.put(tx, Notice(NoticeKind.EXPORT_FILE, person(by), SUBJECT, key, data), now)
    return rows


async def noted(
    tx: AsyncSession,
    what: What,
    kind: Format,
    period: Period | None,
    rows: int,
    *,
    by: str,
    now: datetime,
    service: str | None = None,
    private: bool | None = None,
) -> None:
    """Who exported what is on record."""
    data: dict[str, Datum] = {"what": what, "format": kind, "rows": rows, "service": service}
    data |= {"from": period.start.isoformat(), "to": period.end.isoformat()} if period else {}
    data |= {} if private is None else {"private": private}
    await journal.record(tx, Fact(FactKind.RECORDS_EXPORTED, SUBJECT, by, now, (await in_force(tx)).version, data))


async def sent(tx: AsyncSession, what: What, kind: Format, period: Period, service: str | None, by: str) -> bytes:
    """The file, of what this person may see when it is sent. Raises as `ask`."""
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as out:
        await write(tx, await _wanted(tx, what, period, service, by), kind, out)
        out.seek(0)
        return out.read()


async def write(
    tx: AsyncSession,
    wanted: Wanted,
    kind: Format,
    out: IO[bytes],
    *,
    bom: bool = False,
    told: Callable[[], None] = lambda: None,
) -> int:
    """Rows written; `told` is called at each."""
    file = export_files.opened(kind, out, export.headings(wanted.what), bom=bom)
    rows = 0
    async for row in export.rows(tx, wanted):
        file.write(row)
        rows += 1
        told()
    file.close()
    return rows


def of_all(what: What, period: Period | None, *, private: bool) -> Wanted:
    """For whoever has the database."""
    return Wanted(what, period, None if private else Viewer(""))


async def _wanted(tx: AsyncSession, what: What, period: Period, service: str | None, by: str) -> Wanted:
    seen = await scope(tx, by, service)
    if what in MANAGERS_ALONE and (seen.services is not None or service):
        raise NotYourExport(what=what, groups=managers((await in_force(tx)).policy))
    return Wanted(what, period, await viewer_of(tx, by), seen.services)


def _named(kinds: type[T], typed: str, use: str) -> T:
    name = typed.strip().casefold()
    found = next((one for one in kinds if one == name), None)
    if found is None:
        close = nearest(name, list(kinds))
        hint = f" Did you mean “{close}”?" if close else ""
        raise NoSuchExport(typed=typed, use=use, hint=hint, names=", ".join(kinds))
    return found
