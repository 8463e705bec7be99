"""The words of a message as their writer sees them: Slack sends an id alone where it names a person or a group."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.usecases import people
from handlers.records.form_values import as_typed, groups_mentioned, mentioned
from handlers.request.context import RequestContext
from handlers.workspace import roster


async def spoken(text: str, client: AsyncWebClient, turn: RequestContext) -> str:
    """Raises SlackApiError where it names a user group and Slack does not say what that is called."""
    async with turn.read() as tx:
        names = await people.handles(tx, mentioned(text))
    if groups_mentioned(text):
        names |= await roster.group_handles(client)
    return as_typed(text, names)
