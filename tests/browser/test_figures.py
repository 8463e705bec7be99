"""Figures as the sandbox's page draws them: charts, and the table beneath."""

from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_manager_reads_the_charts_of_this_month(page: Page, pictures: Path) -> None:
    messages = page.get_by_role("log", name="Messages")
    await act_as(page, "Manager")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await go_to(page, "service-desk")
    await types(page, "/report this month")
    chart = messages.get_by_role("img", name="What went as promised, in per cent")
    await expect(chart).to_be_visible()
    await expect(messages.get_by_role("img", name="Open incidents by age")).to_be_visible()
    await expect(messages.get_by_text("Time to acknowledge")).not_to_have_count(0)
    await chart.scroll_into_view_if_needed()
    await page.screenshot(path=pictures / "figures.png")


async def test_who_leads_sees_how_the_desk_is_doing(page: Page, pictures: Path) -> None:
    await act_as(page, "Manager")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await go_to(page, "App Home")
    home = page.get_by_role("region", name="App Home")
    await expect(home.get_by_text("This week so far")).to_be_visible()
    await home.get_by_text("How the desk is doing").scroll_into_view_if_needed()
    await page.screenshot(path=pictures / "leading.png")
