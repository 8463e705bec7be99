"""What came of a step in the workspace, for the desk that asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Standing(StrEnum):
    DONE = "done"
    HELD = "held"
    """Slack does not let it happen now; it is tried again until it does."""
    GIVEN_UP = "given up"


@dataclass(frozen=True)
class Outcome:
    standing: Standing
    error: str = ""
    """Slack's code for what stands in the way."""
    found: Mapping[str, str] = field(default_factory=dict)
    """What was made or read: a channel's id and name, a message's words."""
