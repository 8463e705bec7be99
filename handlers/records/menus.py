"""Menus of more than Slack's 100: what they offer while somebody types, the same in every form."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.rules.policy.policy import Policy
from bot.usecases.policy import in_force
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.blocks.services import group_options, reported_options, service_options
from handlers.ids import Field, Form
from handlers.records.commands import Listener
from handlers.records.registration import Registration
from handlers.request.context import RequestContext


def matching(options: Sequence[Block], typed: str) -> list[Block]:
    """Those whose name, key or line below has every word of what is typed; as many as Slack takes."""
    words = typed.casefold().split()
    return [one for one in options if all(word in _read(one) for word in words)][: kit.MENU_MOST]


def offering(options: Callable[[Policy], Sequence[Block]]) -> Listener:
    """Answers a menu with what the policy in force has."""

    async def asked(ack: AsyncAck, payload: Mapping[str, Any], body: Mapping[str, Any], turn: RequestContext) -> None:
        async with turn.read() as tx:
            policy = (await in_force(tx)).policy
        offered = OFFERED.get(body.get("view", {}).get("callback_id"), options)
        await ack(options=matching(offered(policy), str(payload.get("value") or "")))

    return asked


def _read(option: Block) -> str:
    """What somebody may look for."""
    below = option.get("description", {}).get("text", "")
    return f"{option['text']['text']} {option['value']} {below}".casefold()


OFFERED: Mapping[str, Callable[[Policy], Sequence[Block]]] = {Form.INCIDENT_REPORT: reported_options}
"""By form, where it offers more."""
OPTIONS: dict[str, Listener] = {
    **dict.fromkeys((Field.SERVICE, Field.SERVICES, Field.TOUCHES), offering(service_options)),
    **dict.fromkeys((Field.GROUP, Field.GROUPS), offering(group_options)),
}
REGISTRATION = Registration(options=OPTIONS)
