"""`/report export incidents last month xlsx`: a file by direct message."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refusals import Refusal
from bot.rules.record.text import day_said
from bot.rules.report.export import Format, What
from bot.rules.report.periods import Every, Period, typed
from bot.usecases import people
from bot.usecases.report import exports
from bot.usecases.report.reports import Asked as Wanted
from bot.usecases.sla.board import service_named
from handlers.blocks import kit
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import PostFile
from handlers.records import replies
from handlers.records.commands import Asked
from storage.tables import Outbox

USAGE = "export incidents [this] [month] [SERVICE] [xlsx]"


async def ask(asked: Asked) -> None:
    """Without words of a time it is the last whole month, and a CSV without those of a format."""
    name, *words = asked.text.split()[1:] or [""]
    turn, what = asked.turn, exports.what_named(name)
    kind = Format(words.pop().casefold()) if words and words[-1].casefold() in set(Format) else Format.CSV
    asked_for, rest = typed(words)
    named = " ".join(rest)
    async with turn.begin() as tx:
        service = await service_named(tx, named) if named else None
        wanted = Wanted(asked_for.every or Every.MONTH, asked_for.running, service, asked_for.first)
        period, _ = wanted.periods(turn.now, await people.zone(tx, turn.person))
        rows = await exports.ask(tx, what, kind, period, service, by=turn.person, now=turn.now)
    await replies.say(asked.ack, _on_its_way(what, kind, period, rows))


async def _file(tx: AsyncSession, row: Outbox) -> Rendered:
    """Of what this person may see now; nothing where they may not have it any more."""
    data, reader = json.loads(row.data), row.lane.removeprefix("@")
    period = Period(datetime.fromisoformat(data["from"]), datetime.fromisoformat(data["to"]))
    what, kind = What(data["what"]), Format(data["format"])
    try:
        content = await exports.sent(tx, what, kind, period, data["service"] or None, reader)
    except Refusal:
        return None
    name = f"{what}-{period.start:%Y-%m-%d}-to-{period.end:%Y-%m-%d}-{row.id}.{kind}"
    title = f"{what.capitalize()} from {day_said(period.start)} to {day_said(period.end)}"
    return PostFile(reader, name, title, content, f"{title}, as you may see them. Times are in UTC.")


def _on_its_way(what: What, kind: Format, period: Period, rows: int) -> Message:
    count = f"{rows} rows" if rows != 1 else "1 row"
    text = (
        f"A file of {what} ({kind}, {count}) from {kit.when(period.start)} to {kit.when(period.end)} is on its way to "
        "your direct messages with me. That you asked for it is on record."
    )
    return Message(text, [kit.section(text)])


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.EXPORT_FILE: _file}
