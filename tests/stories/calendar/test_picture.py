"""The calendar as a picture: posted in the changes channel, kept true while it is current, shown on App Home."""

from collections import Counter
from dataclasses import replace
from io import BytesIO

from calendar_steps import asks, freezes
from cast import Desk
from PIL import Image

from bot.rules.calendar.calendar import Entry, EntryKind
from bot.rules.change.flow import ChangeState
from bot.sandbox.state import Json, Upload
from handlers.blocks.samples import AT
from handlers.calendar.views import canvas, drawing
from handlers.calendar.views.drawing import COLOURS, WIDTH

WEEK = "Changes in the week of 2 to 8 March 2026"


async def posts(desk: Desk, typed: str = "") -> None:
    await desk.agent.runs(f"/change calendar {typed}")
    await desk.agent.clicks("Post as picture")
    await desk.settles()


def pictures(desk: Desk) -> list[Upload]:
    return [one for one in desk.slack.files.values() if one.complete]


def image_in(blocks: list[Json]) -> Json:
    return next(block for block in blocks if block["type"] == "image")


def colours(upload: Upload) -> Counter[str]:
    """How many pixels have each colour."""
    with Image.open(BytesIO(upload.content)) as opened:
        assert (opened.format, opened.width) == ("PNG", WIDTH)
        counted = opened.convert("RGB").getcolors(opened.width * opened.height)
    return Counter({"#{:02x}{:02x}{:02x}".format(*colour): count for count, colour in counted or ()})


async def test_the_picture_is_posted_and_says_in_words_what_it_shows(desk: Desk) -> None:
    await asks(desk)
    await freezes(desk, days=2, length=3)
    await posts(desk)
    assert "on its way to #changes" in desk.agent.notes()[-1]
    await desk.channel("changes").hears(WEEK)
    said = desk.agent.messages("changes")[-1]
    shown = image_in(said.blocks)
    assert shown["slack_file"]["id"] == pictures(desk)[-1].id
    for words in ("CHG-1 Upgrade the VPN gateway (waiting for approval; VPN)", "Year-end close (freeze", "UTC"):
        assert words in shown["alt_text"]
    marks = colours(pictures(desk)[-1])
    assert marks[COLOURS[ChangeState.AUTHORISE]] > 500, "the change's bar"
    assert marks[canvas.HATCHING] > 5000, "the days that are frozen"
    assert marks[canvas.NOW] > 500, "now"
    assert pictures(desk)[-1].length < 400_000


def test_a_bar_begins_with_the_number() -> None:
    """What it is cut to still says which one it is."""
    moved = Entry(EntryKind.CHANGE, "CHG-1", "Move it", AT, AT, ("vpn",), ChangeState.SCHEDULED)
    for stands in ("held", "missed"):
        assert drawing.label(replace(moved, **{stands: True})) == f"CHG-1 ({stands}) Move it"


