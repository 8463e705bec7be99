"""Whatever shows who is on call says the same at every instant: routing, `/oncall`, Home, iCal, the command line."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from cast import PUBLIC_URL, Desk
from icalendar import Calendar, Event
from on_call_steps import rota
from promises import under
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.rules.on_call.refusals import ChangesNothing
from bot.usecases.on_call import changes, lists, rotas
from bot.usecases.policy import in_force
from bot.web import on_call_feed, server

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CREW = ("engineer", "agent", "approver")
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


def _policy(desk: Desk) -> str:
    """Four rotas over changes of clocks: hand-overs at 01:30, office hours, two layers."""
    texts = []
    for key, (zone, turn) in zip(
        "abcd", zip(ZONES, ("1 week", "1 day", "12 hours", "5 hours"), strict=True), strict=True
    ):
        text = rota(desk, *CREW, turn=turn, key=key)
        texts.append(text.replace("Europe/London", zone).replace("T09:00", "T01:30" if key == "a" else "T09:00"))
    texts[1] += 'only = { mon = ["09:00-19:00"], tue = ["22:00-06:00"], fri = ["09:00-12:00"] }\n'
    over = rota(desk, "manager", turn="1 day", key="c").partition("[[")[2]
    texts[2] += f'[[{over}only = {{ sat = ["00:00-24:00"] }}\n'
    return "".join(texts)


async def _events(desk: Desk, token: str, path: str) -> list[Event]:
    more = on_call_feed.routes(desk.bot.database, desk.clock.now, PUBLIC_URL)
    application = server.application(None, desk.bot.readiness, more=more)
    async with server.serving(application, "127.0.0.1", 0) as url, aiohttp.ClientSession() as session:
        answer = await session.get(f"{url}/calendar/{token}/{path}")
        assert answer.status == 200
        found = Calendar.from_ical(await answer.read()).walk("VEVENT")
    assert len({str(one["UID"]) for one in found}) == len(found)
    return [one for one in found if str(one["STATUS"]) == "CONFIRMED"]


def _then(events: list[Event], at: datetime) -> set[str]:
    return {str(one["SUMMARY"]) for one in events if one["DTSTART"].dt <= at < one["DTEND"].dt}


async def _lay(desk: Desk, dice: random.Random) -> None:
    """Turns taken over and people away, at whole quarters of an hour."""
    for _ in range(25):
        since = desk.clock.now() + timedelta(minutes=15 * dice.randrange(4 * 24 * 40))
        until, who = (
            since + timedelta(minutes=15 * dice.randrange(1, 300)),
            dice.choice(("engineer", "agent", "approver")),
        )
        async with desk.bot.database.begin() as tx:
            person, now = getattr(desk, who).id, desk.clock.now()
            try:
                if dice.random() < 0.2:
                    await changes.away(tx, since, until, by=person, now=now)
                else:
                    await changes.take_over(tx, dice.choice("abcd"), since, until, by=person, now=now)
            except (ChangesNothing, changes.AwayThen, changes.AwayAlready):
                continue


async def test_every_view_says_the_same_at_every_instant(desk_on_sqlite: Desk, tmp_path: Path) -> None:
    desk, dice = desk_on_sqlite, random.Random(20)
    text = _policy(desk)
    await under(desk, text)
    told = (await desk.engineer.runs("/oncall calendar")).text
    token = told.partition("/calendar/")[2].partition("/")[0]
    (tmp_path / "policy.toml").write_text(text)
    dates = ["--from", "2026-03-02T09:00Z", "--to", "2026-04-20T00:00Z"]
    asked = ["oncall", "when", str(tmp_path / "policy.toml"), *dates]
    alone = {}
    for key in "abcd":
        done = CliRunner().invoke(app, [*asked, "--rota", key, "--json"])
        alone[key] = json.loads(done.output)
    for laid in (False, True):
        if laid:
            await _lay(desk, dice)
        feeds = {key: await _events(desk, token, f"on-call/{key}.ics") for key in "abcd"}
        mine = await _events(desk, token, "on-call.ics")
        names = {getattr(desk, one).id: one.capitalize() for one in (*CREW, "manager")}
        for _ in range(10):
            at = BEGIN + timedelta(minutes=dice.randrange(60 * 24 * 45))
            async with desk.bot.database.read() as tx:
                policy = (await in_force(tx)).policy
                shown = {one.key: one for one in await lists.now_and_next(tx, by=desk.agent.id, now=at)}
                homes = await lists.until(tx, desk.engineer.id, at)
                for key in "abcd":
                    routed = await rotas.on_call(tx, policy, key, at)
                    turn = shown[key].turn
                    assert routed == list(turn.people if turn else ())
                    span = at - timedelta(days=3), at + timedelta(days=3)
                    week = await lists.weeks(tx, key, *span, by=desk.agent.id)
                    listed = [who for one in week.shifts if one.start <= at < one.end for who in one.people]
                    assert listed == routed
                    said = {f"On call: {key} ({', '.join(names[who] for who in routed)})"} if routed else set()
                    assert _then(feeds[key], at) == said
                    assert (desk.engineer.id in routed) == bool(_then(mine, at) & said)
                    assert (desk.engineer.id in routed) == (key in {one.title for one in homes})
                    if not laid:
                        stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
                        printed = [one["people"] for one in alone[key] if one["start"] <= stamp < one["end"]]
                        assert printed == ([routed] if routed else [])
