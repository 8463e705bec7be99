"""Hostile words where they leave Slack: mail, calendars, spreadsheets, JSON, metrics, topics, names of files, logs.

Each is written for where it goes, and none is run, rung or taken for a header, a row or a line of its own there.
"""

import csv
import io
import json
import logging
import re
import zipfile
from xml.etree import ElementTree

import aiohttp
from api_steps import served, token_of
from cast import PUBLIC_URL, Desk
from change_steps import BOARD, rules
from icalendar import Calendar
from mail_server import MailServer
from markdown_it import MarkdownIt

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
    b'From: "Caller <!channel>" <caller@example.com>\r\n'
    b"Message-ID: <1@example.com>\r\n"
    b"Subject: =?utf-8?q?=3D1+1=0D=0ABcc=3A_evil=40example=2Ecom=0D=0A=0D=0A_=3C!channel=3E?=\r\n\r\nIt smokes\r\n"
)


def rung(desk: Desk) -> list[str]:
    """Whom messages of Deskbell rang besides those whom they are for."""
    return [one.what for one in desk.slack.rings if one.what != "subteam"]


async def test_a_header_within_a_subject_is_none_of_the_answer(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    async with MailServer() as mail:
        async with desk.bot.database.begin() as tx:
            found = parse(BOX.format(smtp=mail.url))
            await desk_policy.adopt(tx, found, by="operator", now=desk.clock.now())
        came = await receiving.take_in(desk.bot.database, "help", found.mailboxes["help"], LETTER, desk.clock.now)
        assert str(came.ref) == "INC-1", came
        await desk.settles()
        await desk.agent.runs("/incident resolve INC-1 It is out")
        await desk.settles()
        assert mail.taken
        for sent in mail.taken:
            assert sent["Bcc"] is None
            assert [one.addr_spec for one in sent["To"].addresses] == ["caller@example.com"]
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

    assert rung(desk) == []
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
    feeds = [route(desk.bot.database, desk.clock.now, PUBLIC_URL)]
    door = server.application(None, desk.bot.readiness, desk.bot.scrape, feeds)
    async with server.serving(door, "127.0.0.1", 0) as url, aiohttp.ClientSession() as http:
        async with http.get(url + path) as answer:
            events = Calendar.from_ical(await answer.read()).walk("VEVENT")
        async with http.get(f"{url}/metrics") as answer:
            assert answer.status == 200
            told = await answer.text()
    assert "deskbell_requests_total" in told
    assert "HYPERLINK" not in told
    assert any(HOSTILE in str(one["SUMMARY"]).replace("\n", "\\N") for one in events)


async def test_a_spreadsheet_holds_words_as_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports(HOSTILE)
    await desk.manager.runs("/report export incidents this month xlsx")
    await desk.settles()
    (file,) = [one for one in desk.slack.files.values() if one.name.endswith(".xlsx")]
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        assert not [name for name in book.namelist() if "externalLink" in name or "_rels/sheet" in name]
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        parts = [one for name in sheets for one in ElementTree.fromstring(book.read(name)).iter()]  # noqa: S314 - our own
    assert HOSTILE in [one.text for one in parts]
    assert {one.tag.partition("}")[2] for one in parts}.isdisjoint({"f", "hyperlink", "hyperlinks"})


async def test_files_of_markdown_hold_words_and_names_as_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await rules(desk, BOARD)
    desk.slack.change_person("agent", real_name=HOSTILE)
    desk.slack.change_person("manager", real_name=HOSTILE)
    await desk.settles()
    await desk.reports(HOSTILE)
    await desk.agent.runs("/incident major INC-1")
    await desk.settles()
    await desk.agent.runs("/incident role INC-1 commander @agent")
    assert HOSTILE[:9] in (await desk.agent.runs("/incident major INC-1")).text, "who declared it is named"
    await desk.agent.runs("/incident status INC-1")
    assert not await desk.agent.submits({"Status": "Identified", "Update": f"{HOSTILE}\n# {HOSTILE}\n- @everyone"})
    await desk.settles()
    await desk.agent.runs("/incident export INC-1")
    await desk.asks_for_change(HOSTILE)
    await desk.manager.runs("/change cab")
    await desk.settles()
    await desk.manager.runs(f"/change reject CHG-1 {HOSTILE}")
    await desk.settles()
    await desk.manager.clicks("Close the meeting", "changes")
    await desk.settles()
    files = [one.content.decode() for one in desk.slack.files.values() if one.name.endswith(".md")]
    assert rung(desk) == []
    assert [one.partition(" ")[0] for one in files] == ["#", "#"], "a timeline and minutes"
    for file in files:
        assert "@everyone" not in file, "where it is pasted, it calls nobody"
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(file)
        assert {"fence", "html_block", "table_open", "blockquote_open"}.isdisjoint(one.type for one in tokens)
        assert sum(one.tag == "h1" and one.type == "heading_open" for one in tokens) == 1
        inline = [child for one in tokens for child in one.children or ()]
        assert {"link_open", "image", "code_inline"}.isdisjoint(one.type for one in inline)
        assert {one.content for one in inline if one.type == "html_inline"} <= {"<!-- -->"}
        shown = "".join(one.content for one in inline if one.type != "html_inline")
        assert HOSTILE in shown, "to the letter"


async def test_words_beside_a_picture_are_plain(desk_on_sqlite: Desk) -> None:
    """An alternative text is plain: what would be escaped five times as long elsewhere stands there as it is."""
    desk, statement = desk_on_sqlite, f"{HOSTILE} {'&' * 150}"
    await desk.reports(HOSTILE)
    await desk.agent.runs(f"/incident problem INC-1 {HOSTILE}")
    await desk.agent.runs("/problem investigate PRB-1")
    await desk.agent.runs(f"/problem cause PRB-1 {statement}")
    await desk.agent.runs("/problem draw PRB-1 whys")
    await desk.asks_for_change(HOSTILE)
    await desk.agent.runs("/change calendar")
    await desk.agent.clicks("Post as picture")
    await desk.settles()
    said = [*desk.agent.messages("service-desk"), *desk.agent.messages("changes")]
    pictures = [(one, block) for one in said for block in one.blocks if block["type"] == "image"]
    assert len(pictures) == 2
    assert rung(desk) == []
    for one, block in pictures:
        assert HOSTILE in block["alt_text"] or statement in block["alt_text"]
        assert "&amp;" not in block["alt_text"]
        assert "<!channel>" not in one.raw.text


async def test_a_workflow_gets_numbers_alone_and_a_reason_in_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for step, given in (
        ("report_incident", {"summary": HOSTILE, "description": f"{HOSTILE}\n{HOSTILE}", "service": HOSTILE}),
        ("ask_for_change", {"title": HOSTILE, "plan": HOSTILE, "service": HOSTILE}),
        ("ask_for_something", {"item": "laptop", "answers": f"{HOSTILE}\n{HOSTILE}"}),
        ("ask_for_something", {"item": HOSTILE}),
        ("wait_until_approved", {"reference": HOSTILE}),
    ):
        found = await desk.slack.runs_step(step, person=desk.requester.id, **given)
        await desk.settles()
        assert set(found.outputs) <= {"reference"}
        assert re.fullmatch(r"(INC|CHG)-1|", found.outputs.get("reference", ""))
        assert found.state == ("completed" if found.outputs else "failed")
        assert found.outputs or ("\n" not in found.error and len(found.error) <= 500)
    assert "<!channel>" in await desk.channel("service-desk").hears("INC-1"), "as words"
    assert rung(desk) == []


def test_a_name_makes_no_line_of_a_log_of_its_own() -> None:
    name = "Caller\r\n2026-03-02T09:00:00Z INFO bot: all is well\u2028\x1b[2J"
    before = logging.getLogger().handlers
    try:
        for form in ("text", "json"):
            stream = io.StringIO()
            set_up("INFO", form, stream=stream)  # type: ignore[arg-type]
            logging.getLogger("bot").warning("%s is nobody", name)
            lines = stream.getvalue().splitlines()
            assert len(lines) == 1
            assert "\x1b" not in lines[0]
            assert form == "text" or json.loads(lines[0])["message"].startswith("Caller")
    finally:
        logging.getLogger().handlers = before
