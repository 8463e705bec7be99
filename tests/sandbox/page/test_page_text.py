"""Text on the page: drawn as Slack draws it, and never more than text."""

import pytest
from acting import write
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncApp

from bot.sandbox import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)> <script>alert(1)</script>",
        "*<b>bold</b>* `<i>` ```<u>``` > <a href=javascript:alert(1)>x</a>",
        'javascript:alert(1) "onclick=alert(1) x="',
    ],
)
async def test_markup_that_a_person_types_stays_text(page: Page, text: str):
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    await write(page, text)
    said = page.get_by_role("log", name="Messages").get_by_role("article").last
    await expect(said).to_contain_text("<" if "<" in text else "javascript:alert(1)")
    assert await said.locator("img, script, b, i, u, a").count() == 0


async def test_a_link_of_an_app_leads_only_to_the_web(app: AsyncApp, page: Page, slack: Workspace):
    text = "<javascript:alert(1)|bad> <https://status.test/a|good> https://bare.test/b."
    await app.client.chat_postMessage(channel=slack.channel("service-desk").id, text=text)
    said = page.get_by_role("article").filter(has_text="bad")
    await expect(said.get_by_role("link")).to_have_text(["good", "https://bare.test/b"])


async def test_mrkdwn_is_drawn_and_dates_stand_in_the_readers_zone(app: AsyncApp, page: Page, slack: Workspace):
    now = int(slack.clock.now().timestamp())
    general = slack.channel("general").id
    marks = "*bold* _slanted_ ~gone~ `code` :tada:"
    text = f"{marks} <#{general}> <!date^{now}^{{date_pretty}} at {{time}}|soon>\n&gt; quoted"
    await app.client.chat_postMessage(channel=slack.channel("service-desk").id, text=text)
    said = page.get_by_role("article").filter(has_text="bold")
    for tag, shown in {
        "strong:not(.message-head *)": "bold",
        "em": "slanted",
        "s": "gone",
        "code": "code",
        "blockquote": "quoted",
    }.items():
        await expect(said.locator(tag)).to_have_text(shown)
    await expect(said).to_contain_text("🎉 #general today at 4:00 AM")  # 09:00 UTC in New York


async def test_an_age_grows_as_the_clock_moves(app: AsyncApp, page: Page, slack: Workspace):
    now = int(slack.clock.now().timestamp())
    await app.client.chat_postMessage(channel=slack.channel("service-desk").id, text=f"Due <!date^{now}^{{ago}}|soon>")
    said = page.get_by_role("article").filter(has_text="Due")
    await expect(said).to_contain_text("second")
    await page.get_by_role("button", name="Forward 1 hour").click()
    await expect(said).to_contain_text("Due 1 hour ago")
