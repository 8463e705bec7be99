"""What the page's tests do over and over: type, listen, answer."""

import re
from typing import Any

from playwright.async_api import Page
from slack_bolt.async_app import AsyncApp


async def write(page: Page, text: str) -> None:
    """Type into the composer and press Enter."""
    box = page.get_by_role("combobox", name=re.compile("^Message"))
    await box.fill(text)
    await box.press("Enter")


def opens(app: AsyncApp, view: dict[str, Any]) -> None:
    """/raw opens this modal."""

    @app.command("/raw")
    async def _(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()


def hears(app: AsyncApp, *actions: str) -> list[dict[str, Any]]:
    """What these actions carried, as they come in."""
    heard: list[dict[str, Any]] = []

    async def keep(ack: Any, action: dict[str, Any]) -> None:
        heard.append(action)
        await ack()

    for action in actions:
        app.action(action)(keep)
    return heard


def submits(app: AsyncApp) -> list[dict[str, Any]]:
    """The values of each submission, by block_id; all are taken."""
    sent: list[dict[str, Any]] = []

    @app.view("form")
    async def _(ack: Any, view: dict[str, Any]) -> None:
        sent.append({block: next(iter(kept.values())) for block, kept in view["state"]["values"].items()})
        await ack()

    return sent
