"""What is done to an incident besides the steps of its flow. A value completes “can …”: the only place that says it."""

from collections.abc import Collection
from enum import StrEnum
from functools import cache

from bot.rules.incident.flow import OPEN, IncidentState, IncidentStep, Standing, legal
from bot.rules.record.action_phrases import RecordAct


class IncidentAct(StrEnum):
    TAKE = "say that they are on {ref}"
    ASSIGN = "assign an incident"
    CLASS = "change the impact, urgency or service of {ref}"
    PRIORITISE = "set the priority of {ref}"
    MERGE = "merge {ref} into another incident"
    SHARE = "let somebody see {ref}"
    JOIN = "say that {ref} affects them too"
    WORKAROUND = "apply a workaround to {ref}"
    RATE = "say how it went"


_OF_ANY = (
    RecordAct.NOTE,
    RecordAct.UPDATE,
    RecordAct.LINK,
    RecordAct.UNLINK,
    RecordAct.ACT,
    RecordAct.PROBLEM,
    RecordAct.REVIEW,
)
WHILE_OPEN = frozenset(
    {
        IncidentAct.TAKE,
        IncidentAct.ASSIGN,
        IncidentAct.CLASS,
        IncidentAct.PRIORITISE,
        IncidentAct.MERGE,
        IncidentAct.JOIN,
    }
)
FOR_ALL = frozenset({IncidentAct.JOIN})
"""Whoever sees an incident may do it."""


def offered(
    state: IncidentState, *, private: bool, standings: Collection[Standing]
) -> frozenset[IncidentAct | RecordAct]:
    """The acts that make sense now for somebody of these standings. A rating is asked for in a message of its own."""
    mine = (
        frozenset[IncidentAct | RecordAct]({*IncidentAct, *_OF_ANY}) - {IncidentAct.RATE, IncidentAct.WORKAROUND}
        if Standing.DESK in standings
        else FOR_ALL
    )
    if Standing.REPORTER in standings:
        mine = (mine | {RecordAct.INFORM}) - {IncidentAct.JOIN}
    if not private:
        mine -= {IncidentAct.SHARE}
    return mine if state in OPEN else mine - WHILE_OPEN


@cache
def by_anybody() -> frozenset[IncidentStep | IncidentAct | RecordAct]:
    """All that whoever does not work on incidents may ever do with one, as its reporter or for it affects them too."""
    found = set[IncidentStep | IncidentAct | RecordAct]({IncidentAct.RATE})
    for state in IncidentState:
        found |= set(legal(state, [Standing.REPORTER]))
        for standings in ([], [Standing.REPORTER]):
            found |= offered(state, private=False, standings=standings)
    return frozenset(found)
