import asyncio
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from delivery_fixture import CARD, WARNING, draw, until
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import OutboxRelay
from bot.rules.record.notices import Notice, NoticeKind
from storage import counters
from storage.db.database import Database
from storage.db.queued import written
from storage.delivery import outbox


async def test_a_notice_is_posted_and_its_place_remembered(office):
    await office.opens("service-desk")
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    assert await office.relay().deliver() == 1
    assert office.heard("service-desk") == ["incident_card INC-1 at 0"]
    [row] = await office.rows()
    assert (row.state, row.attempt, row.slack_ts is not None) == ("sent", 1, True)


async def test_the_same_notice_is_told_once(office):
    await office.opens("service-desk")
    for _ in range(3):
        await office.puts(Notice(WARNING, "#service-desk", "INC-1", "response:75"))
    await office.settles(office.relay())
    assert len(office.heard("service-desk")) == 1


async def test_a_channel_hears_its_notices_in_order_and_no_faster_than_one_a_second(office):
    await office.opens("service-desk")
    await office.puts(*(Notice(WARNING, "#service-desk", f"INC-{n}") for n in range(1, 8)))
    relays = [office.relay("one"), office.relay("two"), office.relay("three")]
    await office.settles(*relays)
    assert office.heard("service-desk") == [f"sla_warning INC-{n} at 0" for n in range(1, 8)]
    moments = [call.at for call in office.calls("chat.postMessage")]
    assert [(b - a).total_seconds() for a, b in pairwise(moments)] == [1.0] * 6


async def test_a_slow_channel_keeps_no_other_waiting(office):
    slow = await office.opens("service-desk")
    await office.opens("changes")
    office.workspace.faults.add("chat.postMessage", delay=2.0, match=lambda args: args["channel"] == slow)
    await office.puts(Notice(CARD, "#service-desk", "INC-1"), Notice(CARD, "#changes", "INC-2"))
    relay = office.relay()
    delivering = asyncio.create_task(relay.deliver())
    await until(lambda: office.heard("changes") != [])
    assert office.heard("service-desk") == []
    await delivering
    assert len(office.heard("service-desk")) == 1


async def test_a_person_is_told_in_a_direct_message(office):
    agent = office.workspace.person("agent").user.id
    await office.puts(Notice(NoticeKind.INCIDENT_RECEIPT, f"@{agent}", "INC-1"))
    await office.settles(office.relay())
    await office.changes("INC-1")
    await office.settles(office.relay())
    assert office.told("agent") == ["incident_receipt INC-1 at 1"]


async def test_a_backlog_of_changes_is_drawn_once(office):
    await office.opens("service-desk")
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    relay = office.relay()
    await office.settles(relay)
    for _ in range(5):
        await office.changes("INC-1")
    await office.settles(relay)
    assert office.heard("service-desk") == ["incident_card INC-1 at 5"]
    assert len(office.calls("chat.update")) == 1


async def test_a_change_before_the_card_was_posted_needs_no_redraw(office):
    await office.opens("service-desk")
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    await office.changes("INC-1")
    await office.settles(office.relay())
    assert office.heard("service-desk") == ["incident_card INC-1 at 1"]
    assert office.calls("chat.update") == []
    assert await office.states() == ["sent", "bundled"]


async def test_two_cards_of_one_record_are_both_redrawn(office):
    await office.opens("service-desk")
    await office.puts(Notice(CARD, "#service-desk", "INC-1", "1"), Notice(CARD, "#service-desk", "INC-1", "2"))
    relay = office.relay()
    await office.settles(relay)
    await office.changes("INC-1")
    await office.settles(relay)
    assert office.heard("service-desk") == ["incident_card INC-1 at 1"] * 2


async def test_a_home_tab_is_published_anew_but_waits_once(office):
    agent = office.workspace.person("agent").user.id
    for _ in range(3):
        await office.wants_home(agent)
    relay = office.relay()
    await office.settles(relay)
    await office.wants_home(agent)
    await office.settles(relay)
    assert len(office.calls("views.publish")) == 2