async def test_an_empty_week_has_no_bars(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await posts(desk, "next")
    marks = colours(pictures(desk)[-1])
    legend = marks[COLOURS[ChangeState.SCHEDULED]]
    assert legend < 700
    assert marks[canvas.HATCHING] == marks[canvas.NOW] == 0


async def test_a_month_is_a_picture_too(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for n in range(7):
        await asks(desk, f"Change number {n}")
    await freezes(desk, days=2, length=3)
    await posts(desk, "month")
    await desk.channel("changes").hears("Changes in March 2026")
    marks = colours(pictures(desk)[-1])
    assert marks[canvas.HATCHING] > 5000
    assert marks[canvas.OUTSIDE] > 5000, "days of April"
    assert marks[COLOURS[ChangeState.AUTHORISE]] > 10_000


async def test_the_same_is_posted_once_a_day_and_drawn_anew_where_it_is_different(desk: Desk) -> None:
    await posts(desk)
    await posts(desk)
    assert "since today already" in desk.agent.notes()[-1]
    assert len(pictures(desk)) == 1
    await asks(desk)
    await posts(desk)
    assert len(pictures(desk)) == 2
    assert await desk.channel("changes").count(WEEK) == 1
    said = next(m for m in desk.agent.messages("changes") if WEEK in m.text)
    assert image_in(said.blocks)["slack_file"]["id"] == pictures(desk)[-1].id
    assert "CHG-1" in image_in(said.blocks)["alt_text"]


async def test_it_is_kept_true_hour_by_hour_until_its_week_is_over(desk: Desk) -> None:
    await posts(desk)
    for _ in range(3):
        desk.clock.forward(hours=1, minutes=1)
        await desk.settles()
    assert len(pictures(desk)) == 1, "nothing is different"
    await asks(desk)
    desk.clock.forward(hours=1, minutes=1)
    await desk.settles()
    said = next(m for m in desk.agent.messages("changes") if WEEK in m.text)
    assert "CHG-1" in image_in(said.blocks)["alt_text"]
    desk.clock.forward(days=8)
    await desk.settles()
    drawn = len(pictures(desk))
    desk.clock.forward(days=2)
    await desk.settles()
    assert len([m for m in desk.agent.messages("changes") if WEEK in m.text]) == 1
    assert len(pictures(desk)) <= drawn + 1, "the new week's, at the most"


async def test_people_cannot_flood_the_channel(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/change calendar")
    for _ in range(6):
        await desk.agent.clicks("Next")
        await desk.agent.clicks("Post as picture", message="Changes in")
    await desk.settles()
    await posts(desk, "month")
    assert "6 pictures of the calendar were posted today" in desk.agent.notes()[-1]
    assert len(pictures(desk)) == 6


async def test_the_week_is_posted_on_monday_morning_if_there_is_anything_in_it(desk: Desk) -> None:
    await asks(desk, days=9)
    desk.clock.forward(days=7)
    await desk.settles()
    assert await desk.channel("changes").count("Changes in the week of 9 to 15 March 2026") == 1
    desk.clock.forward(days=7)
    await desk.settles()
    assert await desk.channel("changes").count("Changes in the week of 16 to 22 March 2026") == 0


async def test_app_home_shows_the_weeks_picture_once_the_channel_has_it(desk: Desk) -> None:
    await asks(desk)
    await desk.requester.opens_home()
    await desk.settles()
    assert not [block for block in desk.requester.home.view.blocks if block["type"] == "image"]
    await posts(desk)
    await desk.requester.opens_home()
    await desk.settles()
    assert image_in(desk.requester.home.view.blocks)["slack_file"]["id"] == pictures(desk)[-1].id
    assert "CHG-1" in image_in(desk.requester.home.view.blocks)["alt_text"]


async def test_a_picture_that_somebody_deleted_does_not_take_app_home_with_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await posts(desk)
    desk.slack.files.clear()
    await desk.requester.opens_home()
    await desk.settles()
    assert "Waiting for you" in desk.requester.home.text
    assert not [block for block in desk.requester.home.view.blocks if block["type"] == "image"]


async def test_an_upload_whose_answer_was_lost_is_made_again_and_posted_once(desk: Desk) -> None:
    desk.slack.faults.add("files.completeUploadExternal", drop=True, accept=True)
    await posts(desk)
    for _ in range(5):
        desk.clock.forward(seconds=30)
        await desk.settles()
    assert await desk.channel("changes").count(WEEK) == 1
    assert len(pictures(desk)) == 2, "the first is seen by nobody"


async def test_private_matters_are_never_in_the_picture(desk: Desk) -> None:
    private = {"Privacy": ["Private: about security or people"]}
    await desk.reports("Keys were stolen", **private)
    await desk.manager.runs("/incident major INC-1")
    await desk.requester.runs("/change Secret plan")
    await desk.requester.clicks("Keep as a draft", where="modal")
    await desk.settles()
    desk.clock.forward(minutes=5)
    await desk.manager.runs("/change calendar")
    await desk.manager.clicks("Post as picture", "general")
    await desk.settles()
    words = image_in(desk.agent.messages("changes")[-1].blocks)["alt_text"]
    assert "Nothing is planned" in words
    assert "Keys" not in words
    assert "Secret" not in words


def test_accents_and_other_scripts_leave_what_can_be_read() -> None:
    assert canvas.drawable("Éxtend für Büro – 中文 🎉 ×2") == "Extend fur Buro - x2"
    assert canvas.fitted("A title that is much too long for its bar", 30, 200).endswith("…")
