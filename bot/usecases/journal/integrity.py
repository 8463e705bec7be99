"""The record for an auditor: facts are sealed, the whole is vouched for by checkpoints, a person's words are erased."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.journal.checkpoints import Checkpoint
from bot.rules.record import notices
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.notices import Notice, NoticeKind
from bot.usecases.policy import in_force
from storage.delivery import outbox
from storage.journal import checkpoints, journal
from storage.journal import erase as journal_erase

SUBJECT = "journal"

KEPT_AT_ONCE = 1000

Sign = Callable[[Checkpoint], Checkpoint]


@dataclass(frozen=True)
class Erased:
    """What of a person is gone."""

    facts: int
    """Facts that lost their words."""
    texts: int
    """Comments, questions, answers and lines of timelines that were emptied."""
    known: bool
    """Whether the directory had a name for them."""
    messages: int = 0
    """E-mails of theirs that were remembered by their address."""


async def seal(tx: AsyncSession, now: datetime, sign: Sign, limit: int) -> int:
    """Seals what waits, makes the checkpoint that is due, and has the audit channel told once a while."""
    sealed = await journal.seal(tx, limit)
    if await checkpoints.make(tx, now, sign):
        audit = (await in_force(tx)).policy.audit
        channel = (await in_force(tx)).policy.channel(audit.channel)
        period = int(now.timestamp() // audit.tell_every.total_seconds())
        await outbox.put(tx, Notice(NoticeKind.AUDIT_DIGEST, notices.channel(channel), SUBJECT, str(period)), now)
    return sealed


async def unkept(tx: AsyncSession, last: Checkpoint | None) -> list[Checkpoint]:
    """The next checkpoints for a file whose last one is given."""
    return await checkpoints.since(tx, last.size if last else 0, KEPT_AT_ONCE)


async def contradictions(tx: AsyncSession, kept: Checkpoint | None) -> list[str]:
    """Where the database denies the last checkpoint that was kept outside it; empty where it does not."""
    newest = await checkpoints.newest(tx)
    if kept is None:
        return []
    if newest is None or newest.size < kept.size:
        has = newest.size if newest else 0
        told = f"The journal's last checkpoint counts {has} facts, and the one on file {kept.size}"
        return [f"{told}: facts were cut off, or an older database was restored. `deskbell audit verify` says more."]
    same = await checkpoints.at(tx, kept.size)
    if same is None or same.root != kept.root:
        return [f"The checkpoint at fact {kept.size} is not the one on file. `deskbell audit verify` says more."]
    return []


async def erase(tx: AsyncSession, person: str, *, by: str, now: datetime) -> Erased:
    """Forgets what a person typed and their name. Their Slack id stays in the facts, as a pseudonym.

    Summaries and plans of records stay: they are the desk's own documents, and can be edited.
    """
    version = (await in_force(tx)).version
    told = Fact(FactKind.WORDS_ERASED, SUBJECT, by, now, version, {"person": person})
    facts = await journal.erase(tx, await journal_erase.facts_of(tx, person), told)
    texts = await journal_erase.texts_of(tx, person)
    return Erased(facts, texts, await journal_erase.name_of(tx, person))
