"""The policy file is one of the documents: approved, read, and overtaken once another policy is in force."""

from cast import Desk

from bot.rules.policy.policy import parse
from bot.rules.record.refs import Noun, Ref
from bot.usecases.document import access
from bot.usecases.policy import adopt

SHORTER = '[targets.P1]\nresponse = "10m"\nresolution = "4h"\n'


async def test_a_policy_file_is_overtaken_by_the_next_policy(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/document new Our rules")
    assert not await desk.agent.submits({"What it is": "Policy file"})
    await desk.settles()
    assert "for clause" in (await desk.agent.runs("/document DOC-1")).text
    await desk.agent.clicks("Read")
    assert "Version 1, SHA-256" in desk.agent.modal.text
    assert "[targets.P1]" in desk.agent.modal.text
    await desk.agent.closes()
    assert "is put to review" in (await desk.agent.runs("/document submit DOC-1 All of it")).text
    await desk.settles()
    await desk.manager.runs("/document approve DOC-1")
    assert not await desk.manager.submits({})
    await desk.settles()
    assert "in force" in (await desk.agent.runs("/document DOC-1")).text
    async with desk.bot.database.begin() as tx:
        await adopt(
            tx, parse('[targets.P1]\nresponse = "10m"\nresolution = "4h"\n'), by="deskbell", now=desk.clock.now()
        )
    await desk.settles()
    await desk.dm(desk.agent).hears("DOC-1", "version 2 of the policy is in force, which it does not show")
    assert "DOC-1" in (await desk.agent.runs("/document list late")).text
    await desk.agent.runs("/document revise DOC-1 The promise is shorter")
    async with desk.bot.database.read() as tx:
        draft = (await access.find(tx, Ref(Noun.DOCUMENT, 1))).text
    assert "Version 2, SHA-256" in draft
    assert 'response = "10m"' in draft
