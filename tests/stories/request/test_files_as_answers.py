"""A question for a file: Slack's own input, read and digested when the form is sent, and linked on the card."""

import hashlib
from dataclasses import replace

import pytest
from cast import Desk

from bot.rules.policy.policy import PolicyFaults, parse
from bot.usecases import policy as desk_policy

ASKS = """
[requests.licence]
title = "A licence"
service = "laptops"
[[requests.licence.questions]]
id = "quote"
asks = "The quote?"
type = "file"
required = true
most = 2
"""


async def test_a_file_is_kept_with_its_digest_and_linked(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(ASKS), by="operator", now=desk.clock.now())
    requester = desk.requester
    await requester.runs("/request licence")
    assert "The quote?" in str(await requester.submits({}))
    quotes = [("quote.pdf", "x" * 100), ("terms <draft>.txt", "y")]
    assert not await requester.submits({"The quote?": quotes})
    await desk.channel("service-desk").hears("REQ-1", "quote.pdf (100 bytes)", "terms <draft>.txt (1 bytes)")
    shown = (await desk.agent.runs("/request timeline REQ-1")).text
    assert hashlib.sha256(b"x" * 100).hexdigest() in shown


async def test_what_slack_does_not_hand_over_is_said_at_its_question(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(ASKS), by="operator", now=desk.clock.now())
    await desk.requester.runs("/request licence")
    installed = desk.slack.manifest
    desk.slack.manifest = replace(installed, scopes=installed.scopes - {"files:read"})
    assert "files:read" in str(await desk.requester.submits({"The quote?": ("quote.pdf", "x")}))
    assert desk.requester.modal is not None


@pytest.mark.parametrize("where", ["fields.change.plan", "registers.risk.questions"])
def test_a_form_that_is_edited_cannot_ask_for_a_file(where: str) -> None:
    head = f"[[{where}]]\nid = 'plan'" if where.startswith("registers") else f"[{where}]"
    with pytest.raises(PolicyFaults) as refused:
        parse(f"{head}\nasks = 'The plan?'\ntype = 'file'\n")
    assert "a form that is edited cannot ask for a file" in str(refused.value)
