"""A message is drawn while the card that it names is posted by another replica."""

import asyncio

import pytest
from delivery_fixture import CARD, NOON, until
from sqlalchemy import text
from sqlmodel import col, select

from bot.rules.record.notices import Notice
from storage.db.database import Database
from storage.delivery import outbox
from storage.sql import run
from storage.tables import Outbox

WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


async def queued(database: Database) -> tuple[Outbox, Outbox]:
    """A card of a channel that is on its way, and a message to a person behind it."""
    async with database.begin() as tx:
        await outbox.put_all(tx, [Notice(CARD, "#service-desk", "INC-1"), Notice(CARD, "@U1", "INC-1")], NOON)
    async with database.begin() as tx:
        card, message = (await tx.exec(select(Outbox).order_by(col(Outbox.id)))).all()
        assert await outbox.begin_sending(tx, card, NOON)
    return card, message


async def waits(database: Database) -> bool:
    async with database.read() as tx:
        return bool((await run(tx, WAITS)).scalar_one())


async def drawn_again(database: Database) -> list[int | None]:
    async with database.read() as tx:
        return list(await tx.exec(select(Outbox.redraws).where(Outbox.verb == "redraw")))


@pytest.mark.postgres
async def test_what_is_being_drawn_as_its_card_lands_is_drawn_again(postgres_url: str) -> None:
    drawing, landing, watching = doors = [Database(postgres_url) for _ in range(3)]
    card, message = await queued(drawing)

    async def lands() -> None:
        async with landing.begin() as tx:
            await outbox.settle(tx, card, "sent", slack_channel="C1", slack_ts="1.0")
            await outbox.link(tx, card, NOON)

    async with drawing.begin() as tx:
        assert await outbox.begin_sending(tx, message, NOON)
        landed = asyncio.create_task(lands())
        await until(lambda: landed.done() or asyncio.create_task(waits(watching)))
        assert landed.done(), "it waits for the drawing"
    assert await drawn_again(watching) == [message.id]
    await asyncio.gather(*(one.close() for one in doors))


@pytest.mark.postgres
async def test_what_would_be_drawn_as_its_card_lands_waits_for_it(postgres_url: str) -> None:
    drawing, landing, watching = doors = [Database(postgres_url) for _ in range(3)]
    card, message = await queued(drawing)
    seen: list[str] = []

    async def draws() -> None:
        async with drawing.begin() as tx:
            assert await outbox.begin_sending(tx, message, NOON)
            seen.extend(await tx.exec(select(Outbox.state).where(Outbox.id == card.id)))

    async with landing.begin() as tx:
        await outbox.settle(tx, card, "sent", slack_channel="C1", slack_ts="1.0")
        await outbox.link(tx, card, NOON)
        drawn = asyncio.create_task(draws())
        await until(lambda: drawn.done() or asyncio.create_task(waits(watching)))
    await drawn
    assert seen == ["sent"]
    assert await drawn_again(watching) == []
    await asyncio.gather(*(one.close() for one in doors))
