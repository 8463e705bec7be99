"""Somebody without Slack reports by e-mail, is answered by e-mail, and ends no loop by starting one."""

import asyncio
import io
import re
from dataclasses import replace
from email.message import EmailMessage

import aiohttp
import pytest
from cast import Desk
from mail_server import MailServer
from mailbox_server import MailboxServer
from sqlalchemy import select
from starlette.applications import Starlette

from bot.delivery import mail_calls
from bot.rules.policy.policy import PolicyFaults, parse
from bot.rules.record.text import shorten
from bot.usecases import policy as desk_policy
from bot.usecases.mail import erasing, receiving
from bot.web import imap, server
from bot.web import mail as mail_door
from handlers.delivery.slack_tasks import SendMail
from storage.own_process import Bound
from storage.tables import METADATA, Incident

BOX = """
[mailboxes.help]
address = "help@desk.example.com"
key = "env:MAIL_KEY"
service = "vpn"
senders = ["example.com"]
smtp = "{smtp}"
most_an_hour = 5
"""


def written(text, subject="VPN is down", number=1, **headers):
    message = EmailMessage()
    told = {
        "From": "Remote Caller <caller@example.com>",
        "Subject": subject,
        "Message-ID": f"<{number}@example.com>",
    } | headers
    for name, value in told.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


@pytest.fixture
async def desk(desk_on_sqlite: Desk):
    async with MailServer() as mail:
        async with desk_on_sqlite.bot.database.begin() as tx:
            text = BOX.format(smtp=mail.url)
            await desk_policy.adopt(tx, parse(text), by="deskbell", now=desk_on_sqlite.clock.now())
        desk_on_sqlite.mail = mail
        yield desk_on_sqlite


async def comes(desk, content, bound=receiving.READING):
    async with desk.bot.database.read() as tx:
        mailbox = (await desk_policy.in_force(tx)).policy.mailboxes["help"]
    found = await receiving.take_in(desk.bot.database, "help", mailbox, content, desk.clock.now, bound)
    await desk.settles()
    return found.came.value, str(found.ref) if found.ref else None


async def test_a_report_is_worked_on_in_slack_and_answered_by_e_mail(desk):
    assert await comes(desk, written("Since ten.\n-- \nJane")) == ("reported", "INC-1")
    assert await comes(desk, written("Since ten.")) == ("seen before", None)
    await desk.channel("service-desk").hears("INC-1", "VPN is down", "By e-mail from Remote Caller")
    (receipt,) = desk.mail.taken
    assert (receipt["To"], receipt["From"], receipt["In-Reply-To"]) == (
        "caller@example.com", "help@desk.example.com", "<1@example.com>",
    )  # fmt: skip
    assert (receipt["Subject"], receipt["Auto-Submitted"]) == ("[INC-1] VPN is down", "auto-replied")
    assert "is with the service desk as INC-1" in receipt.get_content()
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident pend INC-1 customer Which office are you in?")
    await desk.settles()
    question = desk.mail.taken[-1]
    assert "Which office are you in?" in question.get_content()
    reply = written("Porto", "Re: something else", 2, **{"In-Reply-To": question["Message-ID"]})
    assert await comes(desk, reply) == ("added", "INC-1")
    assert "In progress" in (await desk.agent.runs("/incident INC-1")).text
    await desk.channel("service-desk").hears("INC-1", "Porto")
    await desk.agent.runs("/incident resolve INC-1 The tunnel was restarted")
    await desk.settles()
    assert "The tunnel was restarted" in desk.mail.taken[-1].get_content()
    # What the desk sent comes back, and what a program answers to it: nothing follows.
    count = len(desk.mail.taken)
    assert (await comes(desk, desk.mail.taken[-1].as_bytes()))[0] == "ignored"
    away = written("I am away", "Re: [INC-1]", 3, **{"Auto-Submitted": "auto-replied"})
    assert await comes(desk, away) == ("ignored", None)
    assert len(desk.mail.taken) == count


