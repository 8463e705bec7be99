"""App Home, and `/desk`: where a person looks first."""

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.rules import notices
from handlers import changes, incidents, sla
from handlers.commands import Listener, Table
from handlers.ids import Command, Event
from handlers.turn import Turn
from handlers.views import help_screen
from handlers.views.kit import Message
from storage import outbox


async def opened(ack: AsyncAck, event: dict[str, Any], turn: Turn) -> None:
    """The tab is drawn by the courier, fresh."""
    if event.get("tab", "home") == "home":
        async with turn.begin() as tx:
            await outbox.put(tx, notices.home(turn.person), turn.now)
    await ack()


def everything() -> Message:
    return help_screen.of(TABLES)


TABLES = (incidents.COMMANDS, changes.COMMANDS, sla.COMMANDS, Table(Command.DESK, "All of it", [], everything))
EVENTS: dict[str, Listener] = {Event.APP_HOME_OPENED: opened}
