"""Samples of what the owners of a silent channel hear."""

from dataclasses import replace

from bot.rules.delivery.blocked_channels import Trouble
from bot.rules.delivery.undelivered import Cause
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Noun, Ref
from bot.usecases.delivery.blocked_channels import Silent
from bot.usecases.delivery.undelivered import Undelivered
from handlers.blocks.samples import AT, Drawn, said
from handlers.delivery.views import blocked_channels, undelivered
from storage.delivery.outbox_admin import LaneWaiting


def drawn() -> dict[str, Drawn]:
    told = {f"message given up, {words}": said(undelivered.undelivered(what)) for words, what in _given_up().items()}
    return told | {
        f"channel that hears nothing, {trouble}": said(blocked_channels.parked(_silent(trouble, rows)))
        for rows, trouble in enumerate(Trouble, 1)
    }


def _given_up() -> dict[str, Undelivered]:
    request = Undelivered(
        Ref(Noun.CHANGE, 1),
        NoticeKind.APPROVAL_REQUEST,
        redrawn=False,
        lanes=["@UAPPROVER", "#changes"],
        cause=Cause.REFUSED,
        error="msg_blocks_too_long",
        ids=[7, 8],
        mine=False,
    )
    return {
        "to who asked": request,
        "to its reader": replace(request, mine=True),
        "out of date, to its reader": replace(request, redrawn=True, mine=True),
        "to one who left": replace(request, cause=Cause.GONE, error="user_disabled"),
        "arrived since": replace(request, lanes=[]),
        "about no record": replace(request, ref=None, lanes=[f"@UAPPROVER{one}" for one in range(12)]),
    }


def _silent(trouble: Trouble, rows: int) -> Silent:
    return Silent(LaneWaiting("#changes", rows, rows, AT, "is_archived", AT), trouble, urgent=rows > 1)
