"""The buttons of “Did you mean …?”."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from handlers.ids import Action
from handlers.records.commands import Asked, Listener
from handlers.records.suggestion_question import Carried
from handlers.records.tables import Table
from handlers.request.context import RequestContext


def listeners(tables: Sequence[Table]) -> dict[str, Listener]:
    by_command = {str(table.command): table for table in tables}

    def answered(*, sure: bool) -> Listener:
        async def clicked(
            ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient,
            turn: RequestContext,
        ) -> None:  # fmt: skip
            told = Carried.parse(action["value"])
            channel = str(body.get("channel", {}).get("id", ""))
            asked = Asked(
                told.text, body["trigger_id"], _instead(respond), client, turn, told.people, channel, told.command,
                str(body.get("response_url", "")), sure=sure,
            )  # fmt: skip
            await by_command[told.command].run(asked)
            await ack()

        return clicked

    return {Action.MEANT: answered(sure=False), Action.NOT_MEANT: answered(sure=True)}


def _instead(respond: AsyncRespond) -> Any:
    """Answers in the place of the question, which is over."""

    async def answer(*, text: str = "", blocks: Any = None, response_type: str = "ephemeral") -> None:
        if text:
            await respond(text=text, blocks=blocks, response_type=response_type, replace_original=True)
        else:
            await respond(delete_original=True)

    return answer
