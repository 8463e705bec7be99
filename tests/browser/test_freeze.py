"""A freeze in a browser: it holds a change that waits, and the next one is told so while its form is filled in."""

from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PACE_MS = 20_000
"""The demo runs in real time, and Slack takes one message a second."""


async def test_a_freeze_holds_a_change_and_shows_on_the_next_form(page: Page, pictures: Path) -> None:
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await go_to(page, "changes")
    await types(page, "/change Renew the VPN certificate")
    for label, words in (
        ("Why", "It runs out next week."),
        ("Plan", "Renew it on both nodes, one after the other."),
        ("Backout plan", "Put the former one back."),
    ):
        await form.get_by_label(label, exact=True).fill(words)
    await form.get_by_role("button", name="Ask for approval").click()
    await expect(form).to_have_count(0)
    card = messages.get_by_role("article").filter(has_text="Renew the VPN certificate").filter(has_text="Asked for ")
    await expect(card.first.get_by_text("Waiting for one of")).to_be_visible(timeout=PACE_MS)

    await act_as(page, "Manager")
    await types(page, "/change freeze")
    await form.get_by_label("Title").fill("Year-end closing")
    await form.get_by_label("Reason").fill("The books are closed; nothing may stand in the way of the auditors.")
    await _ends_in_days(page, 9)
    await form.get_by_role("button", name="Make it").click()
    await expect(form).to_have_count(0)
    freeze = messages.get_by_role("article").filter(has_text="WIN-1 Year-end closing").filter(has_text="Made by")
    await expect(freeze.get_by_text("Holds CHG-")).to_be_visible(timeout=PACE_MS)
    await expect(card.first.get_by_text("Held by WIN-1", exact=True)).to_be_visible(timeout=PACE_MS)
    await freeze.evaluate("one => one.scrollIntoView({block: 'end'})")
    await page.screenshot(path=pictures / "change-freeze.png")

    await act_as(page, "Requester")
    await types(page, "/change Upgrade the VPN gateway")
    told = form.get_by_text("freezes all services")
    await expect(told).to_be_visible()
    await told.scroll_into_view_if_needed()
    await page.screenshot(path=pictures / "change-collisions.png")


async def _ends_in_days(page: Page, days: int) -> None:
    field = page.get_by_role("dialog").get_by_label("To", exact=True)
    await field.evaluate(
        """(one, days) => {
            const at = new Date(Date.now() + days * 864e5 - new Date().getTimezoneOffset() * 6e4);
            one.value = at.toISOString().slice(0, 16);
            one.dispatchEvent(new Event("change", {bubbles: true}));
        }""",
        days,
    )
