"""Steps of Slack's Workflow Builder: one is done as soon as Slack runs it, and how it ended is told by the relay."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.workflow.steps import outputs_of
from bot.usecases import workflow_steps
from bot.usecases.workflow_steps import Executed
from handlers.blocks import kit
from handlers.blocks.renderer import Rendered, Renderer
from handlers.delivery.slack_tasks import CompleteStep
from handlers.ids import Event
from handlers.records.registration import Registration
from handlers.request.context import RequestContext
from storage.tables import Outbox


async def executed(ack: AsyncAck, event: dict[str, Any], turn: RequestContext) -> None:
    """Nobody waits at a screen: the workflow is told, also of what is refused."""
    step = Executed(event["function"]["callback_id"], event["function_execution_id"], event.get("inputs") or {})
    async with turn.begin_unserved() as tx:
        await workflow_steps.executed(tx, step, now=turn.now)
    await ack()


async def _step(_tx: AsyncSession, row: Outbox) -> Rendered:
    data = json.loads(row.data)
    return CompleteStep(data["execution"], outputs_of(data), kit.esc(data.get("error", "")))


RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.WORKFLOW_STEP: _step}
REGISTRATION = Registration(events={Event.FUNCTION_EXECUTED: executed}, renderers=RENDERERS)
