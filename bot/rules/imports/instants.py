"""Times as other tools write them, as instants: nothing is guessed that could be read in two ways."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.rules.imports.ticket import RowFault

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""Before it stand zeros that were read as times."""
MILLISECONDS_FROM = 10**11
"""A number so large counts milliseconds: as seconds it would be the year 5138."""

_MONTHS = {
    1: "jan janv ene gen january januar janvier enero gennaio januari janeiro jän jänner",
    2: "feb févr fév fev febr february februar février febrero febbraio februari fevereiro",
    3: "mar mär mrz märz mars mrt march marzo maart março",
    4: "apr avr abr april avril abril aprile",
    5: "may mai mei mag mayo maggio maio",
    6: "jun juin giu june juni junio giugno junho",
    7: "jul juil lug july juli juillet julio luglio julho",
    8: "aug août aout ago august agosto augustus",
    9: "sep sept set september septembre septiembre settembre setembro",
    10: "oct okt out ott october oktober octobre octubre ottobre outubro",
    11: "nov november novembre noviembre novembro",
    12: "dec déc dez dic december dezember décembre diciembre dicembre dezembro",
}
MONTHS = {name: month for month, names in _MONTHS.items() for name in names.split()}

_SECONDS = r"(?:[:.](?P<s>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
_CLOCK = (
    rf"(?:[T ,]+(?P<h>[0-9]{{1,2}})[:.h](?P<i>[0-9]{{2}}){_SECONDS}(?:\s*(?P<m>[AaPp])\.?[Mm]\.?)?)?"
    r"\s*(?P<z>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[A-Z]{2,5})?"
)
_YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4})[-/.](?P<mo>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})" + _CLOCK)
_NAMED = re.compile(r"(?P<d>[0-9]{1,2})[-/. ]+(?P<name>[^\W\d_]{3,10})\.?[-/., ]+(?P<y>[0-9]{4}|[0-9]{2})" + _CLOCK)
_NAME_FIRST = re.compile(r"(?P<name>[^\W\d_]{3,10})\.? (?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})" + _CLOCK)
_NUMBERS = re.compile(r"(?P<a>[0-9]{1,2})(?P<sep>[-/.])(?P<b>[0-9]{1,2})(?P=sep)(?P<y>[0-9]{4}|[0-9]{2})" + _CLOCK)


class Order(StrEnum):
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(frozen=True)
class Clock:
    """How the times of a file are read."""

    zone: ZoneInfo | None = None
    """Of times without an offset; None where nobody said."""
    order: Order | None = None
    """Of 02/03/2024; None where nobody said."""

    def read(self, said: object) -> datetime | None:
        """UTC; None for nothing. Raises RowFault."""
        try:
            return self._read(said)
        except OverflowError:
            raise RowFault(f"has “{str(said)[:40]}” for a time, which lies outside of any calendar") from None

    def _read(self, said: object) -> datetime | None:
        if said is None or isinstance(said, bool):
            return None
        if isinstance(said, int | float):
            return _checked(_counted(float(said)), str(said))
        text = re.sub(r"\s+", " ", str(said)).strip().replace("\u202f", " ").replace("\u00a0", " ")
        if not text or text in ("-", "None", "null", "NULL", "0000-00-00 00:00:00"):
            return None
        if re.fullmatch(r"[0-9]{9,13}(?:\.[0-9]+)?", text):
            return _checked(_counted(float(text)), text)
        return _checked(self._written(text), text)

    def _written(self, text: str) -> datetime:
        for shape in (_YEAR_FIRST, _NAMED, _NAME_FIRST, _NUMBERS):
            if found := shape.fullmatch(text):
                return self._placed(text, found, *self._date(text, found))
        raise RowFault(f"has “{text[:40]}” for a time, which is written in no way that is known")

    def _date(self, text: str, found: re.Match[str]) -> tuple[int, int, int]:
        parts = found.groupdict()
        year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
        if "name" in parts:
            month = MONTHS.get(parts["name"].casefold())
            if month is None:
                raise RowFault(f"has “{text[:40]}” for a time, and “{parts['name']}” is no month that is known")
            return year, month, int(parts["d"])
        if "a" not in parts:
            return year, int(parts["mo"]), int(parts["d"])
        a, b = int(parts["a"]), int(parts["b"])
        if parts["sep"] == "." or a > 12:
            return year, b, a
        if b > 12:
            return year, a, b
        if self.order is None and a != b:
            raise RowFault(
                f"has “{text[:40]}” for a time, which may be two days; say which with --day-first or --month-first"
            )
        return (year, a, b) if self.order is Order.MONTH_FIRST else (year, b, a)

    def _placed(self, text: str, found: re.Match[str], year: int, month: int, day: int) -> datetime:
        hour, minute, second = (int(found[name] or 0) for name in ("h", "i", "s"))
        if found["m"]:
            if not 1 <= hour <= 12:
                raise RowFault(f"has “{text[:40]}” for a time, and there is no such hour")
            hour = hour % 12 + (12 if found["m"] in "pP" else 0)
        try:
            naive = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - its zone follows
        except ValueError:
            raise RowFault(f"has “{text[:40]}” for a time, and there is no such day or hour") from None
        return self._zoned(text, naive, found["z"] or "")

    def _zoned(self, text: str, naive: datetime, offset: str) -> datetime:
        if offset in ("Z", "UTC", "GMT"):
            return naive.replace(tzinfo=UTC)
        if offset[:1] in ("+", "-") and offset:
            away = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
            return (naive - away if offset[0] == "+" else naive + away).replace(tzinfo=UTC)
        if offset:
            raise RowFault(
                f"has “{text[:40]}” for a time; “{offset}” is a zone in more than one country, so say --zone"
            )
        if self.zone is None:
            raise RowFault(
                f"has “{text[:40]}” for a time, without a zone; say whose time it is, like --zone Europe/Berlin"
            )
        at = naive.replace(tzinfo=self.zone).astimezone(UTC)
        if at.astimezone(self.zone).replace(tzinfo=None) != naive:
            raise RowFault(
                f"has “{text[:40]}” for a time, which the clocks of {self.zone.key} skipped; is the zone right?"
            )
        return at


def _counted(number: float) -> datetime:
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise RowFault(f"has {number:.0f} for a time, which is none") from None


def _checked(at: datetime, text: str) -> datetime:
    if at < EARLIEST:
        raise RowFault(f"has “{text[:40]}” for a time, which is before 1980")
    return at
