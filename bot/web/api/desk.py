"""What the API tells beside records: alerts, services, who is on call."""

from typing import Any

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import JSONResponse, Response

from bot.usecases.alert import lists as alert_lists
from bot.usecases.api.tokens import Caller
from bot.usecases.policy import in_force
from bot.web.api import rotas
from bot.web.api.door import LIMIT, Door, Key, Limit, Since, Until, Words, pages
from storage.tables import Alert


def declare(door: Door) -> None:
    async def alerts(request: Request, q: Words = "", limit: Limit = LIMIT) -> Response:
        async def ask(tx: AsyncSession, who: Caller) -> Response:
            found = await alert_lists.page(tx, q, by=who.person, size=limit)
            rows = [_alert(alert, group.incident) for alert, group in found.rows]
            return JSONResponse({"items": rows, "total": found.total})

        return await door.read(request, "alerts:read", ask)

    async def services(request: Request) -> Response:
        async def ask(tx: AsyncSession, _who: Caller) -> Response:
            policy = (await in_force(tx)).policy
            return JSONResponse(
                {"items": [{"key": key, **one.model_dump(mode="json")} for key, one in policy.services.items()]}
            )

        return await door.read(request, "services:read", ask)

    door.get("/alerts", alerts, "Alerts that fire, or others by their words", pages())
    door.get("/services", services, "The services of the policy", pages())

    async def on_call(request: Request) -> Response:
        async def ask(tx: AsyncSession, who: Caller) -> Response:
            return JSONResponse({"items": await rotas.every(tx, who.person, door.now())})

        return await door.read(request, "rotas:read", ask)

    async def shifts(request: Request, key: Key, since: Since = None, until: Until = None) -> Response:
        async def ask(tx: AsyncSession, who: Caller) -> Response:
            return JSONResponse(await rotas.shifts(tx, key, since, until, who.person, door.now()))

        return await door.read(request, "rotas:read", ask)

    door.get("/rotas", on_call, "Who is on call for each rota, now and next", pages())
    door.get("/rotas/{key}/shifts", shifts, "Who is on call for a rota in a span, and why", pages())


def _alert(alert: Alert, incident: int | None) -> dict[str, Any]:
    told = alert.model_dump(mode="json", exclude={"kept", "changes", "group_id", "labels"})
    return {**told, "incident": f"INC-{incident}" if incident else None}
