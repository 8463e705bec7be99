"""“@Deskbell log …”, and any other words of a mention that are no command: a button opens the form with them."""

import json
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Ref
from bot.rules.record.text import one_line, shorten
from bot.usecases.incident import incidents
from bot.usecases.records.declared import kind_of
from bot.usecases.records.visibility import find
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.ids import Action
from handlers.incident.views import updates
from storage.request import requests

LOG = ("log", "report", "incident")
"""Words before a summary that are no part of it."""
CARRIED_MOST = 900
"""Characters of a mention that a button carries to the form: its value holds 2,000, and JSON may double them."""


async def meant(tx: AsyncSession, here: Ref | None, by: str, *, is_alone: bool) -> Ref | None:
    """The record that plain words of somebody whom it concerns, and who does not work on it, belong to.

    That whose thread it is; of words to the app alone, the one incident or request that waits for their answer.
    """
    if here is not None:
        kind = kind_of(here.noun)
        one = await find(tx, kind.table, here)
        return here if await kind.speaks(tx, one, by) and not await kind.works_on(tx, one, by) else None
    waiting = [*await incidents.waiting_for(tx, by), *await requests.to_answer(tx, by)] if is_alone else []
    return waiting[0].ref if len(waiting) == 1 else None


def offer(event: dict[str, Any], typed: str) -> Message:
    """A button that opens the form, since a mention cannot."""
    summary = _summary(typed)
    return Message("Log an incident?", updates.log_here(summary, _carried(event, summary)))


def log_here(event: dict[str, Any], typed: str) -> Block:
    """The same button beside another question."""
    return kit.button(Action.LOG_HERE, "No, report it", _carried(event, _summary(typed)))


def _summary(typed: str) -> str:
    first, _, rest = typed.partition(" ")
    return one_line(rest if rest.strip() and first.lower() in LOG else typed)


def _carried(event: dict[str, Any], summary: str) -> str:
    kept = shorten(summary, CARRIED_MOST)
    value = {"channel": event["channel"], "thread_ts": event.get("thread_ts") or event["ts"], "summary": kept}
    return json.dumps(value, ensure_ascii=False)
