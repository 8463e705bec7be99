"""Samples of what the owners of endpoints hear."""

from bot.usecases.webhook.endpoints import Trouble
from handlers.blocks.samples import Drawn, said
from handlers.webhook.views.failures import trouble

URL = "https://hooks.example.com/deskbell"


def drawn() -> dict[str, Drawn]:
    return {
        "webhook that is off": said(trouble(Trouble("status-page", URL, True, "410 Gone", 0))),
        "webhook that lost messages": said(trouble(Trouble("status-page", URL, False, "503 Service Unavailable", 3))),
    }
