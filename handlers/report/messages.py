"""What is said of reports that were issued, drawn from what was frozen."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.rules.record.text import shorten
from bot.rules.report.issue import Content
from bot.usecases.policy import in_force
from bot.usecases.report import issued_access, issuing
from handlers.blocks import kit
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import PostFile
from handlers.report import picture
from handlers.report.views import issued as views
from handlers.report.views.issued import Sheet
from storage.action import actions
from storage.delivery import posts
from storage.journal import journal
from storage.tables import IssuedReport, Outbox, Post


async def card_of(tx: AsyncSession, report: IssuedReport) -> Message:
    content = await issuing.content_of(tx, report, report.revision)
    done = await actions.of_parent(tx, str(report.ref))
    sound = await issuing.is_sound(tx, report)
    return views.card(
        Sheet(report, content, (await in_force(tx)).policy, [one for one in done if not one.private], sound)
    )


async def _posted(tx: AsyncSession, row: Outbox) -> Rendered:
    return await card_of(tx, await issued_access.find(tx, of_subject(row.about)))


async def _detail(tx: AsyncSession, row: Outbox) -> Rendered:
    report, version = await issued_access.find(tx, of_subject(row.about)), int(json.loads(row.data)["version"])
    content, head = await issuing.content_of(tx, report, version), await _head(tx, row)
    old = await issuing.content_of(tx, report, version - 1) if version > 1 else None
    message = views.detail(report, content, (await in_force(tx)).policy, old, await _why(tx, row.about, version))
    return replace(message, thread_ts=head.ts) if head else message


async def _file(tx: AsyncSession, row: Outbox) -> Rendered:
    report, version = await issued_access.find(tx, of_subject(row.about)), int(json.loads(row.data)["version"])
    head = await _head(tx, row)
    if head is None:
        return None
    name, content = views.file(await issuing.content_of(tx, report, version))
    title = f"{report.ref}, version {version}: the figures"
    file = f"{str(report.ref).lower()}-{name}-v{version}.csv"
    return PostFile(head.channel, file, title, content, title, thread_ts=head.ts)


async def _picture(tx: AsyncSession, row: Outbox) -> Rendered:
    report, version = await issued_access.find(tx, of_subject(row.about)), int(json.loads(row.data)["version"])
    content, head = await issuing.content_of(tx, report, version), await _head(tx, row)
    if head is None or not picture.known(content):
        return None
    title = views.title(report) if version == 1 else f"{views.title(report)}, version {version}"
    name = f"{str(report.ref).lower()}-figures-v{version}.png"
    return _file_of(head.channel, name, title, content, head.ts)


async def _asked_for(_tx: AsyncSession, row: Outbox) -> Rendered:
    """Of figures that `/report` told without charts, as it told them."""
    data = json.loads(row.data)
    title, content = data["title"], {"figures": json.loads(data["figures"])}
    return _file_of(row.lane.removeprefix("@"), f"figures-{row.id}.png", title, content)


def _file_of(channel: str, name: str, title: str, content: Content, thread_ts: str | None = None) -> PostFile:
    said = kit.esc(shorten(picture.words(content), 2000))
    return PostFile(channel, name, title, partial(picture.png, title, content), said, thread_ts=thread_ts)


async def _why(tx: AsyncSession, subject: str, version: int) -> str:
    told = await journal.timeline(tx, subject)
    found = [one for one in told if one.kind is FactKind.REPORT_CORRECTED and one.data.get("version") == version]
    return found[0].words.get("comment", "") if found else ""


async def _head(tx: AsyncSession, row: Outbox) -> Post | None:
    return await posts.first(tx, row.about, NoticeKind.REPORT_POSTED, row.lane)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.REPORT_POSTED: _posted,
    NoticeKind.REPORT_DETAIL: _detail,
    NoticeKind.REPORT_FILE: _file,
    NoticeKind.REPORT_PICTURE: _picture,
    NoticeKind.FIGURES_PICTURE: _asked_for,
}
