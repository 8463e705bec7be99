from collections.abc import Iterator

import pytest
import replicas
from cluster import Cluster, cluster


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes is run where it is asked for: `-m long`."""
    if "long" in (config.option.markexpr or ""):
        return
    left_out = [one for one in items if one.get_closest_marker("long") is not None]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [one for one in items if one.get_closest_marker("long") is None]


@pytest.fixture(scope="session")
def process_pool() -> Iterator[replicas.ProcessPool]:
    """One for all: to import the bot takes three seconds of processor."""
    with replicas.process_pool() as born:
        yield born


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as found:
        yield found
