"""Public holidays, from the `holidays` library."""

import re
import warnings
from datetime import date
from functools import cache

from bot.rules.time.local_time import ImpossibleHours

_COUNTRY = re.compile(r"[A-Z]{2,3}")


@cache
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """A year's public holidays with their substitute days, by ISO 3166 codes ("GB", "ENG"). Raises ImpossibleHours.

    A few dates may lie in the years next to it. None are known for years the library has no data for (past 2100).
    """
    import holidays  # 60 ms: only a calendar that names a country pays for them

    if not _COUNTRY.fullmatch(country):
        raise ImpossibleHours(f"“{country}” is not a country code; they look like GB")
    try:
        with warnings.catch_warnings():
            # It warns of years beyond its data for a country. A calendar compiles whole years about what it is asked.
            warnings.simplefilter("ignore", UserWarning)
            return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError as unknown:
        name = f"{country}-{subdivision}" if subdivision else country
        raise ImpossibleHours(f"no public holidays are known for “{name}”") from unknown
