"""PostgreSQL ends the transaction of a process that says nothing for long: its person presses again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from cast import Desk, open_desk
from sqlalchemy import event, make_url

from bot import app

END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = %s"


@contextmanager
def ended_before(desk: Desk, statement: str) -> Iterator[list[str]]:
    """The transaction that is about to say this has been ended; the statements before which one was."""
    address = make_url(desk.bot.database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    engine, ended = desk.bot.database._writer.sync_engine, list[str]()

    def end(_connection: Any, _cursor: Any, said: str, *_: Any) -> None:
        if said.startswith(statement) and not ended:
            ended.append(said)
            with psycopg.connect(address, autocommit=True) as other:
                other.execute(END, ["idle in transaction"])

    event.listen(engine, "before_cursor_execute", end)
    yield ended
    event.remove(engine, "before_cursor_execute", end)


@pytest.mark.postgres
async def test_a_form_whose_transaction_was_ended_stays_open_and_is_saved_once(postgres_url: str) -> None:
    async with open_desk(postgres_url) as desk:
        requester = desk.requester
        await requester.runs("/incident VPN is down")
        with ended_before(desk, "INSERT INTO incident") as ended:
            faults = await requester.submits({"Service": "VPN", "Impact": "Just me", "Urgency": "Low"})
        assert ended
        assert "nothing was saved. Please try again" in " ".join(faults.values())
        assert not await requester.submit()
        assert requester.modal is None
        await desk.settles()
        listed = (await requester.runs("/incident list")).text
        assert "Open incidents (1)" in listed, listed
        assert len([one for one in desk.agent.messages("service-desk") if "VPN is down" in one.text]) == 1


@pytest.mark.postgres
async def test_a_start_whose_transaction_was_ended_goes_on_and_the_desk_gets_ready(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app, "RETRY_SECONDS", 0)
    async with open_desk(postgres_url) as desk:
        with ended_before(desk, "SELECT membership.person") as ended:
            await app._until_prepared(desk.bot)
        assert ended
        assert "The database does not let the desk be set up" in caplog.text
        assert not await desk.bot.readiness()
