"""What the owner of an endpoint hears when it takes nothing."""

from urllib.parse import urlsplit

from bot.usecases.webhook.endpoints import Trouble
from handlers.blocks import kit
from handlers.blocks.kit import Message


def trouble(found: Trouble) -> Message:
    """Names the host alone: an address may have a token in it."""
    host = kit.esc(urlsplit(found.url).hostname or "")
    if found.off:
        title = f"The webhook {found.key} is off"
        says = f":warning: The webhook *{kit.esc(found.key)}* at {host} is *off*: it answered “{kit.esc(found.error)}”."
        mend = f"When it is there again: `deskbell webhook enable {found.key}`, then"
    else:
        title = f"The webhook {found.key} lost messages"
        many = "A message was" if found.given_up == 1 else f"{found.given_up} messages were"
        says = f":warning: {many} given up that the webhook *{kit.esc(found.key)}* at {host} did not take for days."
        says += f" It answered “{kit.esc(found.error)}”." if found.error else ""
        mend = "When it takes them again:"
    return Message(title, [kit.section(f"{says}\n{mend} `deskbell webhook replay {found.key}` sends them.")])
