"""`deskbell outbox`: what an operator sees of what Slack has not heard, and may do about it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlmodel import select, update

from bot import cli
from bot.rules.policy.policy import default_text, parse
from bot.rules.record.notices import Notice, NoticeKind
from bot.settings import Settings
from storage import policy_versions
from storage.db.database import Database
from storage.db.queued import written
from storage.delivery import outbox, outbox_admin
from storage.journal import journal
from storage.tables import Lane, Outbox

NOW = datetime.now(UTC)
BREACH, CARD, NUDGE = NoticeKind.SLA_BREACH, NoticeKind.INCIDENT_CARD, NoticeKind.MAJOR_NUDGE


@pytest.fixture
def deskbell(monkeypatch, database_url, tmp_path, capsys):
    """Runs `deskbell outbox …` on a database: its exit code, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            cli.main(["outbox", *map(str, arguments)])
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run


@pytest.fixture
def within(database_url):
    """Does something in a transaction of its own."""

    def run(act):
        async def whole():
            database = Database(database_url)
            try:
                async with database.begin() as tx:
                    return await act(tx)
            finally:
                await database.close()

        return asyncio.run(whole())

    return run


@pytest.fixture
def message(within):
    """Puts a message that stands as said; its number."""
    keys = count()

    def put(state="ready", lane="#service-desk", kind=BREACH, **values):
        async def act(tx):
            await policy_versions.adopt(tx, parse(default_text()).text, NOW)
            put_at = datetime.now(UTC) - timedelta(minutes=90)  # NOW is when this file was collected
            await outbox.put(tx, Notice(kind, lane, "INC-1", str(next(keys))), put_at)
            await written(tx)
            row = (await tx.exec(select(Outbox).order_by(Outbox.id.desc()))).first()
            await tx.exec(update(Outbox).where(Outbox.id == row.id).values(state=state, **values))
            return row.id

        return within(act)

    return put


@pytest.fixture
def state(within):
    def of(number):
        async def act(tx):
            row = await outbox.get(tx, number)
            return row and row.state

        return within(act)

    return of


def test_with_nothing_to_tell_it_says_so(deskbell):
    assert deskbell() == (0, "Nothing waits, and nothing was given up.\n", "")


def test_it_lists_lanes_and_messages_with_what_keeps_them(deskbell, message, within):
    waits, dead = message(), message("dead", error="invalid_blocks: too long", attempt=3)
    within(
        lambda tx: tx.exec(
            Lane.__table__.insert().values(name="#service-desk", next_at=NOW, parked_reason="is_archived", fence=0)
        )
    )
    _, out, _ = deskbell()
    assert "1 message waiting:" in out
    assert any(
        line.split()[:4] == ["#service-desk", "1", "1", "h"] and "is_archived" in line for line in out.splitlines()
    )
    assert any(line.split()[:3] == [str(waits), "sla", "breach"] for line in out.splitlines())
    assert any(line.split()[0] == str(dead) and "invalid_blocks: too long" in line for line in out.splitlines() if line)


def test_for_programs_it_is_json(deskbell, message):
    number = message("dead", error="no_text")
    message(lane="@U123")
    told = json.loads(deskbell("--json")[1])
    assert [row["id"] for row in told["dead"]] == [number]
    assert told["lanes"][0]["name"] == "@U123"
    assert json.loads(deskbell("--json", "--lane", "#service-desk")[1])["waiting"] == []


def test_a_dead_message_is_sent_again_and_that_is_on_record(deskbell, message, state, within):
    number = message("dead", error="it could not be drawn")
    assert deskbell("retry", number) == (0, f"Message {number} is sent again.\n", "")
    assert state(number) == "ready"
    (fact,) = within(lambda tx: journal.timeline(tx, "outbox"))
    assert (fact.kind, fact.by, fact.data["message"]) == ("message_retried", "operator", number)


def test_one_that_may_have_arrived_is_looked_for_first(deskbell, message, state):
    number = message("dead", error="TypeError", slack_channel="C1")
    assert "unless it is found" in deskbell("retry", number)[1]
    assert state(number) == "ambiguous"


def test_a_message_in_a_parked_lane_has_its_lane_tried_again(deskbell, message, within):
    number = message()
    parked = {
        "name": "#service-desk",
        "next_at": NOW + timedelta(minutes=9),
        "parked_reason": "is_archived",
        "fence": 0,
    }
    within(lambda tx: tx.exec(Lane.__table__.insert().values(**parked)))
    assert deskbell("retry", number)[1] == "#service-desk is tried again now, from its first message on.\n"
    (lane,) = within(outbox_admin.lanes)
    assert lane.parked_reason is None
    assert lane.next_at < NOW


