"""The plan of a file that was shared: what it would change, and how it ended."""

from handlers.blocks import fitting, kit
from handlers.blocks.kit import Message
from handlers.ids import Action
from handlers.records.ended import ended
from storage.configuration_item import plans
from storage.tables import CiPlan

WRITES = ("created", "changed", "retired")


def plan(one: CiPlan, thread_ts: str | None) -> Message:
    found = plans.summary(one)
    head = f"A file of {kit.esc(one.source)} by {kit.mention(one.made_by)}"
    lines = "\n".join(_line(str(line)) for line in found.get("lines", ()))
    blocks = [kit.section(f":page_facing_up: *{head}*"), *(kit.section(piece) for piece in fitting.sections(lines))]
    if not any(int(found[name]) for name in WRITES):
        return Message(head, [*blocks, kit.context("The file changes nothing.")], thread_ts)
    button = kit.confirming(
        kit.button(Action.CI_PLAN_APPLY, "Apply", one.id, style="primary"),
        "Apply this plan?",
        f"{counted(one)}. Nothing is deleted.",
        "Apply",
    )
    message = Message(head, [*blocks, kit.actions(button)], thread_ts)
    if one.applied_at is None:
        return message
    return ended(message, f"Applied by {kit.mention(str(one.applied_by))} {kit.when(one.applied_at)}.")


def _line(said: str) -> str:
    """What is indented belongs to the count above it."""
    text = kit.esc(said.strip())
    return f"• {text}" if said.startswith("  ") else f"*{text}*"


def counted(one: CiPlan) -> str:
    found = plans.summary(one)
    return ", ".join(f"{int(found[name])} {name}" for name in WRITES)


def gone(thread_ts: str | None) -> Message:
    text = "This plan is forgotten, since newer ones were made. Share the file again."
    return Message(text, [kit.section(text)], thread_ts)


def applied(one: CiPlan) -> Message:
    text = f":white_check_mark: Applied: {counted(one)}."
    return Message(text, [kit.section(text)])
