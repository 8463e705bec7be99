"""What is written in requests of the REST API. A field that is not known is refused."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from bot.rules.incident.flow import PendingOn
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.record.text import SUMMARY_MOST, WORDS_MOST

Line = Annotated[str, Field(min_length=1, max_length=SUMMARY_MOST)]
Text = Annotated[str, Field(min_length=1, max_length=WORDS_MOST)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewIncident(Body):
    summary: Line
    description: Annotated[str, Field(max_length=WORDS_MOST)] = ""
    service: str
    """A key of the policy's services, or “not-sure”."""
    impact: Impact = Impact.MEDIUM
    urgency: Urgency = Urgency.MEDIUM
    private: StrictBool = False


class Note(Body):
    text: Text


class Reason(Body):
    reason: Text


class Pending(Body):
    on: PendingOn
    reason: Text


class Resolution(Body):
    resolution: Text
    code: str = ""
    """One of the policy's codes; its first, where it is none."""
