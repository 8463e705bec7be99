"""What every test may ask for."""

import gc

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
"""How fast this machine is today decides no test: speeds are for the benchmarks."""

pytest_plugins = ["quick", "roads", "slowest"]
pytest.register_assert_rewrite("browsing", "databases", "desks")
"""Plugins too, which a folder's conftest may import before they are made known: then pytest would refuse them."""


def pytest_configure(config: pytest.Config) -> None:
    """Import the bot and the databases, but not in the process that hands out the tests: its workers wait for it."""
    if hasattr(config, "workerinput") or not config.getoption("tx", None):
        for name in ("databases", "desks"):
            config.pluginmanager.import_plugin(name)


gc.disable()
"""Until all is imported and collected, of which next to nothing is let go again: a tenth of what that costs."""


def pytest_collection_finish() -> None:
    """What has been imported stays: the collector need not walk it again and again, as in the bot itself. Nor once to
    find the tenth that could go, for half a second."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
