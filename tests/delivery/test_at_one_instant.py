"""A message is drawn while the card that it names is posted by another replica."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from delivery_fixture import CARD, NOON, until
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery.deliveries import Delivery, Post, Redraw
from bot.delivery.prepare import Preparer
from bot.rules.record.notices import Notice
from handlers.blocks.kit import Message
from storage.db.database import Database
from storage.delivery import lanes, outbox
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


class Drawing:
    """A replica that draws the first row that is due, while another does something once."""

    def __init__(self, url: str, meanwhile: Callable[[AsyncSession], Awaitable[None]]) -> None:
        self.here, self.other = Database(url), Database(url)
        self.drawn = 0
        self._meanwhile = meanwhile
        self._preparer = Preparer(self._draw, timedelta(0), timedelta(0), self._report)

    async def _draw(self, _tx: AsyncSession, _row: Outbox) -> Message:
        self.drawn += 1
        if self.drawn == 1:
            await asyncio.create_task(self._written())  # would wait for ever for whoever draws
        return Message(f"drawn {self.drawn}", [])

    async def _written(self) -> None:
        async with self.other.begin() as tx:
            await self._meanwhile(tx)

    async def _report(self, *_: object) -> None:
        raise AssertionError("nothing is given up")

    async def prepares(self) -> Delivery | None:
        async with asyncio.timeout(60), self.here.begin() as tx:
            lease = await lanes.lease(tx, NOON, "one", 30)
            return None if lease is None else await self._preparer.prepare(tx, lease, NOON)

    async def states(self) -> list[str]:
        async with self.here.read() as tx:
            return list(await tx.exec(select(Outbox.state).order_by(col(Outbox.id))))

    async def ends(self) -> None:
        await self.here.close()
        await self.other.close()


async def nothing(_tx: AsyncSession) -> None:
    """For a draw that nobody meddles with."""


async def stands(database: Database) -> None:
    """A card that was posted."""
    async with database.begin() as tx:
        await outbox.put(tx, Notice(CARD, "@U1", "INC-1"), NOON)
    async with database.begin() as tx:
        card = (await tx.exec(select(Outbox))).one()
        await outbox.settle(tx, card, "sent", slack_channel="C1", slack_ts="1.0")


async def again(tx: AsyncSession) -> None:
    await outbox.redraw(tx, "INC-1", NOON)


@pytest.mark.postgres
async def test_who_has_a_message_drawn_again_waits_for_no_drawing_and_is_drawn(postgres_url: str) -> None:
    drawing = Drawing(postgres_url, again)
    await stands(drawing.other)
    async with drawing.other.begin() as tx:
        await again(tx)
    assert await drawing.prepares() is None, "it was asked for while it was drawn"
    assert await drawing.states() == ["sent", "ready"]
    found = await drawing.prepares()
    assert isinstance(found, Redraw)
    assert found.message.text == "drawn 2"
    assert await drawing.states() == ["sent", "sending"]
    await drawing.ends()


@pytest.mark.postgres
@pytest.mark.parametrize(("meanwhile", "left"), [(nothing, "bundled"), (again, "ready")])
async def test_a_message_covers_a_redraw_that_waits_but_for_one_that_is_asked_for_anew_while_it_is_drawn(
    postgres_url: str, meanwhile: Callable[[AsyncSession], Awaitable[None]], left: str
) -> None:
    drawing = Drawing(postgres_url, meanwhile)
    async with drawing.other.begin() as tx:
        await outbox.put(tx, Notice(CARD, "@U1", "INC-1"), NOON)
    async with drawing.other.begin() as tx:
        await again(tx)
    assert isinstance(await drawing.prepares(), Post)
    assert await drawing.states() == ["sending", left]
    await drawing.ends()


@pytest.mark.postgres
async def test_a_card_that_lands_while_a_message_is_drawn_has_it_drawn_once_more(postgres_url: str) -> None:
    async def lands(tx: AsyncSession) -> None:
        card = (await tx.exec(select(Outbox).where(Outbox.lane == "#service-desk"))).one()
        await outbox.settle(tx, card, "sent", slack_channel="C1", slack_ts="1.0")
        await outbox.link(tx, card, NOON)

    drawing = Drawing(postgres_url, lands)
    await queued(drawing.other)
    async with drawing.other.begin() as tx:  # the card's lane is held by who sends it
        assert (await lanes.lease(tx, NOON, "two", 30)) is not None
    assert await drawing.prepares() is None
    assert isinstance(await drawing.prepares(), Post)
    assert await drawing.states() == ["sent", "sending"]
    await drawing.ends()


@pytest.mark.postgres
async def test_what_is_withdrawn_while_it_is_drawn_is_not_sent(postgres_url: str) -> None:
    async def withdrawn(tx: AsyncSession) -> None:
        await outbox.withdraw(tx, "@U1")

    drawing = Drawing(postgres_url, withdrawn)
    async with drawing.other.begin() as tx:
        await outbox.put(tx, Notice(CARD, "@U1", "INC-1"), NOON)
    assert await drawing.prepares() is None
    assert await drawing.prepares() is None
    assert await drawing.states() == ["bundled"]
    await drawing.ends()
