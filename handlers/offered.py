"""What one person is answered offers what that person can do: a button that would be refused is left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import RecordVersion
from bot.rules.record.refusals import Refusal
from handlers import nouns
from handlers.blocks.kit import Block
from handlers.records.actions import Action
from handlers.records.kinds import Kind
from handlers.request.context import RequestContext

_BY_BUTTON = nouns.by_button()
_BESIDE = nouns.gathered(lambda noun: noun.pressed_by)


async def to(tx: AsyncSession, blocks: Sequence[Block], turn: RequestContext) -> list[Block]:
    """Blocks without the buttons that this person may not press, and without a row that has none left."""
    shown = []
    for block in blocks:
        if block.get("type") != "actions":
            shown.append(block)
        elif left := [one for one in block["elements"] if await _is_offered(tx, one, turn)]:
            shown.append({**block, "elements": left})
    return shown


def has_any(blocks: Any) -> bool:
    """Whether one of the buttons is not for everybody."""
    rows = [one["elements"] for one in blocks or () if one.get("type") == "actions"]
    ids = {button.get("action_id") for row in rows for button in row}
    return not ids.isdisjoint(_BY_BUTTON) or not ids.isdisjoint(_BESIDE)


async def _is_offered(tx: AsyncSession, button: Mapping[str, Any], turn: RequestContext) -> bool:
    pressed, value = str(button.get("action_id")), str(button.get("value"))
    known: tuple[Kind, Action] | None = _BY_BUTTON.get(pressed)
    try:
        if known is not None:
            kind, action = known
            await kind.may(tx, action, RecordVersion.parse(value, kind.noun), turn)
        elif pressed in _BESIDE:
            await _BESIDE[pressed](tx, value, turn)
    except Refusal:
        return False
    return True
