"""The workspace in a browser: a shell, modules of plain JavaScript and style sheets, all served from here."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

STATIC = Path(__file__).with_name("static")

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: https:",  # image blocks name pictures elsewhere
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


WAIT_SECONDS = 1
"""After which a program may ask again; the page does so by itself."""


def routes(slack: "Workspace") -> list[BaseRoute]:
    """`/` and `/static`; the data behind them comes from the control door."""

    async def shell(_request: Request) -> HTMLResponse:
        if not slack.busy:
            return HTMLResponse(_page(), headers=HEADERS)
        return HTMLResponse(_waiting(slack.name, slack.busy), 503, headers=HEADERS | {"Retry-After": f"{WAIT_SECONDS}"})

    return [Route("/", shell, methods=["GET"]), Mount("/static", StaticFiles(directory=STATIC), name="static")]


@cache
def _page() -> str:
    """The shell is the same for everyone; whatever is shown in it is fetched."""
    return _templates().get_template("shell.html").render(sheets=_sheets(), forward=FORWARD)


def _waiting(name: str, busy: str) -> str:
    return _templates().get_template("waiting.html").render(sheets=_sheets(), name=name, busy=busy)


def _sheets() -> list[str]:
    return sorted(sheet.name for sheet in (STATIC / "css").glob("*.css"))


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.sandbox.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


FORWARD = [
    ("+15 min", "Forward 15 minutes", "minutes", 15),
    ("+1 h", "Forward 1 hour", "hours", 1),
    ("+1 day", "Forward 1 day", "days", 1),
]
"""What the clock's buttons show, are called, and post."""
