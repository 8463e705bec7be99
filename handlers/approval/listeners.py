"""What waits for somebody's vote, and who stands in. Votes themselves are actions on a change."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.usecases.approval import delegation
from handlers.approval.views import messages as views
from handlers.blocks import kit
from handlers.blocks.kit import View
from handlers.blocks.renderer import Rendered, Renderer
from handlers.ids import Action, Field, Form
from handlers.records.commands import Asked, Listener
from handlers.records.form_values import Filled
from handlers.records.registration import Registration
from handlers.request.context import RequestContext
from storage.tables import Outbox


async def delegate_typed(asked: Asked) -> None:
    await asked.opens(await _delegation(asked.turn), kit.button(Action.DELEGATE, "Delegate"))


async def delegate_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=await _delegation(turn))
    await ack()


async def delegation_given(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    to = filled.person(Field.STAND_IN)
    starts_at, ends_at = filled.instant(Field.STARTS_AT), filled.instant(Field.ENDS_AT)
    async with turn.begin() as tx:
        await delegation.delegate(tx, to, starts_at, ends_at, by=turn.person, now=turn.now)
    await ack()


async def _delegated(_tx: AsyncSession, row: Outbox) -> Rendered:
    return views.delegated(json.loads(row.data), row.lane.removeprefix("@"))


async def _delegation(turn: RequestContext) -> View:
    async with turn.read():
        return views.delegation_form(turn.now)


ACTIONS: dict[str, Listener] = {Action.DELEGATE: delegate_clicked}
SUBMISSIONS: dict[str, Listener] = {Form.APPROVAL_DELEGATION: delegation_given}
RENDERERS: Mapping[NoticeKind, Renderer] = {NoticeKind.APPROVAL_DELEGATED: _delegated}
REGISTRATION = Registration(actions=ACTIONS, submissions=SUBMISSIONS, renderers=RENDERERS)
