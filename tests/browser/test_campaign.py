"""What owners are asked in a verification campaign, and the plan of a file, as the sandbox's page draws them."""

from pathlib import Path

import pytest
from browsing import act_as, go_to
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


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


async def test_who_manages_the_configuration_applies_the_plan_of_a_file(page: Page, pictures: Path) -> None:
    await act_as(page, "Manager")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await go_to(page, "general")
    shared = page.get_by_role("log", name="Messages").get_by_role("article").filter(has_text="rack-7.csv")
    await shared.get_by_role("button", name="1 reply").click()
    plan = page.get_by_role("complementary", name="Thread")
    await expect(plan.get_by_text("3 created")).to_be_visible()
    await page.screenshot(path=pictures / "shared-file.png")
    await plan.get_by_role("button", name="Apply").click()
    await page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    await expect(plan.get_by_text("Applied by @manager")).to_be_visible()
