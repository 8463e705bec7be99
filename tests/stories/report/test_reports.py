"""`/report`: figures for who leads, with the records behind them."""

from io import BytesIO

import pytest
from cast import Desk
from change_steps import done_well
from PIL import Image

from bot.sandbox.blocks import layout
from handlers.report import picture
from storage.incident import incidents

BOX = {"Privacy": ["Private: about security or people"]}


async def test_a_manager_reads_last_weeks_figures_and_opens_their_records(desk: Desk) -> None:
    await desk.reports()
    await desk.reports("Mail is slow", Service="Email")
    desk.clock.forward(minutes=12)
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident resolve INC-1 Restarted")
    await done_well(desk, 1)
    early = (await desk.manager.runs("/report")).text
    assert "Incidents opened | 0 | 0 | 0 | –" in early, "this week is not over yet"
    assert "Incidents open | 0 | 0 | 0 | –" in early, "none is open, which is known"
    now = (await desk.manager.runs("/report this week")).text
    assert "Figures of all services: 2 Mar 2026 to 2 Mar 2026" in now
    assert "Incidents opened | 2 | 0 | 2 | –" in now
    desk.clock.forward(days=7)
    await desk.settles()
    shown = (await desk.manager.runs("/report")).text
    assert "Figures of all services: 2 Mar 2026 to 8 Mar 2026" in shown
    assert "Figure | This time | Before | n | Left out" in shown
    assert "Time to acknowledge | 12 min (90 %: 12 min) | – | 1 | 1 not yet acknowledged" in shown
    assert "Incidents opened | 2 | 0 | 2 | –" in shown
    assert "Changes that went as planned | 100 % | – | 1 | –" in shown
    await desk.manager.chooses("Time to acknowledge", "Open the records of…")
    opened = desk.manager.modal.text
    assert "median 12 min, mean 12 min, 90th percentile 12 min (n = 1)" in opened
    assert "Counted (1): INC-1 (12 min)" in opened
    assert "Left out, not yet acknowledged (1): INC-2" in opened
    assert "Nobody has taken it up" in opened
    one = (await desk.manager.runs("/report figure incidents-opened week vpn")).text
    assert "Incidents opened of VPN: 2 Mar 2026 to 8 Mar 2026" in one
    assert "INC-1" in one
    assert "INC-2" not in one
    quarter = (await desk.manager.runs("/report quarter")).text
    assert "1 Oct 2025 to 31 Dec 2025" in quarter


async def test_private_incidents_count_for_who_may_see_them_alone(desk: Desk) -> None:
    await desk.requester.runs("/incident Phished mailbox")
    assert await desk.requester.submits({"Service": "Email", "Impact": "Everyone", "Urgency": "High"} | BOX) == {}
    desk.clock.forward(days=8)
    await desk.settles()
    for name in ("incidents-opened", "backlog", "response-kept", "time-to-acknowledge"):
        seen = (await desk.manager.runs(f"/report figure {name}")).text
        assert "INC-1" in seen, name
        hidden = (await desk.agent.runs(f"/report figure {name}")).text
        assert "INC-1" not in hidden, name
        assert "(n = 0)" in hidden, name
        assert "Left out" not in hidden, name


async def test_charts_are_drawn_where_something_is_known_and_left_out_where_they_are_not_drawn(
    desk_on_sqlite: Desk, monkeypatch
) -> None:
    desk = desk_on_sqlite
    assert "Open incidents by age" not in (await desk.manager.runs("/report this week")).text
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    desk.clock.forward(minutes=1)
    shown = (await desk.manager.runs("/report this week")).text
    assert "Open incidents by age\nOpen: under 1 d: 1, 1 to 3 d: 0" in shown
    assert "What went as promised, in per cent\nThis time: Responses kept: 100" in shown
    assert "Before" not in shown.partition("Open incidents by age")[0], "what is not known is not drawn as 0"
    monkeypatch.delitem(layout.ON[layout.Surface.MESSAGE], "data_visualization")
    again = (await desk.manager.runs("/report this week")).text
    assert "Open incidents by age" not in again
    assert "Incidents opened | 1 | 0 | 1 | –" in again
    assert "A picture of the figures is on its way" in again
    assert "on its way" not in shown


