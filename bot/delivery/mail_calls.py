"""E-mail by SMTP, beside the event loop: encrypted where the server can, and always where a password is said."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from urllib.parse import urlsplit

from bot.delivery.results import Deferred, Refused, Result, Sent
from bot.rules.mail.messages import OURS
from bot.rules.webhook import schedule
from handlers.delivery.slack_tasks import SendMail
from storage.db.database import in_transaction

Secrets = Callable[[str], str]


async def send(step: SendMail, secret: Secrets, tries: int, mark: str, seconds: float) -> Result:
    """The verdict, with when it is to be tried again. `tries`: with this one."""
    if in_transaction():
        raise RuntimeError("no mail is sent while a transaction is open")
    try:
        await asyncio.to_thread(_send, step, secret, seconds)
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        if code >= 500:
            return Refused(f"{code} {said.decode('utf-8', 'replace')}"[:200])
        return _again(f"{code}", tries, mark)
    except smtplib.SMTPResponseException as fault:
        by_server = fault.smtp_error
        words = by_server if isinstance(by_server, str) else by_server.decode("utf-8", "replace")
        error = f"{fault.smtp_code} {words}"[:200]
        return Refused(error) if fault.smtp_code >= 550 else _again(error, tries, mark)
    except (OSError, smtplib.SMTPException, ssl.SSLError) as fault:
        return _again(f"{type(fault).__name__}: {fault}"[:200], tries, mark)
    except Exception as fault:  # noqa: BLE001 - a letter that cannot be written must not hold up those behind it
        return Refused(f"it cannot be written: {type(fault).__name__}: {fault}"[:200])
    return Sent()


def _again(error: str, tries: int, mark: str) -> Result:
    wait = schedule.wait(tries, mark)
    if wait is None:
        return Refused(f"{error}; tried {tries} times")
    return Deferred(error, seconds=wait.total_seconds())


def _send(step: SendMail, secret: Secrets, seconds: float) -> None:
    letter = message(step)
    parts = urlsplit(step.server)
    host, trusted = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=seconds, context=trusted)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=seconds)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=trusted)
            server.ehlo()
        elif parts.scheme == "smtp" and step.user:
            raise smtplib.SMTPException("the server offers no encryption, and a password is said to none such")
        if step.user:
            server.login(step.user, secret(step.password))
        server.send_message(letter, step.sender, [step.to])


def message(step: SendMail) -> EmailMessage:
    found = EmailMessage(policy=SMTP)
    found["From"], found["To"], found["Subject"] = step.sender, step.to, step.subject
    found["Date"], found["Message-ID"] = formatdate(), step.id
    # So that other programs do not answer it, and ours does not read it.
    found["Auto-Submitted"], found[OURS] = "auto-replied", "1"
    if step.answers:
        found["In-Reply-To"] = found["References"] = step.answers
    found.set_content(step.text)
    return found
