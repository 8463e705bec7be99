"""Approvals know records by what a noun hands in: a toy without a row of its own is asked, voted on and decided."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from cast import MONDAY
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import ChangedSince, NotAnApprover, NothingToDecide, OnlyRequesterAnswers
from bot.rules.approval.voting import Decision, Vote
from bot.rules.policy.policy import parse
from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import AlreadyDone, Refusal
from bot.usecases import policy as desk_policy
from bot.usecases.approval import approvals, asking, delegation
from bot.usecases.approval.approvable import Approvable, Subject
from storage.approval import approvals as stored
from storage.approval import questions
from storage.db.columns import ERASED
from storage.db.database import Database
from storage.journal import erase, journal
from storage.tables import Person
from storage.workspace import people

TOY = Ref(Noun.STANDARD, 7)
SEEN = RecordVersion(TOY, 1)
ASKER, A, B, OUTSIDER = "U1", "U2", "U3", "U4"
RULES = '[approvals.normal]\nstages = ["2 of change-approvers"]\none_rejection = true'


class OwnToy(Refusal):
    """You made {ref}."""


async def find(_tx: AsyncSession, ref: Ref, *, hold: bool = False) -> Subject:
    return Subject(ref, 1, "A toy", ASKER, {ASKER: OwnToy}, MONDAY + timedelta(days=1))


FACTS = {Decision.APPROVED: FactKind.TEMPLATE_APPROVED, Decision.REJECTED: FactKind.TEMPLATE_RETIRED}
"""Stand-ins for what the toy would call it."""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """With a toy that waits for two approvals."""
    opened = Database(database_url)
    async with opened.begin() as tx:
        await desk_policy.adopt(tx, parse(RULES), by="U9", now=MONDAY)
        for one in (ASKER, A, B, OUTSIDER):
            await people.upsert(tx, Person(id=one, name=one, seen_at=MONDAY))
        await people.set_members(tx, "change-approvers", [ASKER, A, B])
        await asking.ask(tx, plain(), await find(tx, TOY), "normal", by=ASKER, now=MONDAY)
    yield opened
    await opened.close()


def plain() -> Approvable:
    return Approvable(find, FACTS)


async def vote(
    tx: AsyncSession, noun: Approvable, by: str, how: Vote = Vote.APPROVE, seen: RecordVersion = SEEN
) -> None:
    await approvals.vote(tx, noun, seen, how, "Because", by=by, now=MONDAY)


async def waits_for(database: Database, who: str) -> list[tuple[str, str | None]]:
    async with database.read() as tx:
        return [(one.case.subject, one.instead_of) for one in await delegation.waiting(tx, who, MONDAY, SEEN.ref.noun)]


async def test_it_waits_for_those_who_are_asked_and_is_decided_by_their_votes(database: Database) -> None:
    came: list[Decision] = []

    async def decided(_tx: AsyncSession, _subject: Subject, decision: Decision, _now: object) -> None:
        came.append(decision)

    noun = Approvable(find, FACTS, decided=decided)
    assert await waits_for(database, A) == [("STD-7", None)]
    assert await waits_for(database, ASKER) == await waits_for(database, OUTSIDER) == []
    async with database.begin() as tx:
        await vote(tx, noun, A)
    assert (await waits_for(database, A), came) == ([], [])
    async with database.begin() as tx:
        await vote(tx, noun, B, Vote.CONDITION)
    assert (await waits_for(database, B), came) == ([], [Decision.APPROVED])
    async with database.read() as tx:
        case = await stored.case(tx, "STD-7", 1)
        kinds = [one.kind for one in await journal.timeline(tx, "STD-7")]
    assert case is not None
    assert (case.state, case.decision, case.decided_by) == ("decided", "approved", B)
    assert kinds.count(FactKind.TEMPLATE_APPROVED) == 1


async def test_no_is_said_in_the_nouns_words_and_names_its_command(database: Database) -> None:
    async with database.begin() as tx:
        with pytest.raises(OwnToy, match="You made STD-7"):
            await vote(tx, plain(), ASKER)
        with pytest.raises(NotAnApprover, match="`/change STD-7` shows"):
            await vote(tx, plain(), OUTSIDER)
        with pytest.raises(ChangedSince, match="what it asks for"):
            await vote(tx, plain(), A, seen=RecordVersion(TOY, 4))
        with pytest.raises(NothingToDecide, match="STD-8 does not wait for approval"):
            await vote(tx, plain(), A, seen=RecordVersion(Ref(Noun.STANDARD, 8), 1))
        await vote(tx, plain(), A, Vote.REJECT)
        with pytest.raises(AlreadyDone, match="STD-7 was already rejected by U2"):
            await vote(tx, plain(), B)


@pytest.mark.parametrize("how", Vote)
async def test_nobody_votes_on_what_stands_at_another_revision_than_they_are_asked_about(
    database: Database, how: Vote
) -> None:
    """Whatever raised it: nobody was asked about that."""

    async def raised(tx: AsyncSession, ref: Ref, *, hold: bool = False) -> Subject:
        return replace(await find(tx, ref, hold=hold), revision=2)

    async with database.begin() as tx:
        with pytest.raises(NothingToDecide):
            await vote(tx, Approvable(raised, FACTS), A, how)


async def test_a_stand_in_is_asked_and_a_barred_one_is_not(database: Database) -> None:
    async with database.begin() as tx:
        for owner, to in ((A, OUTSIDER), (B, ASKER)):
            await delegation.delegate(tx, to, MONDAY, MONDAY + timedelta(days=2), by=owner, now=MONDAY)
    assert await waits_for(database, OUTSIDER) == [("STD-7", A)]
    assert await waits_for(database, ASKER) == []


async def test_a_vote_is_taken_back_and_counts_no_more(database: Database) -> None:
    async with database.begin() as tx:
        await vote(tx, plain(), A)
        await vote(tx, plain(), B)
        await approvals.withdraw(tx, plain(), TOY, by=B, now=MONDAY)
    assert await waits_for(database, B) == [("STD-7", None)]
    async with database.read() as tx:
        case = await stored.case(tx, "STD-7", 1)
    assert case is not None
    assert (case.state, case.decision, case.decided_by) == ("open", None, None)


async def test_questions_are_its_requesters_to_answer_and_every_word_can_be_erased(database: Database) -> None:
    async with database.begin() as tx:
        await delegation.question(tx, plain(), SEEN, "SECRET?", by=A, now=MONDAY)
        with pytest.raises(OnlyRequesterAnswers):
            await delegation.answer(tx, plain(), SEEN, "No", by=B, now=MONDAY)
        await delegation.answer(tx, plain(), SEEN, "Yes", by=ASKER, now=MONDAY)
        await approvals.vote(tx, plain(), SEEN, Vote.REJECT, "SECRET", by=A, now=MONDAY)
    async with database.begin() as tx:
        assert await erase.texts_of(tx, A) == 3
    async with database.read() as tx:
        [asked] = await questions.of(tx, "STD-7")
        case = await stored.case(tx, "STD-7", 1)
        seats = (await stored.asked(tx, "STD-7", 1)).seats
    assert (asked.question, asked.answer) == (ERASED, "Yes")
    assert case is not None
    assert case.comment is None
    assert all(one.comment is None for one in seats)
