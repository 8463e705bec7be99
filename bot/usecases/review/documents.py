"""The whole of a review as a document: as it stands, or as a version was published; and for whom it is written out."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.rules.review import document as model
from bot.rules.review import notices, snapshot, written_out
from bot.rules.review.document import Block, Document, Paragraph, Part, Rows
from bot.rules.review.flow import ReviewAct
from bot.rules.review.milestones import Milestone, lengths
from bot.rules.review.policy import Automatic, ReviewSection
from bot.rules.review.refusals import NoSuchVersion
from bot.rules.review.written_out import Format
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.review import access, drawing, reviews, sections
from storage.delivery import outbox
from storage.review import reviews as stored
from storage.tables import Outbox, Review, ReviewVersion
from storage.workspace import people as directory

_HEADS = {
    Automatic.TIMELINE: ("When", "What"),
    Automatic.CHANGES: ("Change", "What"),
    Automatic.ROLES: ("Role", "Who"),
    Automatic.SERVICES: ("Service", "What"),
}
NOT_WRITTEN = Paragraph(("Not written.",))
NOTHING = Paragraph(("None.",))


async def of(tx: AsyncSession, review: Review) -> Document:
    """As it stands now, with what Deskbell drew as it was frozen."""
    drawn, rows = snapshot.restored(review.drawn), await sections.of(tx, review)
    parts, blocks = list[Part](), tuple[Block, ...]()
    for one in await sections.template(tx, review):
        if one.automatic is None:
            blocks = model.written(rows[one.id].text) if one.id in rows and rows[one.id].text else (NOT_WRITTEN,)
        else:
            blocks = tuple(await _automatic(tx, review, one, drawn))
        parts.append(Part(one.id, one.title, blocks, one.automatic is not None))
    return Document(str(review.ref), review.title, await _facts(tx, review), tuple(parts))


async def version(tx: AsyncSession, review: Review, number: int | None) -> Document:
    """As it was published; without a number, the newest version, or what there is. Raises NoSuchVersion."""
    if number is None and not review.version:
        return await of(tx, review)
    found = await stored.version(tx, review.number, number or review.version)
    if found is None:
        has = f"The newest is {review.version}." if review.version else "It was not published yet."
        raise NoSuchVersion(ref=review.ref, version=number, has=has)
    return written_out.restored(found.document)


async def publish(tx: AsyncSession, review: Review, now: datetime) -> ReviewVersion:
    """The next version, kept as it is."""
    found = await of(tx, review)
    number, by = review.version + 1, review.submitted_by or review.asked_by
    before = tuple(one for one in found.facts if one[0] not in ("State", "Version"))
    facts = (*before, ("Version", f"{number}, published {now:%Y-%m-%d}"))
    kept = written_out.kept(Document(found.ref, found.title, facts, found.parts))
    row = ReviewVersion(
        review=review.number, version=number, document=kept, digest=hashlib.sha256(kept.encode()).hexdigest(),
        published_at=now, submitted_by=by,
    )  # fmt: skip
    await stored.publish(tx, row)
    return row


async def written(
    tx: AsyncSession, review: Review, as_: Format, number: int | None = None, *, named: bool = False
) -> str:
    """Written out with names for readers inside of its audience, and with roles for all others."""
    return written_out.write(await for_readers(tx, review, await version(tx, review, number), named=named), as_)


async def for_readers(tx: AsyncSession, review: Review, found: Document, *, named: bool) -> Document:
    """People as these readers may know them."""
    ids = sorted(model.people_in(found))
    known = {one.id: one.name for one in await directory.several(tx, ids)}
    if named:
        return model.told(found, {each: known.get(each, model.SOMEBODY) for each in ids})
    roles = await _roles(tx, review, ids)
    names = {roles[each]: [known[each]] for each in ids if each in known}
    desk = await directory.several(tx, await directory.members(tx, review.owner_group))
    names["a member of the desk"] = [one.name for one in desk if one.id not in ids]
    return model.without_names(model.told(found, roles), names)


async def export(tx: AsyncSession, ref: Ref, as_: Format, *, by: str, now: datetime) -> Review:
    """As a file or a canvas, where its card is shown. Raises NoSuchRecord, GuestsMayNot."""
    review = await access.may(tx, ReviewAct.EXPORT, ref, by)
    number = await stored.count_export(tx, ref.number)
    await record(tx, review, FactKind.REVIEW_EXPORTED, Deed(by, now), {"number": number, "format": as_})
    for lane in await reviews.lanes_of(tx, review):
        if lane.startswith("#"):
            await outbox.put(tx, notices.exported(str(ref), lane, number, as_), now)
    return review


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """The canvas is there: it is kept for the next export, and said where it can be read."""
    if row.kind == NoticeKind.REVIEW_EXPORT and outcome.standing is Standing.DONE and "canvas" in outcome.found:
        await stored.keep_canvas(tx, of_subject(row.about).number, outcome.found["canvas"])
        number = int(json.loads(row.data)["number"])
        await outbox.put(tx, notices.canvas(row.about, row.lane, number, outcome.found["link"]), now)


async def _facts(tx: AsyncSession, review: Review) -> tuple[tuple[str, str], ...]:
    place = await stored.place(tx, review.drawn_from)
    where = f"fact {place} of the journal" if place is not None else "the newest facts of the journal"
    at = f", {drawing.instant(review.drawn_at)}" if review.drawn_at else ""
    found = [("Review of", review.about), ("Asked for because", review.because), ("State", str(review.state))]
    found += [("Version", str(review.version))] if review.version else []
    found += [("Due", review.due_on)]
    found += [("Facilitator", f"<@{review.facilitator}>")] if review.facilitator else []
    return (*found, ("Drawn from", f"what was on record up to {where}{at}"))


async def _automatic(tx: AsyncSession, review: Review, one: ReviewSection, drawn: snapshot.Drawn) -> Sequence[Block]:
    what = Automatic(one.automatic or "")
    if what is Automatic.MILESTONES:
        return await _milestones(tx, review)
    if what is Automatic.ACTIONS:
        found = [
            (str(each.ref), each.title, f"<@{each.owner}>" if each.owner else "nobody yet",
             f"{date.fromisoformat(each.due_on):%Y-%m-%d}", str(each.state))
            for each in await sections.actions(tx, review) if review.private or not each.private
        ]  # fmt: skip
        return [Rows(("Action", "What", "Owner", "Due", "State"), tuple(found))] if found else [NOTHING]
    rows = drawn.get(what, ())
    return [Rows(_HEADS.get(what, ("", "")), tuple((first, second) for first, second in rows))] if rows else [NOTHING]


async def _milestones(tx: AsyncSession, review: Review) -> Sequence[Block]:
    known = await sections.milestones(tx, review)
    rows = [
        (str(name), drawing.instant(known[name].at), known[name].by, known[name].evidence)
        if name in known
        else (str(name), "unknown", "", "")
        for name in Milestone
    ]
    spans = Rows(("Measured", "Value"), tuple(lengths(known)))
    return [Rows(("Milestone", "When", "Set by", "Evidence"), tuple(rows)), spans]


async def _roles(tx: AsyncSession, review: Review, ids: Sequence[str]) -> dict[str, str]:
    """What each of them was: the frozen roles first, then what they are to the review; else a number."""
    found = dict[str, str]()
    for role, said in snapshot.restored(review.drawn).get(Automatic.ROLES, ()):
        for person in model.people_in(Document("", said, (), ())):
            found.setdefault(person, role.lower())
    found.setdefault(review.facilitator or "", "facilitator")
    groups = {person: await directory.groups_of(tx, person) for person in ids if person not in found}
    for person in ids:
        if person not in found:
            found[person] = "member of the desk" if review.owner_group in groups[person] else "colleague"
    taken = dict[str, int]()
    for person in ids:
        # Two who held the same role are told apart.
        role = found[person]
        taken[role] = taken.get(role, 0) + 1
        found[person] = role if taken[role] == 1 else f"{role} {taken[role]}"
    return {person: found[person] for person in ids}
