"""*Undo a link*, of any record; and several references in one field."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import RecordVersion, Ref
from bot.rules.record.refusals import FormRefused, UnknownReference
from bot.usecases.records import links
from handlers.blocks import kit
from handlers.ids import Field
from handlers.records.actions import Action
from handlers.records.fields import Ask, Reference, Words
from handlers.records.form_values import Filled
from handlers.records.typed_values import Said, next_word, reference

REFERENCES_MOST = 300


async def unlink(tx: AsyncSession, about: Any, other: Ref, why: str, *, by: str, now: datetime) -> Any:
    return await links.unlink(tx, about.ref if isinstance(about, RecordVersion) else about, other, why, by=by, now=now)


def first_reference(said: Said) -> tuple[Ref, str]:
    """The next word, and what stands behind it."""
    word, rest = next_word(said.words)
    return reference(word, None), rest


def References(field: Field, label: str, hint: str) -> Ask:  # noqa: N802
    """Other records, of any noun; typed, all that is left. Raises UnknownReference."""

    def read(filled: Filled, of: Field) -> list[Ref]:
        try:
            return references(filled.text(of))
        except UnknownReference as refused:
            raise FormRefused({of: refused.sentence}) from None

    return Ask(
        field, label, lambda _, value: kit.text_input(value or "", most=REFERENCES_MOST), read,
        lambda said: (references(said.words), ""), "INC-n …", hint,
    )  # fmt: skip


def references(typed: str) -> list[Ref]:
    return [reference(one, None) for one in re.split(r"[\s,;]+", typed.strip()) if one] or [reference(typed, None)]


UNLINK = Action(
    "unlink", unlink, "undo a link, with a reason", "has that link no more.", (
        replace(Reference(Field.OTHER, "Another record", "Like INC-12 or CHG-3", "INC-n"), parse=first_reference),
        Words(Field.COMMENT, "Reason", "It stays on record, with who undid it", "reason"),
    ), "Undo a link…", RecordAct.UNLINK, "Unlink", "Unlink",
)  # fmt: skip