@pytest.mark.parametrize("draws", ["tables", "nothing"])
async def test_a_painted_picture_comes_where_charts_are_not_drawn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, draws: str
) -> None:
    monkeypatch.delitem(layout.ON[layout.Surface.MESSAGE], "data_visualization")
    if draws == "nothing":
        monkeypatch.delitem(layout.ON[layout.Surface.MESSAGE], "data_table")
    assert "on its way" not in (await desk.manager.runs("/report this week")).text, "nothing is known yet"
    await desk.settles()
    assert desk.slack.files == {}
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    desk.clock.forward(minutes=1)
    for count in (1, 2):
        answer = (await desk.manager.runs("/report this week")).text
        assert "A picture of the figures is on its way to your direct messages" in answer
        assert "Incidents opened" in answer
        said = await desk.dm(desk.manager).hears("Response promises kept")
        assert "(before" in said, "the same in words"
        pictures = list(desk.slack.files.values())
        assert len(pictures) == count
        desk.clock.forward(minutes=1)
    assert pictures[0].name != pictures[1].name
    with Image.open(BytesIO(pictures[-1].content)) as image:
        assert image.format == "PNG"
        assert image.width == picture.WIDE
        known = (image.height - picture.HEAD - picture.EDGE) // picture.ROW
        assert known >= 2, "a bar for each figure that is known"
    for person in (desk.agent, desk.requester):
        assert await desk.dm(person).count("(before") == 0


async def test_words_stand_in_where_a_workspace_draws_no_tables(desk_on_sqlite: Desk, monkeypatch) -> None:
    monkeypatch.delitem(layout.ON[layout.Surface.MESSAGE], "data_table")
    await desk_on_sqlite.reports()
    desk_on_sqlite.clock.forward(days=7)
    shown = (await desk_on_sqlite.manager.runs("/report")).text
    assert "Incidents opened: 1 (n = 1); before: 0." in shown
    assert "Time to acknowledge: nothing counts, so that there is no figure (n = 0). Left out: 1 not yet" in shown
    await desk_on_sqlite.manager.chooses("Incidents opened", "Open the records of…")
    assert "Counted (1): INC-1" in desk_on_sqlite.manager.modal.text


async def test_who_may_not_and_what_is_no_figure_is_said_so(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for person in (desk.requester, desk.outsider):
        refused = (await person.runs("/report")).text
        assert "Figures are shown to Change managers, and to the groups that own services" in refused
    assert "Figures of all services" in (await desk.agent.runs("/report")).text, "the service desk owns them"
    manager = desk.manager
    for typed, said in (
        ("figure time-to-restor", "Did you mean “time-to-restore”?"),
        ("figure backlog month fax", "There is no service “fax”"),
        ("fortnight", "“fortnight” is no period, no service and no figure"),
        ("define nothing", "There is no figure “nothing”"),
    ):
        assert said in (await manager.runs(f"/report {typed}")).text, typed
    defined = (await manager.runs("/report define time-to-restore")).text
    assert "Left out: open again: It was reopened and is not resolved yet" in defined
    assert "change-failure-rate: Changes that failed" in (await manager.runs("/report list")).text
    assert "/report define NAME" in (await manager.runs("/report help")).text


async def test_what_takes_longer_than_slack_waits_is_acknowledged_first_and_answered_later(
    desk_on_sqlite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where any count is too long for the loop: another process counts, and Slack has its answer meanwhile."""
    desk = desk_on_sqlite
    await desk.reports()
    desk.clock.forward(days=7)
    await desk.settles()
    monkeypatch.setattr(incidents, "READ_HERE_MOST", 0)
    desk.bot.bolt.soon = 0.0
    answer = await desk.manager.runs("/report")
    assert answer.ok
    assert not answer.text, "the figures are still being counted"
    await desk.bot.bolt.rest(60)
    await desk.slack.quiet()
    assert "Incidents opened | 1 | 0 | 1 | –" in answer.text


async def test_a_period_is_asked_for_by_its_name(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    manager = desk.manager
    for typed, days, which in (
        ("2026-01", "1 Jan 2026 to 31 Jan 2026", "The whole month"),
        ("2025-q4 vpn", "1 Oct 2025 to 31 Dec 2025", "The whole quarter"),
        ("2026-W09", "23 Feb 2026 to 1 Mar 2026", "The whole week"),
        ("2026-03", "1 Mar 2026 to 2 Mar 2026", "This month so far"),
        ("figure incidents-opened 2026-03", "Incidents opened: 1", ""),
        ("figure incidents-opened 2026-02 vpn", "Incidents opened: 0", ""),
        ("export incidents 2026-03", "1 row", ""),
        ("export incidents 2026-02", "0 rows", ""),
        ("2026-04", "This month has not begun", ""),
    ):
        said = (await manager.runs(f"/report {typed}")).text
        assert days in said, said
        assert which in said, said
