# ruff: noqa: E501 - what a policy may say, a line each
"""E-mails as what they say, whatever program wrote them."""

from email.message import EmailMessage

import pytest

from bot.rules.mail.messages import Unreadable, read
from bot.rules.policy.policy import PolicyFaults, parse

OWN = "help@desk.example.com"


def mail(text="It is down", *, html="", attached=(), **headers):
    message = EmailMessage()
    told = {"From": "Remote Caller <Caller@Example.com>", "Subject": "VPN", "Message-ID": "<1@example.com>"} | headers
    for name, value in told.items():
        if value is not None:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name in attached:
        message.add_attachment(b"x", maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def test_a_report_as_it_is_read():
    found = read(mail(attached=["log.pdf"], Subject="Re: AW: [INC-12] VPN  is down"), "made", OWN)
    assert (found.address, found.name, found.subject, found.ref) == (
        "caller@example.com",
        "Remote Caller",
        "VPN is down",
        "INC-12",
    )
    assert (found.text, found.attachments, found.program) == ("It is down", ("log.pdf",), "")
    found = read(
        mail(References="<a@x> <b@x>", In_Reply_To="<b@x>", Message_ID=None, **{"Message-ID": None}), "made", OWN
    )
    assert (found.id, found.thread) == ("<made>", ("<b@x>", "<a@x>"))
    only = EmailMessage()
    only["From"], only["Subject"] = "caller@example.com", "=?utf-8?q?Caf=C3=A9?="
    only.set_content("<p>It &amp; that</p><script>x</script>", subtype="html")
    found = read(only.as_bytes(), "made", OWN)
    assert (found.subject, found.text) == ("Café", "It & that")


@pytest.mark.parametrize(
    "text",
    [
        "New words\n\nOn Mon, 2 Mar 2026 at 10:00, Desk <d@x> wrote:\n> old words",
        "New words\n-- \nJane, old words",
        "New words\n> old words\n> more",
        "New words\r\n\r\nAm 02.03.2026 schrieb Desk:\r\nold words",
        "New words\n\n-----Original Message-----\nold words",
    ],
)
def test_what_is_quoted_and_a_signature_are_left_out(text):
    assert read(mail(text), "made", OWN).text == "New words"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; x=y"},
        {"Auto-Submitted": "auto-replied (vacation)"},
        {"Precedence": "bulk (news)"},
        {"X-AutoReply-From": "caller@example.com"},
        {"X-FC-MachineGenerated": "true"},
        {"X-Failed-Recipients": "engineer@example.com"},
        {"List-Unsubscribe": "<mailto:off@example.com>"},
        {"Precedence": "bulk"},
        {"X-Autoreply": "yes"},
        {"List-Id": "<all.example.com>"},
        {"Return-Path": "<>"},
        {"From": "MAILER-DAEMON@example.com"},
        {"From": "no-reply@example.com"},
        {"From": f"Desk <{OWN}>"},
        {"X-Deskbell": "1"},
    ],
)
def test_what_a_program_sent_is_known(headers):
    assert read(mail(**headers), "made", OWN).program
    assert not read(mail(**{"Auto-Submitted": "no"}), "made", OWN).program
    assert not read(mail(**{"Auto-Submitted": "No (somebody typed it)"}), "made", OWN).program


@pytest.mark.parametrize("head", ["text/calendar; method=REPLY", "text/calendar; charset=utf-8"])
def test_an_answer_to_an_invitation_is_a_calendars(head):
    def written(kind, method, more=""):
        whole = f"From: caller@example.com\nSubject: Accepted\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n"
        whole += (
            f"\n--b\nContent-Type: text/plain\n\nSee this\n--b\nContent-Type: {head.replace('REPLY', method)}\n{more}"
        )
        return f"{whole}\nBEGIN:VCALENDAR\nMETHOD:{method}\nEND:VCALENDAR\n--b--\n".encode()

    assert read(written("alternative", "REPLY"), "made", OWN).program == "it answers an invitation"
    assert not read(written("alternative", "REQUEST"), "made", OWN).program
    shown = written("mixed", "REPLY", "Content-Disposition: attachment; filename=answer.ics\n")
    assert not read(shown, "made", OWN).program, "somebody shows it"


def test_what_cannot_be_read():
    for content in (b"", b"\xff\xfe\x00", b"From: \nSubject: x\n\ny", b"From: nobody\n\nx"):
        with pytest.raises(Unreadable):
            read(content, "made", OWN)
    odd = b"From: a@example.com\nSubject: =?nope?q?x?=\nContent-Type: text/plain; charset=nope\n\nC\xe9d\n"
    assert read(odd, "made", OWN).address == "a@example.com"
    assert read(b"From: a@example.com\nMessage-ID: \n\n", "made", OWN).text == ""


BOX = '[mailboxes.help]\naddress = "help@desk.example.com"\nkey = "env:MAIL"\nsenders = ["example.com"]\n'


def test_the_section_and_what_it_cannot_say():
    box = parse(BOX).mailboxes["help"]
    assert [box.lets_in(one) for one in ("caller@example.com", "caller@sub.example.com", "x@example.org")] == [
        True,
        False,
        False,
    ]
    for was, now in (
        ("help@desk.example.com", "help"), ("env:MAIL", "secret"), ('["example.com"]', "[]"),
        ('["example.com"]', '["remote caller"]'), ('key = "env:MAIL"', 'key = "env:MAIL"\nsmtp = "http://x"'),
        ('key = "env:MAIL"', 'key = "env:MAIL"\nsmtp = "smtp://a:b@x"'), ('key = "env:MAIL"', 'key = "env:MAIL"\nservice = "no"'),
    ):  # fmt: skip
        with pytest.raises(PolicyFaults):
            parse(BOX.replace(was, now))
