"""Hostile words where they leave Slack: mail, calendars, spreadsheets, JSON, metrics, topics, names of files, logs.

Each is written for where it goes, and none is run, rung or taken for a header, a row or a line of its own there.
"""

import csv
import io
import json
import logging
import re

import aiohttp
from api_steps import served, token_of
from cast import PUBLIC_URL, Desk
from icalendar import Calendar
from mail_server import MailServer

from bot.logs import set_up
from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases.mail import receiving
from bot.web import server
from bot.web.calendar_feed import route

HOSTILE = '=HYPERLINK("http://x.example","y") <!channel> |a| [b](c) ;,\\N {0} %s ${jndi:x} ```'
BOX = """
[mailboxes.help]
address = "help@desk.example.com"
key = "env:MAIL_KEY"
service = "vpn"
senders = ["example.com"]
smtp = "{smtp}"
"""
LETTER = (
    b'From: "Jane <!channel>" <jane@example.com>\r\n'
    b"Message-ID: <1@example.com>\r\n"
    b"Subject: =?utf-8?q?=3D1+1=0D=0ABcc=3A_evil=40example=2Ecom=0D=0A=0D=0A_=3C!channel=3E?=\r\n\r\nIt smokes\r\n"
)


async def test_a_header_within_a_subject_is_none_of_the_answer(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    async with MailServer() as mail:
        async with desk.bot.database.begin() as tx:
            found = parse(BOX.format(smtp=mail.url))
            await desk_policy.adopt(tx, found, by="operator", now=desk.clock.now())
            came = await receiving.receive(tx, "help", found.mailboxes["help"], LETTER, desk.clock.now())
        assert str(came.ref) == "INC-1", came
        await desk.settles()
        await desk.agent.runs("/incident resolve INC-1 It is out")
        await desk.settles()
        assert mail.taken
        for sent in mail.taken:
            assert sent["Bcc"] is None
            assert [one.addr_spec for one in sent["To"].addresses] == ["jane@example.com"]
            assert "\n" not in sent["Subject"]
            assert "Bcc: evil@example.com" in sent["Subject"], "as words"
    card = await desk.channel("service-desk").hears("INC-1")
    assert "<!channel>" in card, "as words"
    assert not [one for one in desk.agent.messages("service-desk") if "<!channel>" in str(one.blocks)]


async def test_words_are_written_for_where_they_go(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports(HOSTILE)
    await desk.asks_for_change(HOSTILE)
    await desk.agent.runs("/incident major INC-1")
    await desk.settles()
    await desk.agent.runs("/incident export INC-1")
    await desk.manager.runs("/report export incidents this month")
    await desk.settles()

    topics = [one.topic for one in desk.slack.channels.values() if one.topic]
    assert topics
    assert not [one for one in topics if "<!channel>" in one]

    names = [one.name for one in desk.slack.files.values()]
    assert names
    assert [one for one in names if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,80}", one)] == []
    sheets = [one.content.decode("utf-8-sig") for one in desk.slack.files.values() if one.name.endswith(".csv")]
    cells = [cell for sheet in sheets for row in csv.reader(io.StringIO(sheet)) for cell in row]
    assert [one for one in cells if HOSTILE in one]
    assert [one for one in cells if one.startswith(("=", "+", "-", "@", "\t", "\r"))] == []

    async with served(desk) as client:
        client.token = await token_of(desk, desk.agent.id)
        assert (await client.get("/incidents/INC-1")).body["summary"] == HOSTILE

    told = (await desk.outsider.runs("/change calendar subscribe")).text
    path = re.search(rf"{PUBLIC_URL}(/calendar/[\w-]+\.ics)", told)[1]  # type: ignore[index]
    door = server.application(None, desk.bot.readiness, more=[route(desk.bot.database, desk.clock.now, PUBLIC_URL)])
    async with server.serving(door, "127.0.0.1", 0) as url, aiohttp.ClientSession() as http:
        async with http.get(url + path) as answer:
            events = Calendar.from_ical(await answer.read()).walk("VEVENT")
        async with http.get(f"{url}/metrics") as answer:
            assert "HYPERLINK" not in await answer.text()
    assert any(HOSTILE in str(one["SUMMARY"]).replace("\n", "\\N") for one in events)


def test_a_name_makes_no_line_of_a_log_of_its_own() -> None:
    name = "Jane\r\n2026-03-02T09:00:00Z INFO bot: all is well\u2028\x1b[2J"
    before = logging.getLogger().handlers
    try:
        for form in ("text", "json"):
            stream = io.StringIO()
            set_up("INFO", form, stream=stream)  # type: ignore[arg-type]
            logging.getLogger("bot").warning("%s is nobody", name)
            lines = stream.getvalue().splitlines()
            assert len(lines) == 1
            assert "\x1b" not in lines[0]
            assert form == "text" or json.loads(lines[0])["message"].startswith("Jane")
    finally:
        logging.getLogger().handlers = before
