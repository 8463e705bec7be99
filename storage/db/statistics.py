"""Keeps the database's statistics of its tables, so that it chooses the right index."""

from sqlmodel import text
from sqlmodel.ext.asyncio.session import AsyncSession


async def optimize(tx: AsyncSession) -> None:
    """Have SQLite look again at tables that grew; PostgreSQL does it by itself. Reads a few rows of each index."""
    if tx.get_bind().dialect.name == "sqlite":
        for pragma in ("analysis_limit=400", "optimize=0x10002"):
            await tx.exec(text(f"PRAGMA {pragma}"))  # type: ignore[call-overload]
