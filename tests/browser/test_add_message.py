"""A message of the demo is put on a record by its shortcut."""

import re
from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SAID = "The price list is right again for me, but not on the phone."


async def test_what_somebody_said_is_added_to_an_incident_by_the_messages_own_menu(page: Page, pictures: Path) -> None:
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog", name="Add to a record")
    await go_to(page, "service-desk")
    await types(page, SAID)
    await expect(messages.get_by_role("article").filter(has_text=SAID)).to_be_visible()

    await act_as(page, "Agent")
    await page.get_by_role("button", name="Dismiss the tips").click()
    said = messages.get_by_role("article").filter(has_text=SAID)
    await said.hover()
    await said.get_by_role("button", name="Message shortcuts").click()
    await page.get_by_role("menuitem", name="Add to a record").click()
    await form.get_by_label("Record").fill("INC-12")
    await expect(form.get_by_label("What is added")).to_have_value(re.compile(SAID))
    await page.screenshot(path=pictures / "add-to-a-record.png")
    await form.get_by_role("button", name="Add").click()
    await expect(form).to_have_count(0)
    await types(page, "/incident timeline INC-12")
    await expect(messages.get_by_role("article").last.get_by_text(SAID)).to_be_visible()
