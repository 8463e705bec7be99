"""A major incident in a browser: declared on the card, led in its own channel."""

from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PACE_MS = 20_000
"""The demo runs in real time, and Slack takes one message a second."""


async def test_a_major_incident_is_declared_led_and_told_of(page: Page, pictures: Path) -> None:
    await page.set_viewport_size({"width": 1360, "height": 1060})
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await act_as(page, "Requester")
    await go_to(page, "service-desk")
    await types(page, "/incident VPN is down for everyone at home")
    await form.get_by_label("Impact").select_option("Everyone")
    await form.get_by_label("Urgency").select_option("High")
    await form.get_by_role("button", name="Report").click()
    await expect(form).to_have_count(0)
    await act_as(page, "Agent")
    await messages.get_by_role("button", name="Declare major").last.click()
    await form.get_by_role("button", name="Declare major").click()
    await go_to(page, r"inc-\d+-vpn-is-down")
    await messages.get_by_role("button", name="Take command").click(timeout=PACE_MS)
    await messages.get_by_role("button", name="Be the scribe").click(timeout=PACE_MS)
    await messages.get_by_role("button", name="Post update").click()
    await form.get_by_label("Status", exact=True).select_option("Identified")
    await form.get_by_label("Update", exact=True).fill(
        "The gateway's certificate has expired; a new one is on its way."
    )
    await form.get_by_role("button", name="Post").click()
    await expect(form).to_have_count(0)
    await expect(messages.get_by_text("a new one is on its way").last).to_be_visible(timeout=PACE_MS)
    await page.screenshot(path=pictures / "major-incident.png")
    await go_to(page, "major-incidents")
    await expect(messages.get_by_text("Major incident").last).to_be_visible()
    await expect(messages.get_by_text("a new one is on its way").last).to_be_visible()
