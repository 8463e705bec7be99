"""The policy's section on its own changes from Slack: who proposes and approves them, and which side is the master."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.types import Duration, Key, Rule


class Master(StrEnum):
    """Where the rules are kept when `DESKBELL_POLICY` names a file. Without one, what is approved is in force."""

    FILE = "file"
    """Each start puts the file in force; what is approved ends as a file to commit."""
    SLACK = "slack"
    """The file is the beginning, and counts again once it says something else."""


class Proposals(Rule):
    who: Annotated[tuple[Annotated[str, Refers("groups")], ...], Field(min_length=1)] = (
        "change-managers",
        "service-desk",
    )
    """Groups whose members may propose a change of the policy."""
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """Whose members take back what was adopted, and withdraw what others proposed."""
    channel: Annotated[str, Refers("channels")] = "changes"
    approval: Annotated[Key, Refers("approvals")] | None = None
    """Who approves one; without it none can be made."""
    master: Master = Master.FILE
    replay: Duration = timedelta(days=30)
    """How far back it is run over what was promised."""
