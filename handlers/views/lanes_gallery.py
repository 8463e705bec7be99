"""Samples of what the owners of a silent channel hear."""

from bot.desk.parked_lanes import Silent
from bot.rules.parked_lanes import Trouble
from handlers.views import lanes
from handlers.views.samples import AT, Drawn, said
from storage.outbox_care import LaneWaiting


def drawn() -> dict[str, Drawn]:
    return {
        f"channel that hears nothing, {trouble}": said(lanes.parked(_silent(trouble, rows)))
        for rows, trouble in enumerate(Trouble, 1)
    }


def _silent(trouble: Trouble, rows: int) -> Silent:
    return Silent(LaneWaiting("#changes", rows, rows, AT, "is_archived", AT), trouble, urgent=rows > 1)
