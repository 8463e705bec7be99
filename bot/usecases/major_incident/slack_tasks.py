"""What becomes of a major incident when Slack has taken a step for it, or will not."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.major_incident import notices
from bot.rules.major_incident.channel import lane
from bot.rules.record.facts import SYSTEM, FactKind
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.usecases.major_incident import major_incidents as majors
from bot.usecases.major_incident import timeline
from bot.usecases.policy import in_force
from storage.delivery import outbox
from storage.incident import incidents
from storage.major_incident import major_incidents
from storage.tables import Outbox
from storage.workspace import channels


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """The relay tells what came of a row; of rows that are no major incident's, nothing follows."""
    if row.lane != lane(row.about) or (row.verb != "step" and outcome.standing is Standing.GIVEN_UP):
        return
    ref, kind = of_subject(row.about), NoticeKind(row.kind)
    if outcome.standing is not Standing.DONE:
        await hindered(tx, ref, kind, outcome.error, now)
    elif kind is NoticeKind.MAJOR_CHANNEL:
        await _opened(tx, ref, outcome, now)
    elif kind is NoticeKind.MAJOR_INVITATION:
        for person, code in outcome.found.items():
            await hindered(tx, ref, kind, code, now, person)
    elif kind is NoticeKind.MAJOR_PIN:
        await timeline.was_read(tx, row, outcome.found, now)


async def hindered(tx: AsyncSession, ref: Ref, kind: NoticeKind, code: str, now: datetime, person: str = "") -> None:
    """On record and said, once; the incident goes on."""
    incident = await incidents.get(tx, ref.number)
    if incident is None:
        return
    room = majors.room((await in_force(tx)).policy, incident)
    notice = notices.hindered(str(ref), room, kind, code.partition(":")[0], person)
    if await outbox.is_queued(tx, notice):
        return
    data = {"step": str(kind), "error": code, "person": person or None}
    await majors.record(tx, FactKind.MAJOR_STEP_HINDERED, ref, SYSTEM, now, dict(data))
    await outbox.put(tx, notice, now)


async def _opened(tx: AsyncSession, ref: Ref, outcome: Outcome, now: datetime) -> None:
    channel, name = outcome.found["channel"], outcome.found["name"]
    await channels.set(tx, str(ref), channel)
    await major_incidents.opened(tx, ref.number, name)
    await majors.record(tx, FactKind.MAJOR_CHANNEL_OPENED, ref, SYSTEM, now, {"channel": channel, "name": name})
    await outbox.redraw(tx, str(ref), now)


async def channel_archived(tx: AsyncSession, channel: str, now: datetime) -> None:
    """Where it is a major incident's own that is under way, people hear of it. `channel` is Slack's id."""
    subject = await major_incidents.subject_in(tx, channel)
    major = await major_incidents.get(tx, of_subject(subject).number) if subject else None
    if subject is not None and major is not None and major.ended_at is None:
        await hindered(tx, of_subject(subject), NoticeKind.MAJOR_CHANNEL, "is_archived", now)
