"""Changes in a browser: one that was rejected, one that was approved, an emergency, and a meeting of the board."""

from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PACE_MS = 20_000
"""The demo runs in real time, and Slack takes one message a second."""


async def test_changes_are_rejected_approved_and_put_to_the_board(page: Page, pictures: Path) -> None:
    await page.set_viewport_size({"width": 1360, "height": 960})
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await act_as(page, "Agent")
    await go_to(page, "changes")
    rejected = _card(messages, "Let everyone install browser extensions")
    await expect(rejected.get_by_text("Rejected by")).to_be_visible()
    await _picture(page, rejected, pictures / "change-rejected.png")
    approved = _card(messages, "Move payroll backups to the new store")
    await expect(approved.get_by_text("Approved by")).to_be_visible()
    await _picture(page, approved, pictures / "change-approved.png")

    await types(page, "/change Bring the website's price list up to date")
    await form.get_by_label("Type").select_option("Emergency")
    await form.get_by_label("Service").select_option("Website")
    for label, words in (
        ("Why", "Customers see the prices of last month."),
        ("Plan", "Empty the cache of both nodes, one after the other."),
        ("Backout plan", "Put the node that fails out of the pool."),
    ):
        await form.get_by_label(label, exact=True).fill(words)
    await form.get_by_label("Incident").fill("INC-8")
    await form.get_by_role("button", name="Ask for approval").click()
    await expect(form).to_have_count(0)
    emergency = _card(messages, "Bring the website's price list up to date")
    await expect(emergency.get_by_text("Waiting for one of")).to_be_visible(timeout=PACE_MS)
    await _picture(page, emergency, pictures / "change-emergency.png")

    await act_as(page, "Manager")
    await types(page, "/change cab")
    agenda = messages.get_by_role("article").filter(has_text="Change advisory board, CAB-1")
    await agenda.get_by_role("button", name="I'm here").click(timeout=PACE_MS)
    await agenda.get_by_role("button", name="1 reply").click(timeout=PACE_MS)
    item = page.get_by_role("article").filter(has_text="On the agenda of CAB-1").last
    await item.get_by_role("button", name="Note").click()
    await form.get_by_label("Note", exact=True).fill("Both nodes were emptied last month; it took five minutes.")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    await item.get_by_role("button", name="Approve", exact=True).click()
    await expect(item.get_by_text("Approved by")).to_be_visible(timeout=PACE_MS)
    await expect(item.get_by_text("it took five minutes")).to_be_visible(timeout=PACE_MS)
    await expect(messages.get_by_text("Approved by").last).to_be_visible(timeout=PACE_MS)
    await expect(emergency.get_by_text("Waiting for one of")).to_have_count(0, timeout=PACE_MS)
    await page.screenshot(path=pictures / "cab.png")


def _card(messages: Locator, title: str) -> Locator:
    return messages.get_by_role("article").filter(has_text=title).filter(has_text="Asked for ").first


async def _picture(page: Page, card: Locator, path: Path) -> None:
    await card.evaluate("one => one.scrollIntoView({block: 'end'})")
    await page.screenshot(path=path)
