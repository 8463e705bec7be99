"""Finding a record, who may see it, and who works on it."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.diagram import UNNAMED
from bot.rules.form.evaluation import Kept
from bot.rules.form.questions import items
from bot.rules.record.refs import COMMAND, RecordVersion, Ref, is_subject, of_subject
from bot.rules.record.refusals import FormRefused, NoSuchRecord, Refusal, Stale
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records.declared import kind_of
from storage import records
from storage.tables import Record
from storage.workspace import people as directory

R = TypeVar("R", bound=Record)


async def find(tx: AsyncSession, table: type[R], ref: Ref, *, hold: bool = False) -> R:
    """No access check: use it for drawing and for Deskbell's own work only. Raises NoSuchRecord.

    `hold` locks it until the transaction ends.
    """
    found = await (records.held if hold else records.get)(tx, table, ref.number)
    if found is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return found


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> Any:
    """The record, if this person may see it. Raises NoSuchRecord, also for one that is hidden from them."""
    return await kind_of(ref.noun).shown_to(tx, ref, by)


async def sees(tx: AsyncSession, ref: Ref, by: str) -> bool:
    """Whatever the refusal is: of some nouns who may not look is told that they may not."""
    try:
        return await shown_to(tx, ref, by) is not None
    except Refusal:
        return False


async def require_seen_by(tx: AsyncSession, who: str, ref: Ref) -> None:
    """Whoever is given something reads it: raises FormRefused, to whoever gives it, where it is hidden from them."""
    if await sees(tx, ref, who):
        return
    choose = "Choose somebody who may."
    if kind_of(ref.noun).share:
        choose = f"Let them see it first: `/{COMMAND[ref.noun].split()[0]} share {ref} @person`."
    raise FormRefused({"person": f"{await people.name(tx, who)} may not see {ref}. {choose}"})


async def require_seen_in(tx: AsyncSession, group: str | None, ref: Ref) -> None:
    """The same of a group: raises FormRefused where nobody in it may see the record, as nobody would take it up."""
    if group is None:
        return
    members = await directory.members(tx, group)
    if members and not any([await sees(tx, ref, one) for one in members]):
        title = (await in_force(tx)).policy.group(group).title
        raise FormRefused({"group": f"Nobody in {title} may see {ref}. Choose another group, or a person who may."})


async def named(tx: AsyncSession, about: Record, others: Iterable[str], readers: Collection[str]) -> set[str]:
    """Those of the references that a text about this record may name: what each of its readers may see.

    A public record names nothing private, since its text is passed on. Without readers, all who read the channel of
    its card do: a private one's is read by the group that sees what is private.
    """
    kind, found = kind_of(about.noun), set[str]()
    refs = {of_subject(other) for other in others if is_subject(other)}
    hidden = set() if kind.private(about) else await private_ones(tx, refs)
    for ref in refs - hidden:
        if all([await sees(tx, ref, one) for one in readers]):
            found.add(str(ref))
    return found


async def as_read(tx: AsyncSession, one: R, reader: str | None) -> R:
    """The record as this reader may read it, or all in the channel of its card: without the numbers of others that
    are hidden from them, and with its form sealed. What is returned is for drawing alone."""
    return (await all_as_read(tx, [one], reader))[0]


async def all_as_read(tx: AsyncSession, found: Sequence[R], reader: str | None) -> list[R]:
    return [await _without_hidden(tx, one, reader) for one in await _with_sealed_forms(tx, found)]


async def _without_hidden(tx: AsyncSession, one: R, reader: str | None) -> R:
    kind = kind_of(one.noun)
    if reader is None or not kind.private(one):
        return one
    held = {name: getattr(one, name) for name in kind.refers if getattr(one, name) is not None}
    refs = {name: value if isinstance(value, str) else str(Ref(one.noun, value)) for name, value in held.items()}
    shown = await named(tx, one, refs.values(), [reader])
    hidden = {name: None for name, ref in refs.items() if ref not in shown}
    return type(one)(**one.model_dump() | hidden) if hidden else one


async def _with_sealed_forms(tx: AsyncSession, found: Sequence[R]) -> list[R]:
    """Sealed anew: what was public as it was answered may be private since. A statement, however many they are."""
    before = [_form_of(one) for one in found]
    flat = iter(await sealed(tx, [said for form in before for said in form]))
    after = [[next(flat) for _ in form] for form in before]
    return [
        one if now == then else type(one)(**one.model_dump() | {kind_of(one.noun).form: written(now)})
        for one, then, now in zip(found, before, after, strict=True)
    ]


def _form_of(one: Record) -> list[Kept]:
    """Nothing once it was erased."""
    form = kind_of(one.noun).form
    text = str(getattr(one, form)) if form else ""
    return [Kept(**said) for said in json.loads(text)] if text.startswith("[") else []


def written(answers: Iterable[Kept]) -> str:
    """As the column of a form has them."""
    return json.dumps([asdict(one) for one in answers], ensure_ascii=False)


async def sealed(tx: AsyncSession, answers: Sequence[Kept]) -> list[Kept]:
    """Answers without the names of private items: more people read a record than may see those. Links name them."""
    refs = [next(map(of_subject, items([(one.type, one.answer)])), None) for one in answers]
    private = await private_ones(tx, {ref for ref in refs if ref is not None})
    return [
        replace(one, answer=f"{ref} {UNNAMED}", said=UNNAMED) if ref in private else one
        for one, ref in zip(answers, refs, strict=True)
    ]


async def private_ones(tx: AsyncSession, refs: Collection[Ref]) -> set[Ref]:
    """A statement a noun, however many they are."""
    private = set[Ref]()
    for noun in sorted({ref.noun for ref in refs}):
        kind, numbers = kind_of(noun), sorted(ref.number for ref in refs if ref.noun is noun)
        if kind.hides:
            private |= {one.ref for one in await records.numbered(tx, kind.table, numbers) if kind.private(one)}
    return private


async def unchanged(tx: AsyncSession, seen: RecordVersion, by: str) -> None:
    """Locks the record; raises Stale where it has changed since it was seen, and NoSuchRecord."""
    kind = kind_of(seen.ref.noun)
    await records.hold(tx, kind.table, seen.ref.number)
    if (await shown_to(tx, seen.ref, by)).revision != seen.revision:
        raise Stale(ref=seen.ref)


async def works_on(tx: AsyncSession, record: Record, by: str) -> bool:
    return await kind_of(record.noun).works_on(tx, record, by)


async def require_worker(tx: AsyncSession, record: Record, by: str, act: str) -> None:
    """Raises the noun's own refusal unless this person works on the record; `act` completes “can …”."""
    kind = kind_of(record.noun)
    if not await kind.works_on(tx, record, by) and kind.refusal is not None:
        raise await kind.refusal(tx, record, act.format(ref=record.ref))