@pytest.mark.parametrize(
    ("stands", "says"),
    [
        ("sending", "is being sent at this moment"),
        ("ambiguous", "sent now it might stand there twice"),
        ("ready", "needs no retry"),
        ("sent", "was sent"),
    ],
)
def test_what_cannot_be_retried_says_why_and_stays_as_it_is(deskbell, message, state, stands, says):
    number = message(stands)
    code, _, err = deskbell("retry", number)
    assert code == 1
    assert says in err
    assert state(number) == stands


def test_a_number_that_nobody_has_is_said_so(deskbell, message):
    message()
    assert "There is no message 99." in deskbell("retry", 99)[2]


def test_all_that_were_given_up_are_sent_again_at_once(deskbell, message, state):
    numbers = [message("dead", error=str(each)) for each in range(3)]
    assert deskbell("retry", "--dead")[1] == "3 messages sent again.\n"
    assert {state(number) for number in numbers} == {"ready"}
    assert deskbell("retry", "--dead")[1] == "No message was given up; there is nothing to send again.\n"


@pytest.mark.parametrize("command", [("retry",), ("drop", "--because", "Old")])
def test_a_number_beyond_what_a_database_counts_is_said_so(deskbell, command):
    code, out, err = deskbell(*command, str(10**20))
    assert (code, out) == (2, "")
    assert "Invalid value" in err


def test_retry_wants_a_number_or_dead(deskbell):
    assert deskbell("retry")[0] == 2
    assert deskbell("retry", 1, "--dead")[0] == 2


def test_a_dropped_message_never_goes_and_the_journal_says_why(deskbell, message, state, within):
    number = message("ambiguous")
    assert deskbell("drop", number, "--because", "told by phone")[0] == 0
    assert state(number) == "bundled"
    (fact,) = within(lambda tx: journal.timeline(tx, "outbox"))
    assert (fact.kind, fact.words["because"], fact.data["lane"]) == (
        "message_dropped",
        "told by phone",
        "#service-desk",
    )


@pytest.mark.parametrize(("stands", "because", "says"), [("sending", "x", "is being sent"), ("dead", " ", "Say why")])
def test_nothing_is_dropped_on_its_way_or_without_a_reason(deskbell, message, state, stands, because, says):
    number = message(stands)
    code, _, err = deskbell("drop", number, "--because", because)
    assert (code, state(number)) == (1, stands)
    assert says in err


def test_a_redraw_that_a_newer_one_overtook_may_be_retried(deskbell, message, state):
    old = message("dead", coalesce_key="redraw:1")
    message("ready", coalesce_key="redraw:1")
    assert deskbell("retry", old)[0] == 0
    assert state(old) == "ready"


def test_without_a_database_none_is_made(deskbell, monkeypatch, tmp_path):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "sqlite:///desk.db")
    code, _, err = deskbell()
    assert code == 1
    assert "There is no database yet" in err
    assert list(tmp_path.iterdir()) == []


def test_what_is_done_with_is_forgotten_after_its_time_but_not_what_may_be_drawn_again(message, state, within):
    old = NOW - timedelta(days=100)
    past = {"created_at": old, "last_attempt_at": old}
    gone = [message("sent", kind=NUDGE, **past), message("bundled", kind=NUDGE, **past)]
    kept = [
        message("sent", kind=NUDGE, created_at=old, last_attempt_at=NOW),
        message("dead", kind=NUDGE, error="x", **past),
        message("sent", kind=CARD, **past),
        message("ready", kind=NUDGE, attempt=1, **past),
    ]
    assert within(lambda tx: outbox_admin.forget(tx, NOW - timedelta(days=90))) == 2
    assert [state(number) for number in gone] == [None, None]
    assert None not in [state(number) for number in kept]


def test_lanes_that_nobody_uses_are_forgotten(message, within):
    message(lane="#waits")
    old = NOW - timedelta(days=100)
    lanes = [
        {"name": "@U1", "next_at": old, "fence": 0},
        {"name": "*post", "next_at": old, "fence": 0},
        {"name": "#waits", "next_at": old, "fence": 0},
        {"name": "#held", "next_at": old, "fence": 3, "lease_until": old},
        {"name": "#new", "next_at": NOW, "fence": 0},
    ]
    for lane in lanes:
        within(lambda tx, lane=lane: tx.exec(Lane.__table__.insert().values(**lane)))
    assert within(lambda tx: outbox_admin.forget_lanes(tx, NOW - timedelta(days=90))) == 2
