"""Steps of Workflow Builder, run by hand on the page of the demo."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_step_is_run_and_says_what_came_of_it(page: Page, pictures: Path) -> None:
    await page.get_by_role("navigation").get_by_role("button", name="Workflow steps").click()
    form = page.get_by_role("dialog", name="Run a workflow step")
    await form.get_by_label("Step").select_option("Ask for something")
    await form.get_by_label("Item").fill("laptop")
    await form.get_by_role("button", name="Run").click()
    await expect(form.get_by_text("This has to be answered")).to_be_visible()
    await form.get_by_label("Answers").fill("need: A new one")
    await form.get_by_role("button", name="Run").click()
    await expect(form.get_by_text("REQ-5")).to_be_visible()
    await page.screenshot(path=pictures / "workflow-step.png")


async def test_who_is_quicker_than_the_page_opens_the_steps_all_the_same(page: Page) -> None:
    """What ran is not known yet: an error on the page fails each of these tests at its end."""
    asked, answered = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await answered.wait()
        await route.continue_()

    await page.route("**/_/view?**", hold)
    await page.reload()
    await page.get_by_role("navigation").get_by_role("button", name="Workflow steps").click()
    form = page.get_by_role("dialog", name="Run a workflow step")
    await expect(form.get_by_role("button", name="Run")).to_be_visible()
    await asyncio.wait_for(asked.wait(), 15)  # The page waits for what it shows.
    answered.set()
    await expect(page.get_by_role("log", name="Messages").get_by_role("article").first).to_be_attached()
