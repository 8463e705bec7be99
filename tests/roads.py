"""The roads of a story: how Slack reaches the bot, and where the bot keeps things. A pytest plugin."""

from typing import Any
from zlib import crc32

import pytest

POSTGRES = pytest.mark.postgres
PAIRS = (
    [
        pytest.param(("http", "sqlite"), id="http-sqlite"),
        pytest.param(("socket", "postgres"), id="socket-postgres", marks=POSTGRES),
    ],
    [
        pytest.param(("socket", "sqlite"), id="socket-sqlite"),
        pytest.param(("http", "postgres"), id="http-postgres", marks=POSTGRES),
    ],
)
"""Each pair has both transports and both databases: first SQLite."""
ON_POSTGRES = 12
"""Of as many stories to which the road makes no difference one goes the road with PostgreSQL, where it costs two and a
half times the processor: with four instead these stories were a tenth of a run. What only PostgreSQL does is found by
the stories that are marked and by the tests of the storage, which have both databases, and by CI, where every story
has both."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-road", action="store_true", help="run stories on both databases, those marked so on all")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "desk" in metafunc.fixturenames and "road" in metafunc.fixturenames:
        from databases import postgres_is_here  # Not in the process that hands out the tests: see conftest.py.

        marked = metafunc.definition.get_closest_marker("every_road") is not None
        asked = metafunc.config.option
        sqlite_alone = asked.quick or not postgres_is_here()
        metafunc.parametrize(
            "road", roads_of(metafunc.function.__name__, marked, asked.every_road, sqlite_alone), indirect=True
        )


def roads_of(story: str, marked: bool, every: bool, sqlite_alone: bool) -> list[Any]:
    """Choose the roads of a story, always the same: its name says which.

    A story that is marked `every_road` is about Slack's transport or the database, and goes a pair of roads. To any
    other the road makes no difference, and it goes one of the four, SQLite more often. With `every`, in CI, the first
    go all four and the others a pair.
    """
    chosen = crc32(story.encode())
    pair = PAIRS[chosen % len(PAIRS)]
    if sqlite_alone:
        return pair[:1]
    if every:
        return [road for each in PAIRS for road in each] if marked else pair
    with_sqlite, with_postgres = pair
    if marked:
        return pair
    return [with_postgres if chosen // len(PAIRS) % ON_POSTGRES == 0 else with_sqlite]
