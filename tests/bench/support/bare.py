"""A bot that opens a form and saves a row of what was sent, and does nothing else: the measure of what Deskbell does.

A process of its own, as Bolt's own examples have it: `python bare.py async|sync`.
"""

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.rules.policy.policy import parse
from handlers.ids import Form
from handlers.incident.views.report_form import Draft, report_form


def rows(url: str) -> sqlite3.Connection:
    """As careful with a row as Deskbell is."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE report (number INTEGER PRIMARY KEY, person TEXT, said TEXT)")
    return connection


def of_async(view: dict[str, Any], token: str, address: str, secret: str) -> AsyncSlackRequestHandler:
    app = AsyncApp(client=AsyncWebClient(token, base_url=address), signing_secret=secret)
    database = rows(os.environ["DESKBELL_DATABASE_URL"])

    @app.command("/incident")
    async def opens(ack: Any, command: dict[str, Any], client: AsyncWebClient) -> None:
        # In this order, as Bolt's examples have it: three seconds later it answers 404 by itself.
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=view)

    @app.view(Form.INCIDENT_REPORT)
    async def saves(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        told = (body["user"]["id"], str(view["state"]["values"]))
        database.execute("INSERT INTO report (person, said) VALUES (?, ?)", told)
        await ack()

    return AsyncSlackRequestHandler(app)


def of_sync(view: dict[str, Any], token: str, address: str, secret: str) -> SlackRequestHandler:
    app = App(client=WebClient(token, base_url=address), signing_secret=secret)

    @app.command("/incident")
    def opens(ack: Any, command: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=view)

    return SlackRequestHandler(app)


def main(kind: str) -> None:
    import uvicorn

    told = os.environ.get("DESKBELL_POLICY")
    policy = parse(Path(told).read_text(encoding="utf-8") if told else "")
    view = report_form(policy, Draft(summary="Service 1 is down", service=next(iter(policy.services))))
    slack = (os.environ[one] for one in ("SLACK_BOT_TOKEN", "DESKBELL_SLACK_API_URL", "SLACK_SIGNING_SECRET"))
    answer = (of_async if kind == "async" else of_sync)(view, *slack)

    async def events(request: Request) -> Response:
        return await answer.handle(request)

    async def ready(_: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [Route("/slack/events", events, methods=["POST"]), Route("/ready", ready)]
    port = int(os.environ["DESKBELL_PORT"])
    uvicorn.run(Starlette(routes=routes), port=port, log_level="error", backlog=2048)


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[3]))
    main(sys.argv[1])
