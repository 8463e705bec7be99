from datetime import UTC, datetime, timedelta, timezone

import pytest
from records import NOON
from sqlalchemy.exc import StatementError
from sqlmodel import select

from storage import timers
from storage.db.columns import NaiveMoment
from storage.delivery import inbox
from storage.tables import Inbox, Timer


async def kept(database, moment):
    async with database.begin() as tx:
        await inbox.first_time(tx, "key", moment)
    async with database.read() as tx:
        return (await tx.exec(select(Inbox.at))).one()


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
async def test_a_moment_comes_back_to_the_microsecond(database, moment):
    assert await kept(database, moment) == moment


async def test_a_moment_of_any_zone_comes_back_in_utc(database):
    back = await kept(database, NOON.astimezone(timezone(timedelta(hours=5, minutes=45))))
    assert (back, back.tzinfo) == (NOON, UTC)


async def test_a_moment_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="no time zone") as refused:
        await kept(database, datetime(2026, 3, 2, 12))  # noqa: DTZ001
    assert isinstance(refused.value.orig, NaiveMoment)


async def test_moments_sort_by_time_whatever_zone_they_were_given_in(database):
    zones = [timezone(timedelta(hours=hours)) for hours in (-11, 0, 13)]
    async with database.begin() as tx:
        for minutes in (30, 10, 20):
            at = NOON + timedelta(minutes=minutes)
            await timers.schedule(tx, f"INC-{minutes}", "response", "75", at.astimezone(zones[minutes % 3]))
        due = await timers.due(tx, NOON + timedelta(minutes=20), 10)
        assert [timer.subject for timer in due] == ["INC-10", "INC-20"]
        assert (
            await tx.exec(select(Timer).where(Timer.due_at > NOON + timedelta(minutes=20)))
        ).one().subject == "INC-30"
