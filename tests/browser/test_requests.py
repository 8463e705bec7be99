"""A form of the catalogue in a browser: it grows with its answers, and the receipt says where the request is."""

from pathlib import Path

import pytest
from browsing import go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_form_grows_with_its_answers(page: Page, pictures: Path) -> None:
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog")
    await go_to(page, "service-desk")
    await types(page, "/request")
    await expect(messages.get_by_text("What you can ask for")).to_be_visible()
    await page.screenshot(path=pictures / "catalogue.png")
    await types(page, "/request laptop")
    await expect(form.get_by_label("Which one is broken?")).to_have_count(0)
    await form.get_by_label("What do you need?").select_option("A repair")
    await form.get_by_label("Which one is broken?").fill("LT-0042")
    await page.screenshot(path=pictures / "request-form.png")
    await form.get_by_role("button", name="Ask", exact=True).click()
    await expect(form).to_have_count(0)
    await expect(messages.get_by_text("LT-0042")).to_be_visible()
    await page.screenshot(path=pictures / "request-card.png")
