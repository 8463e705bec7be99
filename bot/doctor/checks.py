"""The result of a check."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    LOOK = "look"
    """Deskbell works, but perhaps not as meant."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Could not be looked at, because of a failure above."""


@dataclass(frozen=True)
class Check:
    name: str
    state: State
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        return {key: str(value) for key, value in asdict(self).items()}


def failed(checks: Iterable[Check]) -> bool:
    return any(check.state is State.FAILED for check in checks)


def worst(states: Iterable[State]) -> State:
    """FAILED before LOOK before OK; OK of nothing."""
    present = set(states)
    return next((state for state in (State.FAILED, State.LOOK) if state in present), State.OK)
