"""What every test may ask for."""

import gc
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
"""How fast this machine is today decides no test: speeds are for the benchmarks."""

pytest_plugins = ["databases", "desks", "slowest"]

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
"""How Slack reaches the bot, and where the bot keeps things. Each pair has both transports and both databases."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-road", action="store_true", help="run stories marked so on all four roads, not on two")


gc.disable()
"""Until all is imported and collected, of which next to nothing is let go again: a tenth of what that costs."""


def pytest_collection_finish() -> None:
    """What has been imported stays: the collector need not walk it again and again, as in the bot itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A story goes one of the two pairs of roads, always the same: about half of them go each.

    Those marked `every_road`, which are about Slack's transport or the database, go both with --every-road.
    """
    if "desk" in metafunc.fixturenames and "road" in metafunc.fixturenames:
        every = metafunc.config.getoption("--every-road") and metafunc.definition.get_closest_marker("every_road")
        pair = PAIRS[crc32(metafunc.function.__name__.encode()) % len(PAIRS)]
        metafunc.parametrize("road", [road for each in PAIRS for road in each] if every else pair, indirect=True)
