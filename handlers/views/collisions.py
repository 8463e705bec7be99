"""What a change runs into, as people see it: on its form, its card and its approval."""

from collections.abc import Sequence

from bot.rules.collisions import Collision, CollisionKind, Meeting
from bot.rules.policy import Policy
from bot.rules.words import shorten
from handlers.views import kit
from handlers.views.kit import Block, View

MOST = 6
BLOCK = "collisions"
"""The id of the block on a form, by which it is found again."""

_MARK = {
    CollisionKind.FREEZE: ":no_entry:",
    CollisionKind.SOFT_FREEZE: ":snowflake:",
    CollisionKind.NEAR_FREEZE: ":snowflake:",
    CollisionKind.OUTSIDE: ":wrench:",
    CollisionKind.MAJOR: ":rotating_light:",
    CollisionKind.CHANGE: ":warning:",
}


def noted(found: Sequence[Collision], policy: Policy) -> list[Block]:
    """A line each; none where it runs into nothing."""
    if not found:
        return []
    lines = [line(one, policy) for one in found[:MOST]]
    if len(found) > MOST:
        lines.append(f"… and {len(found) - MOST} more. `/change calendar` shows them.")
    return [kit.section("\n".join(lines))]


def line(one: Collision, policy: Policy) -> str:
    name = f"*{one.ref}* {kit.esc(shorten(one.title, 80))}"
    span = f"{kit.when(one.starts_at)} to {kit.when(one.ends_at)}" if one.starts_at and one.ends_at else ""
    where = _where(one.at, policy)
    said = {
        CollisionKind.FREEZE: f"{name} freezes {where}: {span}",
        CollisionKind.SOFT_FREEZE: f"{name} is a soft freeze of {where}: {span}. It takes one approval more",
        CollisionKind.NEAR_FREEZE: f"{name} is a freeze nearby: {where}. {span}",
        CollisionKind.OUTSIDE: f"Outside of the maintenance windows of {where}",
        CollisionKind.MAJOR: f"{name} is a major incident now: {where}",
        CollisionKind.CHANGE: f"{name} is at the same time: {where}. {span}",
    }
    return f"{_MARK[one.kind]} {said[one.kind]}"


def on_form(view: View, found: Sequence[Collision], policy: Policy) -> View:
    """The form with what the change would run into; what was shown before gives way. Answers keep their blocks."""
    blocks = [block for block in view["blocks"] if block.get("block_id") != BLOCK]
    shown = [block | {"block_id": BLOCK} for block in noted(found, policy)]
    at = next((place for place, block in enumerate(blocks) if block["type"] == "actions"), len(blocks))
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {key: view[key] for key in kept} | {"blocks": [*blocks[:at], *shown, *blocks[at:]]}


def shown_on(view: View) -> str:
    """What an open form says already."""
    said = next((block["text"]["text"] for block in view["blocks"] if block.get("block_id") == BLOCK), "")
    return str(said)


def _where(at: Meeting | None, policy: Policy) -> str:
    if at is None:
        return "all services"
    upper, lower = kit.esc(policy.service_name(at.upper)), kit.esc(policy.service_name(at.lower))
    return upper if at.same else f"{upper} depends on {lower}"