async def test_what_needs_no_saying_any_more_is_bundled(office):
    async def silent(tx, row):
        return None

    await office.opens("service-desk")
    await office.puts(Notice(WARNING, "#service-desk", "INC-1"))
    await office.settles(office.relay(render=silent))
    assert await office.states() == ["bundled"]
    assert office.heard("service-desk") == []


async def test_a_change_committed_while_its_card_is_drawn_is_drawn_again(office):
    """The redraw that waits may not be spent on the record as it was before."""
    await office.opens("service-desk")
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    await office.settles(office.relay())
    await office.changes("INC-1")
    drawing, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(tx, row):
        drawn = await draw(tx, row)
        drawing.set()
        await go_on.wait()
        return drawn

    office.clock.forward(seconds=5)
    delivering = asyncio.create_task(office.relay(render=slowly).deliver())
    await drawing.wait()
    changing = asyncio.create_task(office.changes("INC-1"))
    await asyncio.sleep(0.05)
    go_on.set()
    await asyncio.gather(delivering, changing)
    await office.settles(office.relay("two"))
    assert office.heard("service-desk") == ["incident_card INC-1 at 2"]


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_a_redraw_asked_for_in_an_open_transaction_is_drawn_after_it_commits(office):
    """On SQLite a relay cannot begin while another transaction is open."""
    await office.opens("service-desk")
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    await office.settles(office.relay())
    office.clock.forward(seconds=5)
    await office.changes("INC-1")
    async with office.database.begin() as tx:
        await counters.count_on(tx, "INC-1", 1)
        await outbox.redraw(tx, "INC-1", office.clock.now())
        await written(tx)  # as the last thing before it commits
        delivering = asyncio.create_task(office.relay().deliver())
        await asyncio.sleep(0.2)
        assert not delivering.done()
    await delivering
    assert office.heard("service-desk") == ["incident_card INC-1 at 2"]


async def test_a_stopped_relay_finishes_what_it_began_and_frees_its_lanes(office):
    await office.opens("service-desk")
    sending = asyncio.Event()
    office.workspace.faults.add("chat.postMessage", delay=0.3, match=lambda _: sending.set() is None)
    await office.puts(Notice(CARD, "#service-desk", "INC-1"), Notice(CARD, "#service-desk", "INC-2"))
    relay = office.relay()
    running = asyncio.create_task(relay.run())
    await sending.wait()
    await relay.stop()
    await running
    assert await office.states() == ["sent", "ready"]
    office.clock.forward(seconds=1)
    await office.relay("two").deliver()
    assert await office.states() == ["sent", "sent"]


async def test_a_running_relay_is_woken_by_a_commit(office):
    await office.opens("service-desk")
    relay = office.relay(heartbeat_seconds=3600.0)
    running = asyncio.create_task(relay.run())
    await office.puts(Notice(CARD, "#service-desk", "INC-1"))
    relay.wake()
    await until(lambda: office.heard("service-desk") != [])
    await relay.stop()
    await running


def test_a_client_that_repeats_calls_is_refused(sqlite_url):
    with pytest.raises(ValueError, match="retry_handlers"):
        OutboxRelay(
            Database(sqlite_url), AsyncWebClient("xoxb-not-a-real-token"), draw, lambda: datetime.now(UTC), owner="x"
        )


async def test_three_replicas_at_once_post_each_message_once_and_in_order(office):
    names = ["service-desk", "changes", "major-incidents", "network"]
    for name in names:
        await office.opens(name)
    for number in range(5):
        await office.puts(*(Notice(WARNING, f"#{name}", f"INC-{number}") for name in names))
    relays = [office.relay(str(number)) for number in range(3)]
    for _ in range(6):
        await asyncio.gather(*(relay.deliver() for relay in relays))
        office.clock.forward(seconds=1)
    assert await office.all_sent()
    for name in names:
        assert office.heard(name) == [f"sla_warning INC-{number} at 0" for number in range(5)]
    assert {call.error for call in office.calls("chat.postMessage")} == {None}
