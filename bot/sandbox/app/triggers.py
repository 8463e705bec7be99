"""trigger_ids: 3 seconds of real time, one use (Slack: “Handling user interaction”)."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

from bot.sandbox.state import SlackError

LIFE_SECONDS = 3.0


@dataclass
class Trigger:
    user: str
    view_id: str | None
    """The view it was pressed in; views.push needs one."""
    born: float
    used: bool = False


class Triggers:
    """The triggers handed out. Their life is real time, since it measures an app's quickness."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._known: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        trigger_id = f"{len(self._known) + 1}.{user[1:]}.{token_hex(8)}"
        self._known[trigger_id] = Trigger(user, view_id, self._monotonic())
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger up. Raises SlackError with the code that says why it is no good."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._monotonic() - trigger.born > LIFE_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
