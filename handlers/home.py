"""App Home, and `/desk`: where a person looks first."""

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.rules import notices
from handlers import answers, changes, incidents
from handlers.commands import Asked, Listener, Table, Verb, anything
from handlers.ids import Command, Event
from handlers.turn import Turn
from handlers.views import help_screen
from storage import outbox


async def opened(ack: AsyncAck, event: dict[str, Any], turn: Turn) -> None:
    """The tab is drawn by the courier, fresh."""
    if event.get("tab", "home") == "home":
        async with turn.begin() as tx:
            await outbox.put(tx, notices.home(turn.person), turn.now)
    await ack()


async def show_everything(asked: Asked) -> None:
    await answers.say(asked.ack, help_screen.of(TABLES))


COMMANDS = Table(Command.DESK, "Deskbell", [Verb("", "every command on one screen", show_everything, anything)])
TABLES = (incidents.COMMANDS, changes.COMMANDS, COMMANDS)
EVENTS: dict[str, Listener] = {Event.APP_HOME_OPENED: opened}
