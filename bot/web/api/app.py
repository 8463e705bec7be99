"""The REST API: `/api/v1`, imported only where it is on, since FastAPI costs a start 0.2 s and 11 MiB."""

import re
from collections.abc import Callable
from datetime import datetime
from importlib import metadata
from typing import Any

from fastapi import Depends, FastAPI
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount

from bot.rules.api.limits import Limits
from bot.rules.api.tokens import WRITTEN
from bot.usecases.api import reading
from bot.web.api import desk, faults, incidents, records, webhooks
from bot.web.api.bounded import Bounded
from bot.web.api.door import USUAL, Door
from bot.web.api.page import html
from bot.web.api.problems import ProblemDetails
from storage.db.database import Database


def build(database: Database, now: Callable[[], datetime], limits: Limits = USUAL) -> FastAPI:
    app = FastAPI(
        title="Deskbell",
        version=metadata.version("deskbell"),
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
        responses={},
        dependencies=[Depends(faults.known_parameters)],
    )
    _open(Door(app, database, now, limits))
    app.add_middleware(Bounded)
    return app


def mounted(database: Database, now: Callable[[], datetime], limits: Limits = USUAL) -> Mount:
    """At /api/v1, whatever stands behind it: by itself a mount lets no path with a line break in."""
    mount = Mount("/api/v1", build(database, now, limits))
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def _open(door: Door) -> None:
    for collection, noun in reading.NOUNS.items():
        records.declare_reads(door, collection, noun)
    for collection in WRITTEN:
        records.declare_notes(door, collection, reading.NOUNS[collection])
    incidents.declare(door)
    desk.declare(door)
    faults.answered(door.app)
    _document(door.app)


def _document(app: FastAPI) -> None:
    """The OpenAPI document, with problems and webhooks in it, and its page."""
    document = app.openapi

    def with_problems() -> dict[str, Any]:
        whole = document()
        problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = whole.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(problem.pop("$defs", {}) | {"ProblemDetails": problem})
        whole.setdefault("webhooks", webhooks.declared())
        return whole

    app.openapi = with_problems  # type: ignore[method-assign]

    async def docs() -> Response:
        return HTMLResponse(html(app.openapi()))

    app.api_route("/docs", methods=["GET", "HEAD"], include_in_schema=False)(docs)
