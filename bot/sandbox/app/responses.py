"""What the app answers, as the person's client takes it: a command's reply, a submission's response_action."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox import modals
from bot.sandbox.app.delivery import Ack
from bot.sandbox.app.response_urls import body_fault, respond
from bot.sandbox.person.block_text import shown
from bot.sandbox.person.form_state import TROUBLE
from bot.sandbox.state import Channel, Json, Message, SlackError, View
from bot.sandbox.text.mrkdwn import Reader

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


@dataclass
class Answer:
    """What came back for something a person did. `failure`: Slack's word for why nothing did."""

    reader: Reader
    failure: str | None = None
    said: list[Message] = field(default_factory=list)
    """Replies of the ack and of the response_url; later ones are added as they come."""

    @property
    def ok(self) -> bool:
        return self.failure is None

    @property
    def text(self) -> str:
        """All replies so far as the person reads them, a line each."""
        return "\n".join(visible(self.reader, message) for message in self.said)


def visible(reader: Reader, said: Message) -> str:
    """A message as it stands on the screen: its blocks where it has some, else its text."""
    return shown(reader, said.blocks) if said.blocks else reader.shows(said.text)


def command_reply(slack: "Workspace", user: str, place: Channel, ack: Ack) -> tuple[Message | None, str | None]:
    """The message that a command's ack makes, or the word for why it failed."""
    if not ack.ok or ack.body in (None, "", {}):
        return None, ack.failure
    body = {"text": ack.body} if isinstance(ack.body, str) else ack.body
    if (fault := body_fault(body)) is not None:
        slack.complain(f"a command was acknowledged with what is no message: {fault}")
        return None, "invalid_command_response"
    return respond(slack, user, place, body), None


def apply_submission(slack: "Workspace", seen: View, ack: Ack) -> None:
    """Do to the modal what the app's response_action says; one that makes no sense is trouble, as in Slack."""
    try:
        _apply(slack, seen, ack)
    except SlackError as refused:
        details = refused.fields.get("response_metadata", {}).get("messages", [])
        slack.complain(f"a submission was answered wrongly: {'; '.join([refused.code, *details])}")
        seen.errors = {"": TROUBLE}
    slack.changes.touch(people=[slack.users[seen.user].name])


def _apply(slack: "Workspace", seen: View, ack: Ack) -> None:
    if not ack.ok:
        seen.errors = {"": TROUBLE}
        return
    body = ack.body or {}
    if not isinstance(body, dict):
        raise SlackError("invalid_response_payload")
    action = body.get("response_action")
    if action is None and not body:
        modals.close(slack, seen)
    elif action == "errors":
        seen.errors = _known_errors(seen, body.get("errors"))
    elif action == "update":
        modals.update(slack, seen, modals.checked(slack, body.get("view"), "modal", replacing=seen))
    elif action == "push":
        modals.push(slack, seen.user, modals.checked(slack, body.get("view"), "modal"))
    elif action == "clear":
        modals.clear(slack, seen.user)
    else:
        raise SlackError("invalid_response_action", f"response_action {action!r}")


def _known_errors(seen: View, errors: Any) -> dict[str, str]:
    """Field errors name input blocks that are on the form; Slack shows nothing else."""
    inputs = {block["block_id"] for block in seen.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_errors", "errors must name at least one block_id")
    if unknown := [block for block in errors if block not in inputs]:
        raise SlackError("invalid_errors", f"no input block has the block_id {', '.join(map(repr, unknown))}")
    if blank := [block for block, text in errors.items() if not isinstance(text, str) or not text]:
        raise SlackError("invalid_errors", f"nothing is said about {', '.join(map(repr, blank))}")
    return dict(errors)


def suggestions(slack: "Workspace", ack: Ack) -> list[Json]:
    """The options in the answer to a block_suggestion, groups unfolded; none if it makes no sense."""
    body = ack.body if isinstance(ack.body, dict) else {}
    groups = [{"options": body.get("options", [])}, *body.get("option_groups", [])]
    options = [option for group in groups for option in group["options"]]
    if ack.ok and (not body or len(options) > 100):
        slack.complain("a block_suggestion was answered with neither options nor option_groups, or too many")
        return []
    return options
