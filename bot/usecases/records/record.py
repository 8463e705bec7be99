"""Putting what was done on record: the fact, what follows from it, and what has to be drawn again."""

from collections.abc import Iterable, Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record import text as record_text
from bot.rules.record.facts import Datum, Fact, FactKind, is_person
from bot.rules.record.notices import home
from bot.rules.record.refusals import FormRefused
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed, kind_of, reactions_to
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import Record

__all__ = ["Deed", "record", "required", "revision"]


async def record(
    tx: AsyncSession,
    one: Record,
    kind: FactKind,
    deed: Deed,
    data: Mapping[str, Datum] | None = None,
    typed: Mapping[str, str | None] | None = None,
) -> None:
    """The fact, at the record's present revision; then its reactions; then everything about it is drawn again."""
    said = {key: text for key, text in (typed or {}).items() if text}
    kept: dict[str, Datum] = {**revision(one), **(data or {})}
    fact = Fact(kind, str(one.ref), deed.by, deed.now, (await in_force(tx)).version, kept, said)
    await journal.record(tx, fact)
    for react in reactions_to(kind):
        await react(tx, one, fact)
    await outbox.redraw(tx, fact.subject, deed.now)
    await outbox.put_all(tx, [home(person) for person in _homes(one, deed.by)], deed.now)


def required(field: str, name: str, text: str, most: int = record_text.WORDS_MOST) -> str:
    """What was typed, cleaned. Raises FormRefused for nothing, or for too much."""
    cleaned = record_text.clean(text)
    if faults := record_text.faults({field: (name, cleaned, most)}):
        raise FormRefused(faults)
    return cleaned


def _homes(one: Record, by: str) -> Iterable[str]:
    """Whose Home shows it; and theirs who did it, for whom it may wait no more."""
    kind = kind_of(one.noun)
    did = [by] if kind.waits and is_person(by) else []
    return dict.fromkeys([*filter(None, kind.homes(one)), *did])


def revision(one: Record) -> dict[str, Datum]:
    """What a fact says of it; of nouns that count none, nothing."""
    counted = getattr(one, "revision", None)
    return {} if counted is None else {"revision": counted}
