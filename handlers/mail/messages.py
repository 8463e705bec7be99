"""What people without Slack are sent."""

import json
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.usecases.mail import answering
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import SendMail
from handlers.records.registration import Registration
from storage.tables import Outbox


async def _answer(tx: AsyncSession, row: Outbox) -> Rendered:
    told = json.loads(row.data)
    letter = await answering.letter(tx, row, told["kind"], told["at"])
    if letter is None or letter.mailbox.smtp is None:
        return None
    box = letter.mailbox
    secret = (box.password or "").removeprefix("env:")
    to, id_, answers, subject, text = letter.to, letter.id, letter.answers, letter.subject, letter.text
    return SendMail(letter.mailbox.smtp, box.user, secret, box.address, to, id_, answers, subject, text)


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.MAIL_ANSWER: _answer}
REGISTRATION = Registration(renderers=RENDERERS)
