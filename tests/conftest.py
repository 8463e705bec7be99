"""What every test may ask for."""

import gc

from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
"""How fast this machine is today decides no test: speeds are for the benchmarks."""

pytest_plugins = ["databases", "roads", "desks", "slowest"]

gc.disable()
"""Until all is imported and collected, of which next to nothing is let go again: a tenth of what that costs."""


def pytest_collection_finish() -> None:
    """What has been imported stays: the collector need not walk it again and again, as in the bot itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
