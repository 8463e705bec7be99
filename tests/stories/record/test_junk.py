"""Junk behind any command of any noun is answered with a sentence that says what to do."""

import pytest
from cast import Desk

from bot.rules.record.typed_dates import impossible


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9999-12-31 x", "9999-12-31"),
        ("2026-02-30 x", "2026-02-30"),
        ("to 2026-13-01 late", "2026-13-01"),
        ("31.12.2026 x", "31.12.2026"),
        ("2026-12-24 x", ""),
        ("friday x", ""),
        ("mend 9999-12-31", ""),
        ("10-20-30a x", ""),
        ("", ""),
    ],
)
def test_what_looks_like_a_day_and_is_none_is_told_so(text: str, day: str) -> None:
    assert impossible(text) == day


async def test_days_that_are_none_are_refused_with_the_years_that_there_are(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.asks_for_change()
    for who, typed in (
        (desk.agent, "incident action INC-1 9999-12-31 Mend it"),
        (desk.agent, "incident action INC-1 2026-02-30 Mend it"),
        (desk.manager, "change postpone CHG-1 to 9999-12-31 Late"),
    ):
        told = (await who.runs(f"/{typed}")).text
        assert "There is no day “" in told, told
        assert "Days are of the years 1900 to 2199, like 2026-12-24" in told


@pytest.mark.parametrize(
    "typed", ["-1", "???", ":tada:", "@agent", "#general @outsider", "99999999999999999999", "2026"]
)
async def test_what_has_no_words_opens_no_form(desk_on_sqlite: Desk, typed: str) -> None:
    agent = desk_on_sqlite.agent
    for command in ("incident", "change", "problem", "complaint", "action"):
        told = (await agent.runs(f"/{command} {typed}")).text
        assert agent.modal is None, f"/{command} {typed}"
        assert told, f"/{command} {typed}"
        assert f"/{command}" in told, told


async def test_a_verb_without_what_follows_it_says_what_to_type(desk_on_sqlite: Desk) -> None:
    for typed, usage in (("report define", "/report define NAME"), ("report figure", "/report figure NAME")):
        assert f"Some words are missing: type {usage}" in (await desk_on_sqlite.agent.runs(f"/{typed}")).text


async def test_words_that_are_owed_behind_others_are_asked_for_with_the_usage(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.reports("Mail is slow", Service="Email")
    await desk.agent.runs("/incident link INC-1 INC-2")
    assert (
        "Some words are missing: type /incident unlink INC-n"
        in (await desk.agent.runs("/incident unlink INC-1 INC-2")).text
    )
    assert "INC-2" in (await desk.agent.runs("/incident INC-1")).text


async def test_nobody_is_not_put_on_a_meetings_list(desk_on_sqlite: Desk) -> None:
    manager = desk_on_sqlite.manager
    await manager.runs("/management-review plan Spring")
    assert not await manager.submits({"Records of": "2026-Q1", "On": "2026-04-01", "Chair": "approver"})
    told = (await manager.runs("/management-review attend MR-1 @nobody-at-all")).text
    assert "is no member of this workspace" in told