async def test_who_may_not_is_not_let_in_and_a_number_alone_opens_nothing(desk):
    await comes(desk, written("Since ten."))
    stranger = {"From": "eve@elsewhere.example"}
    assert (await comes(desk, written("Me too", "[INC-1]", 2, **stranger)))[0] == "ignored"
    other = written("Me too", "Re: [INC-1] VPN", 3, From="cook@example.com")
    assert await comes(desk, other) == ("reported", "INC-2"), "somebody else's number is no way into it"
    for number in range(4, 9):
        last = await comes(desk, written("Again", f"Number {number}", number))
    assert last[0] == "ignored", "two programs that answer each other end"


async def test_a_server_that_is_away_is_tried_again_and_one_that_refuses_is_told(desk):
    desk.mail.answer = "451 later"
    await comes(desk, written("Since ten."))
    assert desk.mail.taken == []
    desk.mail.answer = "250 ok"
    desk.clock.forward(minutes=6)
    await desk.settles()
    assert len(desk.mail.taken) == 1
    desk.mail.answer = "550 nobody here"
    await desk.agent.runs("/incident resolve INC-1 Done")
    await desk.settles()
    await desk.dm(desk.agent).hears("mail answer", "was not delivered", "The mail server said", "550 nobody here")


async def test_the_door_takes_what_providers_hand_on(desk):
    house = Starlette(routes=[mail_door.route(desk.bot.database, desk.clock.now, {"MAIL_KEY": "sesame"}.get)])
    async with server.serving(house, "127.0.0.1", 0) as url, aiohttp.ClientSession() as http:

        async def posts(where, **how):
            async with http.post(f"{url}{where}", **how) as answer:
                return answer.status

        assert await posts("/mail/help/wrong", data=b"x") == 404
        assert await posts("/mail/other/sesame", data=b"x") == 404
        door = "/mail/help/sesame"
        assert await posts(door, data=written("One")) == 200
        assert await posts(door, data={"body-mime": written("Two", number=2).decode()}) == 200
        assert await posts(door, json={"RawEmail": written("Three", number=3).decode()}) == 200
        assert await posts(door, json={"nothing": 1}) == 400
        nested = {"data": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}
        assert await posts(door, **nested) == 400
        assert await posts(door, data=b"no message") == 200
        assert await posts(door, data=io.BytesIO(b"x" * (mail_door.LARGEST + 1))) == 413
    await desk.settles()
    assert "INC-3" in (await desk.agent.runs("/incident list")).text


async def test_a_letter_that_cannot_be_written_holds_up_no_other():
    step = SendMail("smtp://127.0.0.1:1", None, "", "help@desk.example.com", "a@b\nBcc: c@d", "<1@x>", None, "s", "t")
    found = await mail_calls.send(step, lambda _: "", 1, "0000", 1)
    assert (type(found).__name__, "cannot be written" in found.error) == ("Refused", True)
    away = await mail_calls.send(replace(step, to="a@example.com"), lambda _: "", 1, "0000", 1)
    assert (type(away).__name__, away.seconds) == ("Deferred", 5.0)


async def test_who_wrote_from_outside_is_forgotten_by_their_address(desk):
    await comes(desk, written("SECRET: since ten."))
    (receipt,) = desk.mail.taken
    await comes(desk, written("SECRET: in Porto.", "Re: VPN", 2, **{"In-Reply-To": receipt["Message-ID"]}))
    await comes(desk, written("KEPT", "Mail", 3, From="cook@example.com"))
    async with desk.bot.database.begin() as tx:
        gone = await erasing.erase(tx, "Caller@example.com", by="operator", now=desk.clock.now())
    assert (gone.facts, gone.texts, gone.messages) == (2, 1, 2)
    await desk.settles()
    async with desk.bot.database.read() as tx:
        rows = [
            f"{table.name}: {dict(row)}"
            for table in METADATA.sorted_tables
            for row in (await (await tx.connection()).execute(select(table))).mappings()
        ]
        told = next(one for one in rows if "words_erased" in one)
    whole = "\n".join(rows)
    assert "caller" not in whole.casefold(), [one for one in rows if "caller" in one.casefold()]
    assert "somebody without Slack" in told
    assert "cook@example.com" in whole
    assert "SECRET: in Porto" not in whole, "an answer is words; the description of the incident is the desk's own"
    await desk.channel("service-desk").hears("INC-1", "By e-mail.")
    await desk.agent.runs("/incident resolve INC-1 Restarted")
    await desk.settles()
    assert [one["To"] for one in desk.mail.taken].count("caller@example.com") == 1, "who is forgotten is not answered"


