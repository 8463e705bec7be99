from collections.abc import AsyncIterator, Iterator

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


@pytest.fixture
async def process_pool() -> AsyncIterator[replicas.ProcessPool]:
    async with replicas.process_pool() as born:
        yield born


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as found:
        yield found
