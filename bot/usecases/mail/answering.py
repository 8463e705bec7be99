"""What people without Slack are answered by e-mail: queued at a transaction's end, written when it is sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.flow import PendingOn
from bot.rules.mail.policy import Mailbox
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.notices import MAIL_LANE, Notice, NoticeKind, mail
from bot.rules.record.refs import of_subject
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import find
from storage.delivery import outbox
from storage.journal import journal
from storage.mail import threads
from storage.tables import Incident, Outbox

SAYS = {
    FactKind.INCIDENT_OPENED: "Thank you, your report is with the service desk as {ref}.",
    FactKind.INCIDENT_UPDATED: "News about {ref}:",
    FactKind.INCIDENT_PENDED: "The service desk asks about {ref}:",
    FactKind.INCIDENT_RESOLVED: "{ref} is resolved:",
    FactKind.INCIDENT_REOPENED: "Work on {ref} goes on:",
    FactKind.INCIDENT_CANCELLED: "{ref} was cancelled:",
}
_CLOSING = "You can answer this message; please leave [{ref}] in its subject."


@dataclass(frozen=True)
class Letter:
    mailbox: Mailbox
    to: str
    id: str
    answers: str | None
    subject: str
    text: str


async def tell(tx: AsyncSession) -> None:
    """Of what this transaction put on record, what a reporter outside of Slack is to hear."""
    facts = [fact for fact in journal.taken(tx) if fact.kind in SAYS and _concerns_them(fact)]
    mailboxes = (await in_force(tx)).policy.mailboxes if facts else {}
    if not mailboxes:
        return
    for fact in facts:
        thread = await threads.thread(tx, fact.subject)
        mailbox = mailboxes.get(thread.mailbox) if thread else None
        if thread is None or mailbox is None or mailbox.smtp is None:
            continue
        # Its id is known by the message that answers it.
        await threads.see(tx, _id(fact.subject, fact.kind, fact.at, mailbox), fact.subject, mailbox.address, fact.at)
        data: dict[str, str | int] = {"kind": fact.kind, "at": fact.at.isoformat()}
        key = f"{fact.kind}:{fact.at.isoformat()}"
        notice = Notice(NoticeKind.MAIL_ANSWER, mail(thread.mailbox), fact.subject, key, data)
        await outbox.put(tx, notice, fact.at)


def _concerns_them(fact: Fact) -> bool:
    return fact.kind is not FactKind.INCIDENT_PENDED or fact.data.get("on") == PendingOn.CUSTOMER


async def letter(tx: AsyncSession, row: Outbox, kind: str, at: str) -> Letter | None:
    """None where nobody is to be answered any more."""
    thread = await threads.thread(tx, row.about)
    mailbox = (await in_force(tx)).policy.mailboxes.get(row.lane.removeprefix(MAIL_LANE))
    facts = [one for one in await journal.timeline(tx, row.about) if one.kind == kind and one.at.isoformat() == at]
    if thread is None or mailbox is None or not facts:
        return None
    incident = await find(tx, Incident, of_subject(row.about))
    said = "" if kind == FactKind.INCIDENT_OPENED else facts[0].words.get("comment", "")
    parts = [SAYS[FactKind(kind)].format(ref=row.about), said, _CLOSING.format(ref=row.about)]
    return Letter(
        mailbox,
        thread.address,
        _id(row.about, kind, facts[0].at, mailbox),
        await threads.first(tx, row.about, thread.address),
        f"[{row.about}] {incident.summary}",
        "\n\n".join(filter(None, parts)) + "\n",
    )


def _id(subject: str, kind: str, at: datetime, mailbox: Mailbox) -> str:
    return f"<deskbell.{subject.casefold()}.{kind}.{at:%Y%m%d%H%M%S%f}@{mailbox.address.partition('@')[2]}>"
