"""Database addresses as people write them, and the drivers they mean."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url

_DRIVERS = {"sqlite": ("sqlite+aiosqlite", "sqlite"), "postgresql": ("postgresql+psycopg", "postgresql+psycopg")}


class UnfitAddress(ValueError):
    """The database's address cannot be used; the message says why."""


def async_url(url: str) -> URL:
    """Raises UnfitAddress."""
    parsed = make_url(url)
    return parsed.set(drivername=_drivers(parsed)[0])


def sync_url(url: URL) -> URL:
    """Raises UnfitAddress."""
    return url.set(drivername=_drivers(url)[1])


def is_there(url: str) -> bool:
    """Whether there is a database to look into: to open a SQLite file that is not there would make it."""
    address = make_url(url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def _drivers(url: URL) -> tuple[str, str]:
    backend = url.get_backend_name()
    if backend not in _DRIVERS:
        raise UnfitAddress(f"Deskbell runs on SQLite and PostgreSQL, not on {backend}.")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise UnfitAddress("Deskbell needs a SQLite file, as in sqlite:///deskbell.db: memory forgets.")
    return _DRIVERS[backend]
