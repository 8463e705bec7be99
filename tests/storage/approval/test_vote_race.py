"""Fifty approvers click at the same instant, on several connections of their own."""

import asyncio
from datetime import timedelta

import pytest
from records import NOON, doors

from bot.rules.approval.voting import Vote
from bot.rules.change.flow import ChangeType
from bot.rules.policy.policy import parse
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.usecases import policy as desk_policy
from bot.usecases.approval import approvals
from bot.usecases.change import changes
from bot.usecases.change.approval import CHANGE
from bot.usecases.change.changes import Request
from storage.approval import approvals as stored
from storage.change import changes as stored_changes
from storage.db.database import Database
from storage.journal import journal
from storage.tables import Person
from storage.workspace import people

CROWD = [f"U{number:03}" for number in range(50)]
SEEN = RecordVersion(Ref(Noun.CHANGE, 1), 1)


async def ask(database: Database, rules: str) -> None:
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(rules), by="U999", now=NOON)
        for one in (*CROWD, "U999"):
            await people.upsert(tx, Person(id=one, name=one, tz="UTC", seen_at=NOON))
        await people.set_members(tx, "cab", CROWD)
        window = (NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        request = Request("Upgrade", ChangeType.NORMAL, "vpn", "Support ends", "Upgrade", "Back", *window, "U999")
        await changes.submit(tx, request, by="U999", now=NOON)


async def click(database: Database, by: str, vote: Vote) -> str:
    try:
        async with database.begin() as tx:
            await approvals.vote(tx, CHANGE, SEEN, vote, "No", by=by, now=NOON)
    except Refusal as refused:
        return refused.sentence
    return "counted"


@pytest.mark.slow
@pytest.mark.parametrize(("stage", "counts"), [("any of cab", 1), ("7 of cab", 7), ("all of cab", 50)])
async def test_fifty_clicks_make_one_decision_and_every_other_is_answered(database_url, stage, counts):
    databases = doors(database_url)
    await ask(databases[0], f'[approvals.normal]\nstages = ["{stage}"]\none_rejection = false')
    heard = await asyncio.gather(
        *(click(databases[n % len(databases)], by, Vote.APPROVE) for n, by in enumerate(CROWD))
    )
    async with databases[0].read() as tx:
        change = await stored_changes.get(tx, 1)
        facts = [one.kind for one in await journal.timeline(tx, "CHG-1")]
        votes = [one for one in (await stored.asked(tx, "CHG-1", 1)).seats if one.vote]
    assert change.state == "scheduled"
    assert facts.count("change_approved") == 1
    assert len(votes) == heard.count("counted") == facts.count("approval_voted") == counts
    assert all("CHG-1 was already approved by" in one for one in heard if one != "counted")
    await asyncio.gather(*(one.close() for one in databases))


async def test_approvals_and_rejections_at_once_make_one_decision(database_url):
    databases = doors(database_url)
    await ask(databases[0], '[approvals.normal]\nstages = ["any of cab"]\none_rejection = true')
    votes = [Vote.REJECT if n % 2 else Vote.APPROVE for n in range(len(CROWD))]
    heard = await asyncio.gather(*(click(databases[n % len(databases)], by, votes[n]) for n, by in enumerate(CROWD)))
    async with databases[0].read() as tx:
        change = await stored_changes.get(tx, 1)
        facts = [one.kind for one in await journal.timeline(tx, "CHG-1")]
    assert heard.count("counted") == 1
    assert facts.count("change_approved") + facts.count("change_rejected") == 1
    assert change.state == ("scheduled" if "change_approved" in facts else "draft")
    await asyncio.gather(*(one.close() for one in databases))
