"""What an e-mail does: it reports an incident, or says more about one. A program's does nothing, and nothing twice."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration.service_guess import UNSURE
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.mail.messages import Mail, Unreadable, read, signed
from bot.rules.mail.policy import Mailbox
from bot.rules.record import text as record_text
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.refs import Ref, of_subject
from bot.usecases import people
from bot.usecases.incident import incidents
from bot.usecases.incident.incidents import Report
from bot.usecases.incident.visibility import concerned, shown_to
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed, kind_of
from bot.usecases.records.record import record
from storage import own_process
from storage.db.database import Database
from storage.mail import threads
from storage.own_process import Bound
from storage.tables import Incident, Person
from storage.workspace import people as directory

READING = Bound(seconds=10, mebibytes=own_process.FOREIGN.mebibytes)
"""One of 10 MiB takes a second, and other messages wait for it."""
SHORT = 2000
"""Bytes of a message that is read at once, which takes 40 ms at most whatever stands in it. Python's readers of headers
and of HTML take the square of what they read: of 40,000 bytes of HTML that nothing closes, 17 s."""
HOUR = timedelta(hours=1)
PART_MOST = 600
"""Characters of a subject, and of the names of what was attached."""
TOO_LONG = "It goes on in the mailbox."


class Came(StrEnum):
    """What came of a message."""

    REPORTED = "reported"
    ADDED = "added"
    AGAIN = "seen before"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Outcome:
    came: Came
    ref: Ref | None = None
    because: str = ""


async def take_in(
    database: Database, key: str, mailbox: Mailbox, content: bytes, now: Callable[[], datetime], bound: Bound = READING
) -> Outcome:
    """What a message does that anybody may have sent: it is understood before the transaction."""
    try:
        mail = await understood(mailbox, content, bound)
    except Unreadable as fault:
        return unreadable(fault)
    async with database.begin() as tx:
        return await receive(tx, key, mailbox, mail, now())


def unreadable(fault: Unreadable) -> Outcome:
    return Outcome(Came.UNREADABLE, because=str(fault))


async def understood(mailbox: Mailbox, content: bytes, bound: Bound = READING) -> Mail:
    """Raises Unreadable."""
    made = f"{hashlib.sha256(content).hexdigest()[:32]}@deskbell"
    call = partial(read, content, made, mailbox.address)
    if len(content) <= SHORT:
        return call()
    try:
        return await own_process.run(call, read.__module__, bound)
    except own_process.PastBound as fault:
        raise Unreadable(str(fault)) from None


async def receive(tx: AsyncSession, key: str, mailbox: Mailbox, mail: Mail, now: datetime) -> Outcome:
    member = await _member(tx, mail.address)
    if mail.program:
        return Outcome(Came.IGNORED, because=mail.program)
    if member is None and not mailbox.lets_in(mail.address):
        return Outcome(Came.IGNORED, because="its sender is not among those who may report")
    if await threads.since(tx, mail.address, now - HOUR) >= mailbox.most_an_hour:
        return Outcome(Came.IGNORED, because=f"more than {mailbox.most_an_hour} messages of one address in an hour")
    ref = await _answers(tx, mail, member)
    if not await threads.see(tx, mail.id, str(ref) if ref else None, mail.address, now):
        return Outcome(Came.AGAIN)
    if ref is not None:
        await _add(tx, ref, mail, member, now)
        return Outcome(Came.ADDED, ref)
    incident = await _report(tx, mailbox, mail, member, now)
    await threads.about_now(tx, mail.id, str(incident.ref))
    if member is None:
        await threads.begin(tx, str(incident.ref), key, mail.address)
    return Outcome(Came.REPORTED, incident.ref)


async def _member(tx: AsyncSession, address: str) -> Person | None:
    """By the address that Slack has, of those who may be served."""
    found = next((one for one in await directory.everybody(tx) if (one.email or "") == address), None)
    return found if found is not None and await people.served(tx, [found.id]) else None


async def _answers(tx: AsyncSession, mail: Mail, member: Person | None) -> Ref | None:
    """The incident of its thread, or of the number in its subject: only for whom it concerns, since both are easily
    made up."""
    for subject in [*await threads.about(tx, mail.thread), *([mail.ref] if mail.ref else [])]:
        thread = await threads.thread(tx, subject)
        if thread is not None and thread.address == mail.address:
            return of_subject(subject)
        if member is not None and await _concerns(tx, of_subject(subject), member.id):
            return of_subject(subject)
    return None


async def _concerns(tx: AsyncSession, ref: Ref, person: str) -> bool:
    try:
        return person in await concerned(tx, await shown_to(tx, ref, person))
    except Exception:  # noqa: BLE001 - a number that is made up leads nowhere
        return False


async def _report(tx: AsyncSession, mailbox: Mailbox, mail: Mail, member: Person | None, now: datetime) -> Incident:
    services = (await in_force(tx)).policy.services
    service = mailbox.service if mailbox.service in services else UNSURE
    summary, whole = record_text.headed(mail.subject or record_text.first_sentence(mail.text) or "No subject")
    description = _described(mail, member, whole if mail.subject else "")
    told = Report(summary, description, service or UNSURE, Impact.LOW, Urgency.MEDIUM)
    return await incidents.log(tx, told, by=member.id if member else SYSTEM, now=now)


def _described(mail: Mail, member: Person | None, subject: str = "") -> str:
    """`subject` is what the summary had no room for. Who wrote it and what was attached is said however long it is."""
    from_ = [] if member else [signed(mail)]
    names = [f"Attached there, and not kept: {', '.join(mail.attachments)}."] if mail.attachments else []
    head, tail = record_text.shorten(subject, PART_MOST), [record_text.shorten(one, PART_MOST) for one in names]
    room = record_text.WORDS_MOST - sum(len(one) + 2 for one in (head, *from_, *tail, TOO_LONG))
    body = mail.text if len(mail.text) <= room else f"{record_text.shorten(mail.text, room)}\n\n{TOO_LONG}"
    return record_text.shorten("\n\n".join(filter(None, [head, body, *from_, *tail])), record_text.WORDS_MOST)


async def _add(tx: AsyncSession, ref: Ref, mail: Mail, member: Person | None, now: datetime) -> None:
    """As who writes in its thread in Slack; what waited for their answer goes on."""
    incident = await shown_to(tx, ref, SYSTEM)
    deed = Deed(member.id if member else SYSTEM, now)
    words = _described(mail, member)
    await record(tx, incident, FactKind.INCIDENT_INFORMED, deed, {"by_mail": True}, {"comment": words})
    heard = kind_of(ref.noun).heard
    if heard is not None:
        await heard(tx, incident, deed)
