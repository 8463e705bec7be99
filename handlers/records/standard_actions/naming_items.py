"""Saying which configuration items a record is about, on a record of any noun."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import RecordVersion
from bot.usecases.configuration_item import naming
from handlers.blocks import kit
from handlers.ids import Field
from handlers.records.actions import Action
from handlers.records.fields import Ask
from handlers.records.form_values import Filled


async def _name(tx: AsyncSession, about: Any, items: tuple[str, ...], *, by: str, now: datetime) -> Any:
    return await naming.name(tx, about.ref if isinstance(about, RecordVersion) else about, items, by=by, now=now)


ITEMS = Ask(
    Field.CI_ITEMS,
    "Configuration items",
    lambda *_: kit.multi_search(),
    Filled.choices,
    lambda said: (tuple(filter(None, (one.strip() for one in said.words.split(";")))), ""),
    "items",
    "What it is about: begin to type a name",
)
NAME_ITEMS = Action("items", _name, "say which configuration items it is about", "is about them now.", (ITEMS,),
                    "Items…", RecordAct.LINK, "Items of", "Name")  # fmt: skip
