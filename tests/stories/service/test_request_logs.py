"""What stands in the log of each request: enough to find it again by the code that a person was shown."""

import io
import json
import logging
import re

import pytest
from sqlalchemy import text

from bot import logs

pytestmark = pytest.mark.every_road


@pytest.fixture
def logged():
    """Every line since then, as JSON. The handlers of before come back."""
    root = logging.getLogger()
    before, level, stream = root.handlers, root.level, io.StringIO()
    logs.set_up("info", "json", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = before
    root.setLevel(level)


async def test_an_answer_is_one_line_with_who_asked_what_and_how_long_it_took(desk, logged):
    await desk.requester.runs("/incident list")
    (line,) = [line for line in logged() if line["logger"] == "handlers.request.app"]
    assert (
        line.items()
        >= {
            "kind": "command",
            "name": "/incident",
            "person": desk.requester.user.id,
            "outcome": "done",
            "level": "info",
        }.items()
    )
    assert line["ms"] > 0
    assert re.fullmatch(r"DB-[0-9A-F]{6}", line["request"])


async def test_the_code_that_was_shown_finds_every_line_of_the_request(desk, logged):
    async with desk.bot.database.begin() as tx:
        await tx.exec(text("ALTER TABLE incident RENAME TO elsewhere"))
    answer = await desk.requester.runs("/incident INC-1")
    (code,) = re.findall(r"DB-[0-9A-F]{6}", answer.text)
    failure, end = [line for line in logged() if line.get("request") == code]
    assert (failure["level"], failure["message"]) == ("error", "a /incident failed")
    assert "elsewhere" not in answer.text
    assert "incident" in failure["trace"]
    assert end["outcome"] == "failed"


async def test_what_a_forger_claims_to_be_is_not_put_on_record(desk_on_sqlite, logged):
    async with desk_on_sqlite.bot.session.post(
        f"{desk_on_sqlite.url}/slack/events", data={"command": "/incident", "user_id": "U123"}
    ) as answer:
        assert answer.status == 401
    (line,) = [line for line in logged() if line["logger"] == "handlers.request.app"]
    assert line["outcome"] == "unauthorised"
    assert "person" not in line
