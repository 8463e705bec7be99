"""files.*: the two steps of an upload, and what became of it. The bytes go to `/upload/<id>` in between."""

from bot.sandbox import messages, objects
from bot.sandbox.state import Json, SlackError, Upload
from bot.sandbox.web_api.arguments import Ask, answers
from bot.sandbox.web_api.chat import destination

MOST_BYTES = 1_000_000_000


@answers("files.getUploadURLExternal")
def get_upload_url(ask: Ask) -> Json:
    length = ask.number("length", 0, MOST_BYTES, code="file_upload_size_restricted")
    upload = Upload(ask.slack.new_id("F"), ask.text("filename"), length)
    ask.slack.files[upload.id] = upload
    return {"upload_url": f"{ask.slack.base_url}/upload/{upload.id}", "file_id": upload.id}


def _wanted(ask: Ask) -> list[tuple[Upload, str]]:
    """The uploads named in `files`, with their titles; each must have arrived whole."""
    named = ask.parsed("files")
    if not isinstance(named, list) or not named or not all(isinstance(n, dict) for n in named):
        raise SlackError("invalid_arguments", "[ERROR] must be a list of objects [json-pointer:/files]")
    found = [(ask.slack.files.get(entry.get("id", "")), entry.get("title")) for entry in named]
    uploads = [(upload, title or upload.name) for upload, title in found if upload is not None]
    if len(uploads) < len(named) or any(len(upload.content) != upload.length for upload, _ in uploads):
        raise SlackError("file_not_found")
    return uploads


@answers("files.completeUploadExternal")
def complete(ask: Ask) -> Json:
    uploads = _wanted(ask)
    for upload, title in uploads:
        upload.title, upload.complete = title, True
    if ask.text("channel_id"):
        _share(ask, [upload for upload, _ in uploads])
    return {"files": [{"id": upload.id, "title": upload.title} for upload, _ in uploads]}


def _share(ask: Ask, uploads: list[Upload]) -> None:
    place = destination(ask, "channel_id")
    if ask.slack.bot_user.id not in place.members:
        raise SlackError("not_in_channel")
    thread = ask.text("thread_ts") or None
    messages.share(
        ask.slack, place, uploads, user=ask.slack.bot_user.id, text=ask.text("initial_comment"), thread_ts=thread,
        bot_id=ask.slack.bot_id, app_id=ask.slack.app_id,
    )  # fmt: skip


@answers("files.info")
def info(ask: Ask) -> Json:
    upload = ask.slack.files.get(ask.text("file"))
    if upload is None or not upload.complete:
        raise SlackError("file_not_found")
    return {"file": objects.file(ask.slack, upload), "comments": []}
