"""A request for change as its forms have it: what is wrong with it, and the row that comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState, ChangeType, window_faults
from bot.rules.form.additional_fields import FieldsOf
from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import Kept
from bot.rules.record import text
from bot.rules.record.refusals import FormRefused
from bot.usecases.incident.visibility import named_in_form
from bot.usecases.policy import InForce
from bot.usecases.records import fields
from bot.usecases.records.visibility import sealed
from storage.tables import Change
from storage.workspace import people as directory


@dataclass(frozen=True)
class Request:
    """A request for change as its first form has it; field names are the form's."""

    title: str
    type: ChangeType
    service: str
    why: str
    plan: str
    backout: str
    starts_at: datetime
    ends_at: datetime
    implementer: str
    """Empty: whoever asks."""
    incident: str = ""
    """As typed; an emergency change names one."""
    fields: Mapping[str, Answer | None] | None = None
    """Additional ones by their keys; None where no form asked for them."""


@dataclass(frozen=True)
class Details:
    """What the second form has."""

    touches: tuple[str, ...] = field(default=())
    test_plan: str = ""
    communication: str = ""
    links: str = ""


GONE_SERVICE = "This service is not in the catalogue any more. Choose one from the list."


def cleaned(request: Request) -> Request:
    return replace(
        request,
        title=text.one_line(request.title),
        why=text.clean(request.why),
        plan=text.clean(request.plan),
        backout=text.clean(request.backout),
        incident=request.incident.strip(),
    )


async def checked(tx: AsyncSession, request: Request, desk: InForce, by: str, now: datetime) -> Request:
    """Cleaned, and with its incident's reference in full. Raises FormRefused."""
    tidy = cleaned(request)
    faults = text.faults(
        {
            "title": ("The title", tidy.title, text.SUMMARY_MOST),
            "why": ("The reason", tidy.why, text.WORDS_MOST),
            "plan": ("The plan", tidy.plan, text.WORDS_MOST),
            "backout": ("The backout plan", tidy.backout, text.WORDS_MOST),
        }
    )
    faults |= window_faults(request.starts_at, request.ends_at, now)
    if request.service not in desk.policy.services:
        faults["service"] = "Choose a service from the list." if not request.service else GONE_SERVICE
    if request.type is ChangeType.STANDARD:
        faults["type"] = "A standard change is made from what was agreed before: `/change standard`."
    faults |= await implementer_faults(tx, request.implementer)
    if request.type is ChangeType.EMERGENCY and not tidy.incident:
        faults["incident"] = "An emergency change mends an incident. Say which, as in INC-12."
    if request.fields is not None:
        faults |= fields.faults(fields.filled_in(desk.policy, FieldsOf.CHANGE, request.fields))
    incident = await named_in_form(tx, tidy.incident, by, "incident", faults)
    if faults:
        raise FormRefused(faults)
    return replace(tidy, incident=incident)


async def implementer_faults(tx: AsyncSession, implementer: str) -> dict[str, str]:
    found = await directory.get(tx, implementer) if implementer else None
    if found is not None and (found.deleted or found.is_bot or found.is_guest):
        return {"implementer": "This person cannot carry out changes here. Choose a member of the workspace."}
    return {}


async def answered(tx: AsyncSession, request: Request, desk: InForce) -> list[Kept] | None:
    """What is kept of additional fields; None where no form asked for them, so that those that are there stay."""
    if request.fields is None:
        return None
    filled = fields.filled_in(desk.policy, FieldsOf.CHANGE, request.fields)
    return await sealed(tx, filled.kept(fields.known(desk.policy)))


def columns(request: Request, by: str, kept: Sequence[Kept] | None) -> dict[str, Any]:
    """As the table has them."""
    said = {name: value for name, value in asdict(request).items() if name != "fields"}
    said |= {} if kept is None else {"additional": fields.text(kept)}
    return said | {"implementer": request.implementer or by, "incident": request.incident or None}


def draft(number: int, request: Request, kept: Sequence[Kept] | None, desk: InForce, by: str, now: datetime) -> Change:
    return Change(
        number=number,
        state=ChangeState.DRAFT,
        requester=by,
        requested_at=now,
        policy_version=desk.version,
        **columns(request, by, kept),
    )
