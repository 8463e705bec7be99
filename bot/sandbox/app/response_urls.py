"""response_urls: 5 uses within 30 minutes (Slack: “Handling user interaction”, response_url)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from bot.sandbox import messages
from bot.sandbox.blocks import check_message
from bot.sandbox.state import Channel, Json, Message

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

USES = 5
LIFE = timedelta(minutes=30)


class HookRefused(Exception):
    """The response_url answers {status} with the word {word!r}."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status, self.word = status, word


@dataclass
class Hook:
    """What a response_url stands for: a person in a channel, and the message they acted on, if any."""

    user: str
    place: Channel
    message: Message | None
    born: datetime
    replies: list[Message]
    """Where the new messages that come of it are told to whoever waits for them."""
    uses: int = 0


class Hooks:
    def __init__(self, slack: "Workspace") -> None:
        self._slack = slack
        self._known: dict[str, Hook] = {}

    def issue(self, user: str, place: Channel, message: Message | None = None, *, replies: list[Message]) -> str:
        """A new response_url."""
        key = token_urlsafe(12)
        self._known[key] = Hook(user, place, message, self._slack.clock.now(), replies)
        return f"{self._slack.base_url}/response/{self._slack.team_id}/{key}"

    def answer(self, key: str, body: Any) -> None:
        """Carry out what was posted to a response_url. Raises HookRefused."""
        hook = self._known.get(key)
        if hook is None:
            raise HookRefused(404, "no_service")
        if self._slack.clock.now() - hook.born > LIFE:
            raise HookRefused(404, "expired_url")
        if hook.uses >= USES:
            raise HookRefused(404, "used_url")
        fault = body_fault(body)
        if fault is not None:
            raise HookRefused(400 if fault.startswith("invalid_payload") else 500, fault)
        hook.uses += 1
        self._respond(hook, body)

    def _respond(self, hook: Hook, body: Json) -> None:
        said = hook.message
        if body.get("delete_original") and said in hook.place.messages:
            messages.delete(self._slack, hook.place, said)
        elif body.get("replace_original") and said is not None:
            changed = {"text": body.get("text", ""), "blocks": body.get("blocks", [])}
            messages.edit(self._slack, hook.place, said, changed)
        else:
            hook.replies.append(respond(self._slack, hook.user, hook.place, body))


def body_fault(body: Any) -> str | None:
    """Why Slack would not take this as a message in answer to a command or an action."""
    if not isinstance(body, dict):
        return "invalid_payload"
    if body.get("delete_original"):
        return None
    blocks = body.get("blocks", [])
    faults = check_message(blocks) if isinstance(blocks, list) else ["blocks must be a list [json-pointer:/blocks]"]
    if faults:
        return "invalid_blocks: " + "; ".join(faults)
    return None if body.get("text") or blocks or body.get("attachments") else "no_text"


def respond(slack: "Workspace", user: str, place: Channel, body: Json) -> Message:
    """Post what a command's ack or a response_url says: to the person alone, or `in_channel`."""
    return messages.post(
        slack,
        place,
        user=slack.bot_user.id,
        text=body.get("text", ""),
        blocks=body.get("blocks", []),
        thread_ts=body.get("thread_ts"),
        bot_id=slack.bot_id,
        app_id=slack.app_id,
        ephemeral_to=None if body.get("response_type") == "in_channel" else user,
    )
