"""What a change runs into, as people see it: on its form, its card and its approval."""

from collections.abc import Sequence

from bot.rules.approval.voting import StageRule
from bot.rules.change_window.conflicts import Collision, CollisionKind, Meeting
from bot.rules.policy.policy import Policy
from bot.rules.record.text import shorten
from bot.usecases.change.assessment_preview import AssessmentPreview
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Block, View
from handlers.change.views.texts import RISK_MARK

MOST = 6
PLACES_MOST = 8
"""Services at which it meets one thing, as far as they are named."""
BLOCK, IMPACT, PREVIEW = "collisions", "impact", "preview"
"""Ids of the blocks on a form, by which they are found again."""

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
    where = _where(one, policy)
    said = {
        CollisionKind.FREEZE: f"{name} freezes {where}: {span}",
        CollisionKind.SOFT_FREEZE: f"{name} is a soft freeze of {where}: {span}. It takes one approval more",
        CollisionKind.NEAR_FREEZE: f"{name} is a freeze nearby: {where}, {span}",
        CollisionKind.OUTSIDE: f"Outside of the maintenance windows of {where}",
        CollisionKind.MAJOR: f"{name} is a major incident now: {where}",
        CollisionKind.CHANGE: f"{name} is at the same time: {where}, {span}",
    }
    through = " They meet at what its items carry." if one.by_items else ""
    return f"{_MARK[one.kind]} {said[one.kind]}{through}"


def on_form(
    view: View,
    found: Sequence[Collision],
    policy: Policy,
    preview: AssessmentPreview | None = None,
    fails: Sequence[Block] = (),
) -> View:
    """The form with what the change would run into, how risky it is and who is asked to approve it.

    `fails`: what the items that it names take down.

    What was shown before gives way; answers keep their blocks.
    """
    blocks = [block for block in view["blocks"] if block.get("block_id") not in (BLOCK, IMPACT, PREVIEW)]
    shown = [block | {"block_id": BLOCK} for block in noted(found, policy)]
    shown += [block | {"block_id": IMPACT} for block in fails[:1]]
    if preview is not None:
        shown.append(kit.context(*ahead(preview, policy)) | {"block_id": PREVIEW})
    at = next((place for place, block in enumerate(blocks) if block["type"] == "actions"), len(blocks))
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return fitting.view({key: view[key] for key in kept} | {"blocks": [*blocks[:at], *shown, *blocks[at:]]})


def shown_on(view: View) -> str:
    """What an open form says already."""
    said = [
        text["text"]
        for block in view["blocks"]
        if block.get("block_id") in (BLOCK, IMPACT, PREVIEW)
        for text in (block.get("elements") or [block["text"]])
    ]
    return "\n".join(said)


def ahead(preview: AssessmentPreview, policy: Policy) -> list[str]:
    """The risk as it stands, what it rests on, and who is asked."""
    told = preview.assessment
    assumed = f" {told.assumed} answers are assumed; the risk questions ask for them." if told.assumed else ""
    said = [f"Risk: {RISK_MARK[told.risk]} ({told.score} of {told.most}).{assumed}"]
    said += [kit.esc(" ".join(told.reasons[:2]))] if told.reasons else []
    if preview.no_way_back:
        said.append(":warning: You answered that there is no way back. Is the backout plan one?")
    stages = " Then it asks ".join(f"{_of(one, policy)}." for one in preview.stages)
    return [*said, f"Approval: it asks {stages}"]


def _of(stage: StageRule, policy: Policy) -> str:
    group = policy.groups.get(stage.group or "")
    whom = kit.esc(group.title) if group else kit.some([kit.mention(one) for one in stage.people], 10)
    return f"{ {'any': 'one'}.get(stage.rule, stage.rule) } of {whom}"


def _where(one: Collision, policy: Policy) -> str:
    if one.at is None:
        return "all services"
    left_out = len(one.also) + 1 - PLACES_MOST
    more = f" and {left_out} more" if left_out > 0 else ""
    return ", ".join(_place(at, policy) for at in [one.at, *one.also][:PLACES_MOST]) + more


def _place(at: Meeting, policy: Policy) -> str:
    upper, lower = kit.esc(policy.service_name(at.upper)), kit.esc(policy.service_name(at.lower))
    return upper if at.same else f"{upper} depends on {lower}"
