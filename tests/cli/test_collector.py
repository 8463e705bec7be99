"""While a command is imported the collector is off, and on again before it does anything."""

import gc
import sys
from types import ModuleType

import pytest

from bot.cli.collector import uncollected


@pytest.fixture(autouse=True)
def collecting():
    before = gc.isenabled()
    gc.enable()
    yield
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # again all that the tests have imported
    (gc.enable if before else gc.disable)()


def test_the_collector_rests_while_something_is_imported():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_imported_is_not_looked_at_again(monkeypatch):
    before = gc.get_freeze_count()
    with uncollected():
        monkeypatch.setitem(sys.modules, "imported", ModuleType("imported"))
        kept = [[] for _ in range(1000)]
    assert gc.get_freeze_count() >= before + len(kept)


def test_where_nothing_was_imported_all_can_be_let_go():
    before = gc.get_freeze_count()
    with uncollected():
        kept = [[] for _ in range(1000)]
    assert gc.get_freeze_count() <= before
    assert all(gc.is_tracked(one) for one in kept)


def test_the_collector_goes_on_where_an_import_fails():
    with pytest.raises(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()


def test_whoever_had_it_off_has_it_off():
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()
