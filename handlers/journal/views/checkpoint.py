"""The journal, as it is told of in the audit channel."""

from bot.rules.journal.checkpoints import Checkpoint
from handlers.blocks.kit import Message, context, section, when


def digest(point: Checkpoint) -> Message:
    """A line to keep: whoever has it can tell later whether anything before it was changed."""
    facts = f"{point.size:,} {'fact' if point.size == 1 else 'facts'}"
    signer = f"signed with key {point.key}" if point.key else "*not signed*: set DESKBELL_AUDIT_KEY"
    return Message(
        f"Journal checkpoint: {facts} on record.",
        [
            section(f"*Journal checkpoint*: {facts} on record at {when(point.at)}, {signer}."),
            section(f"```{point.line}```"),
            context("To check the journal against it: `deskbell audit verify --checkpoint '…the line above…'`"),
        ],
    )
