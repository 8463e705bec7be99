"""A number is clicked, and its card is there."""

import asyncio
from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_number_opens_its_card_on_the_page(page: Page, pictures: Path) -> None:
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await go_to(page, "general")
    await types(page, "/incident New starter has no mailbox")
    await form.get_by_role("button", name="Report").click()
    await expect(form).to_have_count(0)
    await expect(messages.get_by_text("is with the desk")).to_be_visible()
    await page.screenshot(path=pictures / "answered.png")
    await act_as(page, "Agent")
    await go_to(page, "App Home")
    home = page.get_by_role("region", name="App Home")
    await expect(home.get_by_text("Waiting for you")).to_be_visible()
    await page.screenshot(path=pictures / "home-links.png")
    link = home.get_by_role("link").filter(has_text="INC-").first
    number = await link.inner_text()
    # The mark goes after some seconds, which a machine that does other work may be away for: the page itself looks.
    found = asyncio.ensure_future(page.wait_for_selector("article.is-found"))
    # By its number: App Home may have been drawn anew since, with another one first.
    await home.get_by_role("link", name=number, exact=True).first.click()
    card = await found
    assert card is not None
    assert number in await card.inner_text()
