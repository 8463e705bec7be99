"""The policy's section on meetings of the change advisory board."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.rules.policy_values import Key


class Cab(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: Annotated[tuple[Key, ...], Field(min_length=1)]
    """Groups that are the board: changes that wait for one of them come on the agenda."""
    channel: str
    """The key of the channel where agendas are posted."""
