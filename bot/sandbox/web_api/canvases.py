"""canvases.*: documents that are written as Markdown; one that is made with a channel is a tab of it."""

from bot.sandbox.state import Json, SlackError, Upload
from bot.sandbox.web_api.arguments import Ask, answers

MOST_BYTES = 1 << 20
CELLS_MOST = 300
"""Of one table."""


def _markdown(content: object, code: str) -> bytes:
    """Raises SlackError."""
    if not isinstance(content, dict) or content.get("type") != "markdown" or not isinstance(content["markdown"], str):
        raise SlackError("invalid_arguments", "[ERROR] document_content must be of type markdown")
    written = str(content["markdown"])
    if len(written.encode()) > MOST_BYTES or max(_cells(written), default=0) > CELLS_MOST:
        raise SlackError(code)
    return written.encode()


def _cells(written: str) -> list[int]:
    """How many each table has, its head among them."""
    found, running = [], 0
    for line in written.splitlines():
        is_row = line.startswith("|")
        if not is_row or not running:
            found.append(0)
        running = is_row
        found[-1] += line.replace("\\|", "").count("|") - 1 if is_row and set(line) - set("|- ") else 0
    return found


def _require_plan(ask: Ask, *, tab: bool) -> None:
    """Without a paid plan a canvas is the tab of a channel, one for each."""
    if not ask.slack.paid_plan and not tab:
        raise SlackError("free_teams_cannot_create_non_tabbed_canvases")


@answers("canvases.create")
def create(ask: Ask) -> Json:
    place = ask.place("channel_id") if ask.text("channel_id") else None
    _require_plan(ask, tab=place is not None)
    if place is not None and ask.slack.bot_user.id not in place.members:
        raise SlackError("restricted_action")
    if place is not None and place.canvases and not ask.slack.paid_plan:
        raise SlackError("canvas_creation_failed")
    title, given = ask.text("title"), ask.parsed("document_content")
    content = _markdown(given or {"type": "markdown", "markdown": ""}, "canvas_creation_failed")
    made = Upload(ask.slack.new_id("F"), f"{title or 'Untitled'}.md", len(content), title, content, complete=True)
    made.is_canvas = True
    ask.slack.files[made.id] = made
    if place is not None:
        place.canvases.append(made.id)
    return {"canvas_id": made.id}


@answers("canvases.edit")
def edit(ask: Ask) -> Json:
    """All of it anew; parts of a canvas are nothing that the app changes."""
    found, changes = ask.slack.files.get(ask.text("canvas_id")), ask.parsed("changes")
    if found is None or not found.is_canvas:
        raise SlackError("canvas_not_found")
    if not isinstance(changes, list) or len(changes) != 1 or changes[0].get("operation") != "replace":
        raise SlackError("invalid_arguments", "[ERROR] changes must be one change, whose operation is replace")
    found.content = _markdown(changes[0].get("document_content"), "canvas_editing_failed")
    found.length = len(found.content)
    return {}
