"""Incidents, as programs log them and take them through their flow."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from bot.rules.record.refs import Noun, Ref
from bot.usecases.api import reading
from bot.usecases.api.tokens import Caller
from bot.usecases.incident import incidents, steps
from bot.web.api.bodies import NewIncident, Pending, Reason, Resolution
from bot.web.api.door import Door, RefPath
from storage.tables import Record


def declare(door: Door) -> None:
    async def log_one(request: Request, body: NewIncident) -> Response:
        async def effect(tx: AsyncSession, who: Caller) -> Record:
            report = incidents.Report(
                body.summary, body.description, body.service, body.impact, body.urgency, body.private
            )
            return await incidents.log(tx, report, by=who.person, now=door.now())

        return await door.write(request, "incidents:write", effect, None, 201)

    door.post("/incidents", log_one, "Log an incident", 201, seen=False)

    async def step(request: Request, ref: str, take: Callable[..., Awaitable[Record]], *given: Any) -> Response:
        about = Ref.parse(ref, Noun.INCIDENT)

        async def effect(tx: AsyncSession, who: Caller) -> Record:
            await reading.one(tx, about, who)
            return await take(tx, about, *given, by=who.person, now=door.now())

        return await door.write(request, "incidents:write", effect, about)

    async def acknowledge(request: Request, ref: RefPath) -> Response:
        return await step(request, ref, steps.acknowledge)

    async def start(request: Request, ref: RefPath) -> Response:
        return await step(request, ref, steps.start)

    async def pend(request: Request, ref: RefPath, body: Pending) -> Response:
        return await step(request, ref, steps.pend, body.on, body.reason)

    async def resume(request: Request, ref: RefPath) -> Response:
        return await step(request, ref, steps.resume)

    async def resolve(request: Request, ref: RefPath, body: Resolution) -> Response:
        return await step(request, ref, steps.resolve, body.code, body.resolution)

    async def close(request: Request, ref: RefPath) -> Response:
        return await step(request, ref, steps.close)

    async def cancel(request: Request, ref: RefPath, body: Reason) -> Response:
        return await step(request, ref, steps.cancel, body.reason)

    async def reopen(request: Request, ref: RefPath, body: Reason) -> Response:
        return await step(request, ref, steps.reopen, body.reason)

    for one in (acknowledge, start, pend, resume, resolve, close, cancel, reopen):
        verb = one.__name__
        door.post(f"/incidents/{{ref}}/{verb}", one, f"{verb.capitalize()} an incident")
