"""The README's one-minute path, clicked in a browser on the demo's page."""

import re
from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_stranger_reports_hears_a_reminder_and_has_a_change_approved(page: Page, pictures: Path) -> None:
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog")
    await types(page, "/incident VPN is down for everyone at home")
    await form.get_by_label("Description").fill("Since nine this morning; a restart of the client does not help.")
    await form.get_by_label("Impact").select_option("Everyone")
    await form.get_by_label("Urgency").select_option("High")
    await expect(form.get_by_text("P1 Critical")).to_be_visible()
    await page.screenshot(path=pictures / "report.png")
    await form.get_by_role("button", name="Report").click()
    await expect(form).to_have_count(0)
    await expect(messages.get_by_text("VPN is down for everyone at home")).to_be_visible()
    await page.get_by_role("button", name="Forward 15 minutes", exact=True).click()
    await expect(messages.get_by_text(re.compile("Response promise"))).not_to_have_count(0)

    await act_as(page, "Agent")
    await page.get_by_role("button", name="Dismiss the tips").click()
    card = messages.get_by_role("article").filter(has_text="VPN is down").filter(has_text="More…")
    await card.get_by_role("button", name="I'm on it").click()
    await expect(card.get_by_text("Acknowledged, with")).to_be_visible()
    await expect(card.get_by_role("button", name="I'm on it")).to_have_count(0)
    await page.screenshot(path=pictures / "demo.png")

    await act_as(page, "Requester")
    await types(page, "/change Add a second VPN gateway")
    for label, words in (
        ("Why", "One gateway is one failure away from nobody working from home."),
        ("Plan", "Install, test with ten people, add it to the pool."),
        ("Backout plan", "Take it out of the pool."),
    ):
        await form.get_by_label(label, exact=True).fill(words)
    await form.get_by_role("button", name="Ask for approval").click()
    await expect(form).to_have_count(0)

    await act_as(page, "Approver")
    await go_to(page, "changes")
    change = messages.get_by_role("article").filter(has_text="Add a second VPN gateway")
    await change.get_by_role("button", name="Approve", exact=True).click()
    await expect(change.get_by_text("Approved by")).to_be_visible()
    await expect(change.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    await page.screenshot(path=pictures / "change.png")

    await act_as(page, "Agent")
    await go_to(page, "App Home")
    home = page.get_by_role("region", name="App Home")
    await expect(home.get_by_text("Waiting for you")).to_be_visible()
    await home.get_by_role("button", name="Report an incident").hover()
    await page.screenshot(path=pictures / "home.png")


async def test_the_newest_message_stays_in_sight_in_a_window_of_another_size(page: Page) -> None:
    await go_to(page, "service-desk")
    newest = page.get_by_role("log", name="Messages").get_by_role("article").last
    await expect(newest).to_be_in_viewport()
    await page.set_viewport_size({"width": 400, "height": 640})
    await expect(newest).to_be_in_viewport()
    await page.set_viewport_size({"width": 1360, "height": 860})
    await expect(newest).to_be_in_viewport()
