"""A story's desk comes to rest, whoever else writes into the database or beside it on its server."""

import cast
import pytest
from cast import Desk


async def test_a_desk_comes_to_rest_beside_others_who_write_all_the_time(
    desk_on_sqlite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a PostgreSQL server that other workers use, its last write is never the same twice."""

    async def written(_database: object) -> object:
        return object()

    monkeypatch.setattr(cast, "last_write", written)
    await desk_on_sqlite.reports()
    assert await desk_on_sqlite.channel("service-desk").count("INC-1") == 1