async def under_imap(desk, box, more=""):
    async with desk.bot.database.begin() as tx:
        text = f'{BOX.format(smtp=desk.mail.url)}imap = "{box.url}"\nuser = "help"\npassword = "env:PASS"\n{more}'
        await desk_policy.adopt(tx, parse(text), by="deskbell", now=desk.clock.now())


async def looks(desk, typed="sesame"):
    return await imap.read_all(desk.bot.database, desk.clock.now, {"PASS": typed}.get)


async def test_a_mailbox_is_read_by_imap_and_each_message_once(desk, caplog):
    away = written("I am away", number=2, **{"Auto-Submitted": "auto-replied"})
    huge = b"Subject: x\r\n\r\n" + b"x" * (imap.LARGEST + 1)
    async with MailboxServer(written("Since ten."), away, huge, b"no message") as box:
        await under_imap(desk, box)
        assert await looks(desk, "wrong") == 0
        assert "the mailbox help cannot be read: error" in caplog.text
        box.cut_at = "UID STORE 1"
        assert await looks(desk) == 0, "it was killed after it kept the first, before the server knew"
        box.cut_at = ""
        assert await looks(desk) == 4
        assert box.seen == {1, 2, 3, 4}
        assert await looks(desk) == 0
        box.messages[5] = written("Since noon.", "Mail is slow", 5)
        assert await looks(desk) == 1
    await desk.settles()
    listed = (await desk.agent.runs("/incident list")).text
    assert ("INC-1" in listed, "INC-2" in listed, "INC-3" in listed) == (True, True, False)
    assert not [one for one in box.said if one.startswith(("UID COPY", "UID MOVE", "EXPUNGE"))]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("imap://mail.example.com", "without encryption"),
        ("https://mail.example.com", "is no mail server"),
        ("imaps://me:secret@mail.example.com", "has a name or password in it"),
    ],
)
def test_what_cannot_be_read_from_is_said_with_its_line(url, fault):
    with pytest.raises(PolicyFaults, match=fault):
        parse(BOX.format(smtp="smtp://localhost") + f'imap = "{url}"\n')


async def test_a_long_subject_and_who_wrote_stand_in_the_description_however_long_the_mail_is(desk):
    subject = " ".join(f"s{n}" for n in range(70))
    assert (await comes(desk, written("A line of many words. " * 300, subject=subject)))[0] == "reported"
    async with desk.bot.database.read() as tx:
        incident = await tx.get_one(Incident, 1)
    assert incident.summary == shorten(subject, 150)
    assert incident.description.startswith(subject)
    assert re.search(r"A line[^\n]*…\n\nIt goes on in the mailbox\.", incident.description)
    assert "It goes on in the mailbox." in incident.description
    assert incident.description.endswith("By e-mail from Remote Caller <caller@example.com>.")


@pytest.mark.slow
async def test_a_mail_that_takes_long_to_understand_ends_at_its_bound_and_the_desk_answers_meanwhile(desk):
    """Python's reader of HTML takes the square of what nothing closes: an hour of a message of 600,000 bytes."""
    letter = b"From: C <caller@example.com>\nSubject: x\nContent-Type: text/html\n\n" + b"<a " * 200_000
    coming = asyncio.create_task(comes(desk, letter, Bound(seconds=1, mebibytes=1000)))
    answered = 0
    while not coming.done():
        await desk.requester.runs("/incident list")
        answered += 1
    assert answered > 5
    assert await coming == ("unreadable", None)
    long = written("A line of words. " * 300, number=2)
    assert len(long) > receiving.SHORT
    assert await comes(desk, long) == ("reported", "INC-1")
