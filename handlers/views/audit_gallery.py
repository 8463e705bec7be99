"""Sample checkpoints."""

from bot.rules.checkpoints import Checkpoint
from handlers.views import audit
from handlers.views.samples import AT, Drawn, said


def drawn() -> dict[str, Drawn]:
    unsigned = Checkpoint(1234, "5e" * 32, AT)
    signed = unsigned.signed("0123456789abcdef", f"{'A' * 86}==")
    return {"checkpoint": said(audit.digest(signed)), "checkpoint, unsigned": said(audit.digest(unsigned))}
