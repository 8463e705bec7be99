"""Additional fields of a record: drawn, required and kept by one evaluation of the policy's questions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.form.additional_fields import FieldsOf
from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import Evaluated, Kept, evaluate
from bot.rules.form.questions import Known, Question, field_of
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Ref
from bot.usecases.records.visibility import sealed
from storage import record_fields
from storage.tables import RecordField


def questions_of(policy: Policy, noun: FieldsOf) -> Sequence[Question]:
    return tuple(policy.fields.get(noun, {}).values())


def known(policy: Policy) -> Known:
    return Known({key: one.name for key, one in policy.services.items()})


def filled_in(policy: Policy, noun: FieldsOf, given: Mapping[str, Answer | None]) -> Evaluated:
    asked = questions_of(policy, noun)
    return evaluate(asked, given, known(policy) if asked else Known({}))


def text(answers: Sequence[Kept]) -> str:
    """A line an answer, as search, the timeline and a revision have them."""
    return "\n".join(f"{one.asks} {one.said}" for one in answers)


def faults(filled: Evaluated) -> dict[str, str]:
    """By input of the form."""
    return {field_of(one): fault for one, fault in filled.faults.items()}


async def keep(tx: AsyncSession, ref: Ref, answers: Sequence[Kept], by: str) -> None:
    rows = [
        RecordField(
            subject=str(ref),
            key=one.id,
            place=place,
            asks=one.asks,
            type=one.type,
            answer=json.dumps(one.answer, ensure_ascii=False),
            said=one.said,
            by=by,
        )
        for place, one in enumerate(answers)
    ]
    await record_fields.add_all(tx, rows)


async def replace(tx: AsyncSession, ref: Ref, answers: Sequence[Kept], by: str) -> None:
    """What is answered now instead of what was."""
    await record_fields.drop(tx, str(ref))
    await keep(tx, ref, answers, by)


async def given(tx: AsyncSession, ref: Ref) -> dict[str, Answer | None]:
    """What a form of a record that is there begins with, by the fields' keys."""
    return {one.id: one.answer for one in await _kept(tx, ref)}


async def _kept(tx: AsyncSession, ref: Ref) -> list[Kept]:
    rows = await record_fields.of(tx, str(ref))
    found = [Kept(one.key, one.asks, one.type, _answer(json.loads(one.answer)), one.said) for one in rows]
    # Sealed again: what was public as it was answered may be private since.
    return await sealed(tx, found)


def _answer(kept: str | list[str]) -> Answer:
    return tuple(kept) if isinstance(kept, list) else kept


async def of(tx: AsyncSession, ref: Ref) -> list[dict[str, Any]]:
    """As they are drawn: the question's words, its type, the answer, and how a sentence says it."""
    return [
        {"asks": one.asks, "type": one.type, "answer": one.answer, "said": one.said} for one in await _kept(tx, ref)
    ]
