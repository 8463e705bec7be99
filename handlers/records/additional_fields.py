"""Additional fields in a noun's own form: drawn, drawn anew as answers change what is asked, and read."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.form.additional_fields import FieldsOf
from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import begun, deciding
from bot.rules.form.questions import field_of
from bot.rules.policy.policy import Policy
from bot.usecases.policy import in_force
from bot.usecases.records import fields
from handlers.blocks import questions
from handlers.blocks.kit import Block, View
from handlers.request.context import FormRedrawn, RequestContext

_DRAWN = ("type", "callback_id", "title", "submit", "close", "private_metadata")
"""What Slack takes back of a view that it has sent."""


def drawn(policy: Policy, noun: FieldsOf, given: Mapping[str, Answer | None]) -> list[Block]:
    asked = fields.questions_of(policy, noun)
    begins, decides = begun(asked, given), deciding(asked)
    shown = fields.filled_in(policy, noun, begins).shown
    return [questions.drawn(one, begins.get(one.id), policy, live=one.id in decides) for one in shown]


def read(view: Mapping[str, Any], policy: Policy, noun: FieldsOf) -> dict[str, Answer | None]:
    return questions.read(view, fields.questions_of(policy, noun))


def mended(view: Mapping[str, Any], policy: Policy, noun: FieldsOf) -> View | None:
    """The form with the fields that its answers lead to now; None where it has these. All else keeps its block."""
    now = drawn(policy, noun, read(view, policy, noun))
    had = [block for block in view["blocks"] if _is_field(block)]
    if [block["block_id"] for block in had] == [block["block_id"] for block in now]:
        return None
    at = view["blocks"].index(had[0]) if had else _below_inputs(view["blocks"])
    before, after = view["blocks"][:at], view["blocks"][at:]
    blocks = [*before, *now, *(block for block in after if not _is_field(block))]
    return {key: view[key] for key in _DRAWN if view.get(key)} | {"blocks": blocks}


def require_fit(view: Mapping[str, Any], policy: Policy, noun: FieldsOf) -> None:
    """Raises FormRedrawn where its answers lead to other fields by now."""
    if (redrawn := mended(view, policy, noun)) is not None:
        raise FormRedrawn(redrawn)


async def answered(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext, noun: FieldsOf
) -> None:
    """A field that decides was answered: the form asks what follows from it."""
    async with turn.read() as tx:
        redrawn = mended(body["view"], (await in_force(tx)).policy, noun)
    if redrawn is not None:
        # Without the view's hash: whoever answers twice before the first redraw arrives would be refused the second.
        await client.views_update(view_id=body["view"]["id"], view=redrawn)
    await ack()


def _is_field(block: Block) -> bool:
    return str(block.get("block_id") or "").startswith(field_of(""))


def _below_inputs(blocks: Sequence[Block]) -> int:
    return max((at for at, block in enumerate(blocks, 1) if block["type"] == "input"), default=len(blocks))
