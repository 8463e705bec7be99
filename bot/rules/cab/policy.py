"""The policy's section on meetings of the change advisory board."""

from typing import Annotated

from pydantic import Field

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Key, Rule


class Cab(Rule):
    groups: Annotated[tuple[Annotated[Key, Refers("groups")], ...], Field(min_length=1)]
    """Groups that are the board: changes that wait for one of them come on the agenda."""
    channel: Annotated[str, Refers("channels")]
    """Where agendas are posted."""
