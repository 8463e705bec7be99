"""The workspace in a browser: a shell, modules of plain JavaScript and style sheets, all served from here."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

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


def routes() -> list[BaseRoute]:
    """`/` and `/static`; the data behind them comes from the control door."""
    return [Route("/", _shell, methods=["GET"]), Mount("/static", StaticFiles(directory=STATIC), name="static")]


async def _shell(_request: Request) -> HTMLResponse:
    return HTMLResponse(_page(), headers=HEADERS)


@cache
def _page() -> str:
    """The shell is the same for everyone; whatever is shown in it is fetched."""
    templates = Environment(
        loader=PackageLoader("bot.sandbox.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sheets = sorted(sheet.name for sheet in (STATIC / "css").glob("*.css"))
    return templates.get_template("shell.html").render(sheets=sheets, forward=FORWARD)


FORWARD = [
    ("+15 min", "Forward 15 minutes", "minutes", 15),
    ("+1 h", "Forward 1 hour", "hours", 1),
    ("+1 day", "Forward 1 day", "days", 1),
]
"""What the clock's buttons show, are called, and post."""
