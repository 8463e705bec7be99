"""What is done to a record while its approval is asked for: votes are on what approvers saw, and stay possible."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from cast import Desk, open_desk

from bot.rules.policy.policy import parse
from bot.rules.record.refs import ABOUT, Noun, Ref, of_subject
from bot.rules.review.refusals import ReviewFixed
from bot.usecases.approvables import APPROVABLES
from bot.usecases.policy import adopt
from bot.usecases.review import approval as review_approval
from bot.usecases.review import sections
from handlers import nouns
from storage.approval import approvals as stored
from storage.db.database import Database

EXCEPTIONS = """
[registers.exception]
title = "Exceptions"
prefix = "EXC"
manager = "change-managers"
stages = ["asked for", "granted"]

[registers.exception.moves]
"asked for" = { after = ["granted"] }
granted = { after = ["asked for"], who = ["service-desk"], approval = "documents" }
"""
DONE = {
    "assign": "@engineer",
    "note": "Seen",
    "update": "Nearly there",
    "share": "@outsider",
    "action": "@engineer 2026-04-12 Look",
}
"""Verbs that any record may have, with words."""


async def change(desk: Desk) -> None:
    await desk.asks_for_change()


async def draft(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        await adopt(tx, parse('[reviews]\npriorities = ["P1"]\n'), by="deskbell", now=desk.clock.now())
    await desk.reports()
    await desk.agent.runs("/incident take INC-1")
    await desk.agent.runs("/incident resolve INC-1 Restarted the gateway")
    for section in ("what-happened", "causes", "went-well"):
        await desk.agent.runs(f"/review write REV-1 {section} The gateway was out of memory")


async def review(desk: Desk) -> None:
    await draft(desk)
    await desk.agent.runs("/review submit REV-1")


async def document(desk: Desk) -> None:
    await desk.agent.runs("/document new Incident process")
    assert not await desk.agent.submits({"What it is": "Process", "Clauses": "8.1"})
    await desk.settles()
    await desk.agent.runs("/document submit DOC-1 All of it")


async def request(desk: Desk) -> None:
    await desk.approver.runs("/request joiner")
    joiner = {"Who begins?": "A colleague", "First day": "2026-04-01", "Which one?": "Linux"}
    assert not await desk.approver.submits(joiner | {"For somebody else": ["requester"]})


async def proposal(desk: Desk) -> None:
    await desk.agent.runs("/desk policy propose")
    await desk.agent.clicks("A target")
    assert not await desk.agent.submits(
        {"For which priority?": "P1", "Answered within": "10m", "Resolved within": "2h", "Why": "The night shift asks"}
    )


async def entry(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        await adopt(tx, parse(EXCEPTIONS), by="deskbell", now=desk.clock.now())
    await desk.agent.runs("/register add exception No badge at the side door")
    assert not await desk.agent.submits({})
    await desk.agent.runs("/register move REG-1 granted The door has a guard")


ASKED: dict[Noun, Callable[[Desk], Awaitable[None]]] = {
    Noun.CHANGE: change,
    Noun.REQUEST: request,
    Noun.REVIEW: review,
    Noun.DOCUMENT: document,
    Noun.POLICY: proposal,
    Noun.ENTRY: entry,
}


async def voted_on(database: Database) -> list[str]:
    """What is asked about now, in the revision that it stands at."""
    async with database.read() as tx:
        asked = {of_subject(one.subject): one.revision for one in await stored.standing(tx)}
        return [str(ref) for ref, at in asked.items() if (await APPROVABLES[ref.noun].find(tx, ref)).revision == at]


def test_every_noun_that_is_put_to_approval_is_looked_at() -> None:
    assert set(ASKED) == set(APPROVABLES)


@pytest.mark.parametrize("noun", ASKED)
async def test_what_is_done_meanwhile_leaves_the_vote_on_the_record_as_it_stands(
    desk_on_sqlite: Desk, noun: Noun
) -> None:
    desk, ref = desk_on_sqlite, f"{noun}-1"
    await ASKED[noun](desk)
    await desk.settles()
    assert await voted_on(desk.bot.database) == [ref]
    typed = [one.verb for one in nouns.kinds()[noun].all if one.verb in DONE] if noun in nouns.kinds() else []
    for verb in typed:
        for person in (desk.agent, desk.manager):
            await person.runs(f"/{ABOUT[noun]} {verb} {ref} {DONE[verb]}")
            assert await voted_on(desk.bot.database) == [ref], verb
    desk.slack.change_person("engineer", deleted=True)
    await desk.settles()
    assert await voted_on(desk.bot.database) == [ref], "who had it has left"


@pytest.mark.postgres
async def test_words_that_come_as_it_is_put_to_review_are_refused(postgres_url: str) -> None:
    """The form was opened before; nobody votes on what was written after."""
    async with open_desk(postgres_url) as desk:
        await draft(desk)
        database, by, now = desk.bot.database, desk.agent.id, desk.clock.now()

        async def late() -> None:
            async with database.begin() as tx:
                await sections.write(tx, Ref(Noun.REVIEW, 1), "causes", "Nothing at all", 1, by=by, now=now)

        async with database.begin() as tx:
            await review_approval.submit(tx, Ref(Noun.REVIEW, 1), by=by, now=now)
            writing = asyncio.create_task(late())
            await asyncio.wait({writing}, timeout=1)
        with pytest.raises(ReviewFixed):
            await writing
