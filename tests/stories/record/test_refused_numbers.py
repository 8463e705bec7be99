"""What is refused uses no number up: on PostgreSQL, whose sequences take none back, it is taken last."""

from collections.abc import Awaitable, Callable

import pytest
from cast import open_desk

from bot.sandbox.person.people import Person


async def board_without_items(manager: Person) -> None:
    assert "Nothing waits" in (await manager.runs("/change cab")).text


async def window_in_the_past(manager: Person) -> None:
    await manager.runs("/change freeze Year-end closing")
    assert await manager.submits({"To": "2020-01-01 10:00"})
    await manager.closes()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("refused", "counted"),
    [
        (board_without_items, "SELECT is_called FROM number_cab"),
        (window_in_the_past, "SELECT is_called FROM number_win"),
    ],
)
async def test_what_is_refused_uses_no_number_up(
    postgres_url: str, refused: Callable[[Person], Awaitable[None]], counted: str
) -> None:
    async with open_desk(postgres_url) as desk:
        await refused(desk.manager)
        async with desk.bot.database.read() as tx:
            connection = await tx.connection()
            taken = (await connection.exec_driver_sql(counted)).scalar_one()
        assert not taken
