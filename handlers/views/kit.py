"""The few shapes all cards and forms share."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """`text` is what a notification and a screen reader say; the blocks say the same and more."""

    text: str
    blocks: list[Block]
    thread_ts: str | None = None


@dataclass(frozen=True)
class HomeView:
    view: View
