"""What owners are asked in a verification campaign, as the sandbox's page draws it."""

from pathlib import Path

import pytest
from browsing import act_as, go_to
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser


async def test_an_owner_says_that_an_item_is_as_recorded(page: Page, pictures: Path) -> None:
    messages = page.get_by_role("log", name="Messages")
    await act_as(page, "Agent")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await go_to(page, "Deskbell")
    asked = messages.get_by_role("article").filter(has_text="is it as recorded?")
    await expect(asked.get_by_text("2 items wait for your answer")).to_be_visible()
    await asked.scroll_into_view_if_needed()
    await page.screenshot(path=pictures / "campaign.png")
    await asked.get_by_role("button", name="As recorded").first.click()
    await expect(asked.get_by_text("1 item waits for your answer")).to_be_visible()
