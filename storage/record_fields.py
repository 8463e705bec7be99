"""Questions about what was answered to additional fields of records."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, literal
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun
from storage.sql import containing
from storage.tables import RecordField

_OF = select(RecordField).where(col(RecordField.subject) == bindparam("subject")).order_by(col(RecordField.place))


def said(noun: Noun, number: Any, word: str) -> ColumnElement[bool]:
    """Whether an answer of the record with this number has a word in it."""
    subject = literal(f"{noun}-").concat(cast(col(number), String))
    answers = select(RecordField.key).where(RecordField.subject == subject, containing(RecordField.said, word))
    return answers.exists()


async def add_all(tx: AsyncSession, fields: Sequence[RecordField]) -> None:
    tx.add_all(fields)
    await tx.flush()


async def drop(tx: AsyncSession, subject: str) -> None:
    """Before what is answered now is added."""
    await tx.exec(delete(RecordField).where(col(RecordField.subject) == subject))


async def of(tx: AsyncSession, subject: str) -> list[RecordField]:
    """In the order of the form."""
    return list(await tx.exec(_OF, params={"subject": subject}))
