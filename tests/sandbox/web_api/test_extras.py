"""Bookmarks, pins, reactions and files."""

from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from workbench import refused

from bot.sandbox import Channel, Workspace


@pytest.fixture
async def desk(slack: Workspace, client: AsyncWebClient) -> Channel:
    await client.conversations_join(channel=slack.channel("service-desk").id)
    return slack.channel("service-desk")


async def test_bookmarks_stand_above_a_channel(slack: Workspace, client: AsyncWebClient, desk: Channel) -> None:
    link = {"channel_id": desk.id, "title": "Runbook", "type": "link"}
    added = (await client.bookmarks_add(**link, link="https://example.com"))["bookmark"]
    await client.bookmarks_edit(channel_id=desk.id, bookmark_id=added["id"], title="New runbook")
    listed = (await client.bookmarks_list(channel_id=desk.id))["bookmarks"]
    assert [(b["title"], b["link"]) for b in listed] == [("New runbook", "https://example.com")]
    assert (await refused(client.bookmarks_add(**link, link="runbook")))["error"] == "invalid_link"
    await client.bookmarks_remove(channel_id=desk.id, bookmark_id=added["id"])
    answer = await refused(client.bookmarks_remove(channel_id=desk.id, bookmark_id=added["id"]))
    assert answer["error"] == "not_found"
    elsewhere = await refused(
        client.bookmarks_add(channel_id=slack.general.id, title="x", type="link", link="https://x")
    )
    assert elsewhere["error"] == "permission_denied"


async def test_canvases_are_tabs_and_have_slacks_limits(
    slack: Workspace, client: AsyncWebClient, desk: Channel
) -> None:
    def content(markdown: str) -> dict[str, str]:
        return {"type": "markdown", "markdown": markdown}

    made = (await client.canvases_create(title="A", document_content=content("x"), channel_id=desk.id))["canvas_id"]
    assert desk.canvases == [made]
    change = {"operation": "replace", "document_content": content("y")}
    await client.canvases_edit(canvas_id=made, changes=[change])
    assert slack.files[made].content == b"y"
    for canvas, code in (("F9", "canvas_not_found"), (made, "canvas_editing_failed")):
        change["document_content"] = content("| a | b |\n" * 151)
        assert (await refused(client.canvases_edit(canvas_id=canvas, changes=[change])))["error"] == code
    slack.paid_plan = False
    again = await refused(client.canvases_create(title="B", channel_id=desk.id))
    assert again["error"] == "canvas_creation_failed"
    alone = await refused(client.canvases_create(title="B"))
    assert alone["error"] == "free_teams_cannot_create_non_tabbed_canvases"


async def test_messages_are_pinned_once(client: AsyncWebClient, desk: Channel) -> None:
    ts = (await client.chat_postMessage(channel=desk.id, text="major incident"))["ts"]
    await client.pins_add(channel=desk.id, timestamp=ts)
    assert (await refused(client.pins_add(channel=desk.id, timestamp=ts)))["error"] == "already_pinned"
    pinned = (await client.pins_list(channel=desk.id))["items"]
    assert [pin["message"]["text"] for pin in pinned] == ["major incident"]
    await client.pins_remove(channel=desk.id, timestamp=ts)
    assert (await refused(client.pins_remove(channel=desk.id, timestamp=ts)))["error"] == "no_pin"
    assert (await refused(client.pins_add(channel=desk.id, timestamp="x")))["error"] == "bad_timestamp"
    assert (await refused(client.pins_add(channel=desk.id)))["error"] == "no_item_specified"


async def test_reactions_are_given_once(client: AsyncWebClient, desk: Channel) -> None:
    ts = (await client.chat_postMessage(channel=desk.id, text="x"))["ts"]
    await client.reactions_add(channel=desk.id, timestamp=ts, name="eyes")
    again = await refused(client.reactions_add(channel=desk.id, timestamp=ts, name="eyes"))
    assert again["error"] == "already_reacted"
    message = (await client.reactions_get(channel=desk.id, timestamp=ts))["message"]
    assert [(r["name"], r["count"]) for r in message["reactions"]] == [("eyes", 1)]
    await client.reactions_remove(channel=desk.id, timestamp=ts, name="eyes")
    gone = await refused(client.reactions_remove(channel=desk.id, timestamp=ts, name="eyes"))
    assert gone["error"] == "no_reaction"
    odd = await refused(client.reactions_add(channel=desk.id, timestamp=ts, name="Not A Name"))
    assert odd["error"] == "invalid_name"


async def test_a_file_is_uploaded_in_two_steps(
    slack: Workspace, client: AsyncWebClient, desk: Channel, tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    report.write_text("incident,priority\n")
    answer = await client.files_upload_v2(file=str(report), title="Report", channel=desk.id, initial_comment="Weekly")
    uploaded = (await client.files_info(file=answer["files"][0]["id"]))["file"]
    assert (uploaded["title"], uploaded["size"]) == ("Report", 18)
    assert slack.person("agent").messages("service-desk")[-1].text == "Weekly"


async def test_half_an_upload_is_no_file(client: AsyncWebClient) -> None:
    started = await client.files_getUploadURLExternal(filename="a.csv", length=10)
    assert (await refused(client.files_info(file=started["file_id"])))["error"] == "file_not_found"
    unfinished = await refused(client.files_completeUploadExternal(files=[{"id": started["file_id"], "title": "a"}]))
    assert unfinished["error"] == "file_not_found"


async def test_blocks_may_show_a_picture_that_was_uploaded(
    slack: Workspace, client: AsyncWebClient, desk: Channel
) -> None:
    def image(file: str) -> list[dict[str, object]]:
        return [{"type": "image", "alt_text": "A picture", "slack_file": {"id": file}}]

    uploaded = (await client.files_upload_v2(filename="week.png", content=b"picture"))["files"][0]["id"]
    text = (await client.files_upload_v2(filename="week.txt", content=b"words"))["files"][0]["id"]
    await client.chat_postMessage(channel=desk.id, text="x", blocks=image(uploaded))
    for other in (text, "F0123456789"):
        refusal = await refused(client.chat_postMessage(channel=desk.id, text="x", blocks=image(other)))
        assert refusal["error"] == "invalid_blocks"
        assert "invalid slack file [json-pointer:/blocks/0/slack_file]" in str(refusal["response_metadata"])
        view = {"type": "home", "blocks": image(other)}
        refusal = await refused(client.views_publish(user_id=slack.person("agent").id, view=view))
        assert "invalid slack file" in str(refusal["response_metadata"])
