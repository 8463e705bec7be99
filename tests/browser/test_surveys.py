"""A survey as the sandbox's page draws it: what waits on App Home, and the form that is filled in."""

import re
from pathlib import Path

import pytest
from browsing import act_as, go_to
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_somebody_answers_a_survey_from_app_home(page: Page, pictures: Path) -> None:
    await act_as(page, "Requester")
    await page.get_by_role("button", name="Dismiss the tips").click()
    days = page.locator('.clock [data-unit="days"]')
    await days.evaluate("button => { button.dataset.amount = 33 }")  # the quarter is over
    await days.click()
    await go_to(page, "Deskbell")
    asked = page.get_by_role("log", name="Messages").get_by_role("article").filter(has_text="It takes a minute")
    await expect(asked).to_be_visible(timeout=60_000)
    await go_to(page, "App Home")
    owed = page.get_by_role("button", name="Answer…", exact=True)
    await expect(owed).to_be_visible(timeout=60_000)
    await owed.click()
    form = page.get_by_role("dialog")
    good = form.get_by_label("How good was the help that you got?")
    await expect(good).to_have_class(re.compile("blank"))
    await good.select_option("4 · Very good")
    await expect(good).not_to_have_class(re.compile("blank"))
    await form.get_by_label("How easy was it to get help?").select_option("5 · Excellent")
    await form.get_by_label("What should be better?").fill("Say when somebody comes to look at a laptop.")
    await page.screenshot(path=pictures / "survey.png")
    await form.get_by_role("button", name="Send").click()
    await expect(owed).to_have_count(0, timeout=60_000)
