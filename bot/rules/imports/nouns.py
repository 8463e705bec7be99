"""What can be moved in: incidents, changes, problems and requests, and what each is called elsewhere."""

from collections.abc import Mapping
from enum import StrEnum

from bot.rules.change import flow as change
from bot.rules.change.flow import ChangeState
from bot.rules.incident import flow as incident
from bot.rules.problem import flow as problem
from bot.rules.problem.flow import ProblemState
from bot.rules.record.refs import ABOUT, Noun
from bot.rules.request import flow as request
from bot.rules.request.flow import RequestState


class MovedIn(StrEnum):
    """As it is typed behind `--as`."""

    INCIDENT = "incident"
    CHANGE = "change"
    PROBLEM = "problem"
    REQUEST = "request"

    @property
    def noun(self) -> Noun:
        return {ABOUT[noun]: noun for noun in STATES}[self.value]


STATES: Mapping[Noun, type[StrEnum]] = {
    Noun.INCIDENT: incident.IncidentState,
    Noun.CHANGE: ChangeState,
    Noun.PROBLEM: ProblemState,
    Noun.REQUEST: RequestState,
}
OPEN: Mapping[Noun, frozenset[StrEnum]] = {
    Noun.INCIDENT: frozenset(incident.OPEN),
    Noun.CHANGE: frozenset({*change.OPEN, ChangeState.DRAFT}),
    Noun.PROBLEM: frozenset(problem.OPEN),
    Noun.REQUEST: frozenset(request.OPEN),
}
DONE: Mapping[Noun, StrEnum | None] = {
    Noun.INCIDENT: incident.IncidentState.RESOLVED,
    Noun.CHANGE: None,
    Noun.PROBLEM: None,
    Noun.REQUEST: RequestState.DONE,
}
"""Done by the desk, and not closed yet."""
WORDS: Mapping[Noun, frozenset[str]] = {
    Noun.INCIDENT: frozenset({"incident"}),
    Noun.CHANGE: frozenset({"change", "change request", "change_request", "changement"}),
    Noun.PROBLEM: frozenset({"problem", "problème"}),
    Noun.REQUEST: frozenset(
        {
            "request", "service request", "service_request", "requested item", "sc_req_item", "sc_request", "demande",
            "service request with approvals", "serviceanfrage",
        }
    ),
}  # fmt: skip
"""How tools name the type of a row, in small letters."""
