"""A desk in the middle of its preparation for ISO/IEC 20000-1, as its manager sees it: the pictures of the guide."""

from pathlib import Path

import pytest
from browsing import act_as, go_to, types
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PACE_MS = 20_000


async def test_a_manager_sees_where_the_desk_stands_and_mends_what_is_missing(page: Page, pictures: Path) -> None:
    await page.set_viewport_size({"width": 1360, "height": 1100})
    messages, form = page.get_by_role("log", name="Messages"), page.get_by_role("dialog")
    await page.get_by_role("button", name="Dismiss the tips").click()
    await act_as(page, "Manager")
    await go_to(page, "service-desk")
    await types(page, "/iso")
    shown = messages.get_by_role("article").filter(has_text="Step 2 of 7: Gap analysis").last
    await expect(shown.get_by_text("axes stand better")).to_be_visible(timeout=PACE_MS)
    await expect(shown.get_by_text("The provider runs it")).to_be_visible()
    await shown.get_by_text("Step 2 of 7").scroll_into_view_if_needed()
    await page.screenshot(path=pictures / "iso.png")
    await shown.get_by_text("The worst gaps").scroll_into_view_if_needed()
    await page.screenshot(path=pictures / "iso-gaps.png")
    await types(page, "/iso 8.6.1")
    one = messages.get_by_role("article").filter(has_text="Is each incident recorded").last
    await expect(one.get_by_text("in the period").first).to_be_visible(timeout=PACE_MS)
    await one.get_by_text("Is each incident recorded").scroll_into_view_if_needed()
    await page.screenshot(path=pictures / "iso-clause.png")
    await types(page, "/iso 4.3")
    scope = messages.get_by_role("article").filter(has_text="4.3 Determining").last
    await scope.get_by_role("button", name="Mend 4.3 designed").click(timeout=PACE_MS)
    await expect(form.get_by_label("What it is")).to_be_visible(timeout=PACE_MS)
    await page.screenshot(path=pictures / "iso-mend.png")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_have_count(0)
    await types(page, "/iso walk")
    await expect(form.get_by_text("8 of 45 were gone through")).to_be_visible(timeout=PACE_MS)
    await page.screenshot(path=pictures / "iso-walk.png")
    await form.get_by_role("button", name="Cancel").click()
    await types(page, "/register EXC-2")
    entry = messages.get_by_role("article").filter(has_text="No badge at the side door").last
    await expect(entry.get_by_text("waits for approval")).to_be_visible(timeout=PACE_MS)
    await entry.get_by_text("waits for approval").scroll_into_view_if_needed()
    await page.screenshot(path=pictures / "register-move.png")
