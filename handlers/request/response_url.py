"""Answering where a command was typed, once the form that it opened was sent."""

from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.blocks.kit import Message
from handlers.request.request_filter import homes

OK = 200
SECONDS = 2
"""The form waits for it: Slack gives three for all."""


async def say(url: str, api_url: str, message: Message) -> None:
    """For the eyes of who typed it. `url` came back out of a form: nothing is sent where it is not Slack's."""
    await taken(url, api_url, message)


async def taken(url: str, api_url: str, message: Message) -> bool:
    """As `say`; whether Slack took it. A block that a workspace does not draw yet is refused."""
    if url and url.startswith(homes(api_url)):
        sent = {"text": message.text, "blocks": message.blocks, "response_type": "ephemeral", "replace_original": False}
        return (await AsyncWebhookClient(url, timeout=SECONDS).send_dict(sent)).status_code == OK
    return False
