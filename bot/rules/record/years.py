"""The years that Deskbell computes, so that days and offsets around a date exist too."""

from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2199


def day_of(text: str) -> date:
    """An ISO date within these years. Raises ValueError."""
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"“{text}” is none of the years from {FIRST_YEAR} to {LAST_YEAR}")
    return day
