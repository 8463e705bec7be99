"""Sample checkpoints."""

from bot.rules.journal.checkpoints import Checkpoint
from handlers.blocks.samples import AT, Drawn, said
from handlers.journal.views import checkpoint


def drawn() -> dict[str, Drawn]:
    unsigned = Checkpoint(1234, "5e" * 32, AT)
    signed = unsigned.signed("0123456789abcdef", f"{'A' * 86}==")
    return {"checkpoint": said(checkpoint.digest(signed)), "checkpoint, unsigned": said(checkpoint.digest(unsigned))}
