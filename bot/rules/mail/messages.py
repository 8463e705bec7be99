"""An e-mail as what it says: from whom, in which thread, whether a program sent it, and the words that are new."""

import email
import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import parseaddr

from bot.rules.record import text as record_text
from bot.rules.record.html_text import text_of

SUBJECT_REF = re.compile(r"\[(INC-[1-9][0-9]{0,8})\]")
OURS = "X-Deskbell"
"""The header of what Deskbell sends: what has it is no report."""
_OF_PROGRAMS = (
    "X-Autoreply", "X-AutoReply-From", "X-Mail-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress",
    "X-FC-MachineGenerated", "X-Failed-Recipients", "List-Id", "List-Unsubscribe", "List-Post",
)  # fmt: skip
"""Headers that people's own messages have not."""
_PROGRAMS = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "bounce")
_QUOTE = re.compile(
    r"^(?:-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine)\s*-{2,}"
    r"|(?:On|Am|Le|El|Il) .{5,200}(?:wrote|schrieb|a écrit|escribió|ha scritto)(?: .{0,80})?:"
    r"|_{20,}|From: .+|Von: .+|De : .+)\s*$"
)
PARTS_MOST = 200
THREAD_MOST = 50


@dataclass(frozen=True)
class Mail:
    id: str
    """Its Message-ID, or what stands in for it."""
    thread: tuple[str, ...]
    """Ids of the messages that it answers, the nearest first."""
    address: str
    name: str
    subject: str
    text: str
    """Without what it quotes and a signature."""
    attachments: tuple[str, ...]
    program: str
    """Why it is taken for a program's; empty for a person's."""
    ref: str
    """The number in its subject."""

    @property
    def who(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


_SIGNED = "By e-mail from {who}."
_SIGNATURE = re.compile(r"^By e-mail from .+\.$", re.MULTILINE)


def signed(mail: Mail) -> str:
    """Who wrote, as a description ends with it."""
    return _SIGNED.format(who=mail.who)


def unsigned(text: str) -> str:
    """The same without who that was."""
    return _SIGNATURE.sub("By e-mail.", text)


class Unreadable(ValueError):
    """Why it is no message that anybody could have sent."""


def read(content: bytes, made: str, own: str) -> Mail:
    """`made` stands in for a Message-ID that is missing; `own`: the mailbox's address. Raises Unreadable."""
    try:
        message = email.message_from_bytes(content, policy=policy.default)
        name, address = parseaddr(_header(message, "From"))
        subject = record_text.one_line(_header(message, "Subject"))
    except Exception as fault:  # noqa: BLE001 - the library raises whatever a broken header makes it
        raise Unreadable(f"its headers cannot be read ({type(fault).__name__})") from None
    if "@" not in address:
        raise Unreadable("it has no sender")
    plain, attachments = _parts(message)
    found = SUBJECT_REF.search(subject)
    return Mail(
        _header(message, "Message-ID").strip()[:500] or f"<{made}>",
        tuple(dict.fromkeys([*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))]))[:THREAD_MOST],
        address.casefold()[:300],
        record_text.one_line(name)[:100],
        re.sub(r"^(?:(?:re|aw|fwd?|wg|tr|sv)\s*:\s*)+", "", SUBJECT_REF.sub("", subject), flags=re.IGNORECASE).strip(),
        _said(plain),
        tuple(attachments),
        _program(message, address, own),
        found[1] if found else "",
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, "") or "")


def _ids(message: EmailMessage, name: str) -> list[str]:
    return re.findall(r"<[^<>\s]{1,500}>", _header(message, name))


def _bare(value: str) -> str:
    """Without comments and parameters: “No (somebody typed it)” is “no” (RFC 3834, 5)."""
    return re.sub(r"\([^()]*\)", "", value).casefold().partition(";")[0].strip()


def _program(message: EmailMessage, address: str, own: str) -> str:
    auto = _bare(_header(message, "Auto-Submitted"))
    local = address.casefold().partition("@")[0]
    if address.casefold() == own or _header(message, OURS):
        return "Deskbell sent it itself"
    if auto not in ("", "no"):
        return "it answers by itself"
    if _bare(_header(message, "Precedence")) in ("bulk", "junk", "list", "auto_reply"):
        return "it is bulk mail"
    if any(_header(message, one) for one in _OF_PROGRAMS):
        return "it answers by itself, or is of a list"
    if _header(message, "Return-Path").strip() == "<>" or message.get_content_type() == "multipart/report":
        return "it tells of a message that was not delivered"
    if _answers_an_invitation(message):
        return "it answers an invitation"
    if any(local.startswith(one) for one in _PROGRAMS):
        return "nobody reads at its sender"
    return ""


def _answers_an_invitation(message: EmailMessage) -> bool:
    """A calendar writes it when somebody accepts or declines (iTIP, RFC 5546, 3.2.3)."""
    left: list[EmailMessage] = [message]
    for _ in range(PARTS_MOST):
        if not left:
            break
        part = left.pop()
        # What is attached, a whole message too, is somebody's to show.
        if part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/calendar" and _method(part) == "reply":
            return True
        if part.get_content_maintype() == "multipart":
            left += [one for one in part.iter_parts() if isinstance(one, EmailMessage)]
    return False


def _method(part: EmailMessage) -> str:
    """In its header (RFC 6047, 2.4), or in the calendar itself."""
    said = part.get_param("method")
    found = None if said else re.search(r"^METHOD:(\w+)", _decoded(part), re.IGNORECASE | re.MULTILINE)
    return str(said or (found[1] if found else "")).casefold()


def _parts(message: EmailMessage) -> tuple[str, list[str]]:
    """The words, and the names of what is attached, which is not kept."""
    plain, markup, names = "", "", list[str]()
    for place, part in enumerate(message.walk()):
        if place > PARTS_MOST:
            break
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), part.get_filename()
        if name or part.get_content_disposition() == "attachment":
            names.append(record_text.one_line(str(name or "unnamed"))[:200])
        elif kind == "text/plain" and not plain:
            plain = _decoded(part)
        elif kind == "text/html" and not markup:
            markup = _decoded(part)
    return plain if plain.strip() else text_of(markup), names


def _decoded(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, ValueError, AssertionError):
        return (part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]


def _said(text: str) -> str:
    lines = record_text.clean(text).split("\n")
    kept: list[str] = []
    for line in lines:
        if line.rstrip() == "--" or (_QUOTE.match(line.strip()) and any(one.strip() for one in kept)):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
