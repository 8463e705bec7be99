"""The change calendar in a browser: looked at, posted as a picture, and seen."""

from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PACE_MS = 20_000
"""The demo runs in real time: a picture is drawn and uploaded before it is posted."""


async def test_the_calendar_is_posted_as_a_picture_that_can_be_seen(page: Page, pictures: Path) -> None:
    await page.set_viewport_size({"width": 1360, "height": 1000})
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await act_as(page, "Manager")
    await go_to(page, "changes")
    await types(page, "/change freeze")
    await form.get_by_label("Title").fill("Price list goes live")
    await form.get_by_label("Services").select_option(["Website"])
    await form.get_by_label("Reason").fill("Customers must see the new prices all day.")
    await form.get_by_role("button", name="Make it").click()
    await expect(form).to_have_count(0)
    await types(page, "/change calendar tomorrow")
    agenda = messages.get_by_role("article").filter(has_text="Changes in the week of").last
    await expect(agenda.get_by_text("Upgrade the VPN gateway")).to_be_visible()
    await agenda.get_by_role("button", name="Post as picture").click()
    picture = messages.get_by_role("img", name="Changes in the week of").last
    await expect(picture).to_be_visible(timeout=PACE_MS)
    await expect(picture).to_have_js_property("naturalWidth", 1600)
    await messages.get_by_role("button", name="Open the calendar").last.scroll_into_view_if_needed()
    await page.get_by_role("combobox", name="Message #changes").hover()
    await page.screenshot(path=pictures / "change-calendar.png")
    await messages.get_by_role("button", name="Open the calendar").last.click()
    await expect(form.get_by_text("Upgrade the VPN gateway")).to_be_visible()
