"""GLPI: searches exported as CSV, in English or French, and tickets of the API as JSON."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.rules.change.flow import ChangeState
from bot.rules.imports import words
from bot.rules.imports.fields import Fields, who_of
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Comment, Source
from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.problem.flow import ProblemState
from bot.rules.record.html_text import text_of
from bot.rules.record.refs import Noun
from bot.rules.request.flow import RequestState

_S = IncidentState
_STATES: dict[str, words.State] = {
    **dict.fromkeys(("1", "new", "nouveau"), (_S.NEW, None)),
    **dict.fromkeys(("2", "processing (assigned)", "en cours (attribué)"), (_S.ACKNOWLEDGED, None)),
    **dict.fromkeys(("3", "processing (planned)", "en cours (planifié)"), (_S.IN_PROGRESS, None)),
    **dict.fromkeys(("4", "pending", "en attente"), words.PENDING),
    **dict.fromkeys(("5", "solved", "résolu"), (_S.RESOLVED, None)),
    **dict.fromkeys(("6", "closed", "clos"), (_S.CLOSED, None)),
}
# 5 is the highest there, and 6 is “major”.
_VERY_HIGH, _HIGH, _MEDIUM = ("5", "very high", "très haute"), ("4", "high", "haute"), ("3", "medium", "moyenne")
_LOW, _VERY_LOW, _MAJOR = ("2", "low", "basse"), ("1", "very low", "très basse"), ("6", "major", "majeure")
_PRIORITIES = {
    **dict.fromkeys((*_MAJOR, *_VERY_HIGH), Priority.P1),
    **dict.fromkeys(_HIGH, Priority.P2),
    **dict.fromkeys(_MEDIUM, Priority.P3),
    **dict.fromkeys(_LOW, Priority.P4),
    **dict.fromkeys(_VERY_LOW, Priority.P5),
}
_LEVELS = {**dict.fromkeys((*_VERY_HIGH, *_HIGH), "high"), **dict.fromkeys(_MEDIUM, "medium")}
_LEVELS |= dict.fromkeys((*_LOW, *_VERY_LOW), "low")


def _unfolded(row: Fields) -> Fields:
    """Numbers of thousands have a space in an export: “1 234” is the ticket 1234."""
    shown = row.raw("ID", "id")
    if re.fullmatch(r"[0-9]{1,3}(?:[\s\u00a0\u202f][0-9]{3})+", shown):
        return replace(row, values={**row.values, "id": [re.sub(r"\D", "", shown)]})
    return row


def _kind(row: Fields) -> str:
    said = row.line("type")
    if said.casefold() in ("1", "incident"):
        return "incident"
    return "Request" if said.casefold() in ("2", "request", "demande") else said


def _comments(row: Fields, how: How) -> Iterator[Comment]:
    for name in ("_followups", "followups", "ITILFollowup", "_tasks", "tasks", "TicketTask"):
        found = row.value(name)
        for one in found if isinstance(found, list) else ():
            if isinstance(one, Mapping):
                fields = Fields.of(one)
                at = fields.when(how.clock, "date", "date_creation")
                hidden = str(one.get("is_private", 0)) in ("1", "True")
                yield Comment(fields.html("content"), at, who_of(one.get("users_id")), hidden)
    for name in ("Followups - Description", "Followups", "Suivis - Description"):
        for cell in row.each(name):
            if isinstance(cell, str):
                yield Comment(text_of(cell, escaped=True))


SPEC = Spec(
    Source.GLPI,
    {
        "id": ("ID",),
        "summary": ("Title", "name", "Titre"),
        "description": ("content", "Description"),
        "state": ("Status", "Statut"),
        "opened": ("Opening date", "date", "Date d'ouverture", "date_creation"),
        "updated": ("Last update", "date_mod", "Dernière modification"),
        "acknowledged": ("takeintoaccountdate", "Take into account date"),
        "resolved": ("Resolution date", "solvedate", "Date de résolution"),
        "closed": ("Closing date", "closedate", "Date de clôture"),
        "pending_until": ("begin_waiting_until",),
        "priority": ("Priority", "Priorité"),
        "impact": ("Impact",),
        "urgency": ("Urgency", "Urgence"),
        "service": ("Category", "itilcategories_id", "Catégorie"),
        "group": ("Assigned to - Technician group", "Technician group", "_groups_id_assign", "Attribué à - Groupe"),
        "reporter": ("Requester - Requester", "Requester", "_users_id_requester", "Demandeur - Demandeur"),
        "assignee": ("Assigned to - Technician", "Technician", "_users_id_assign", "Attribué à - Technicien"),
        "resolution": ("Solution - Solution", "Solution", "solution"),
        "resolution_code": ("Solution - Solution type", "solutiontypes_id"),
    },
    states=_STATES,
    priorities=_PRIORITIES,
    impacts={word: Impact(level) for word, level in _LEVELS.items()},
    urgencies={word: Urgency(level) for word, level in _LEVELS.items()},
    html=True,
    comments=_comments,
    kind=_kind,
    unfolded=_unfolded,
)

_C, _B, _R = ChangeState, ProblemState, RequestState
CHANGE = replace(
    SPEC,
    noun=Noun.CHANGE,
    names={
        **SPEC.names,
        "starts": ("Planned start", "begin_date"),
        "ends": ("Planned end", "end_date", "Time to resolve", "time_to_resolve"),
        "plan": ("rolloutplancontent", "Deployment plan", "Plan de déploiement"),
        "test_plan": ("checklistcontent", "Checklist"),
        "backout": ("backoutplancontent", "Backup plan", "Plan de retour arrière"),
    },
    states={
        **dict.fromkeys(("1", "7", "9", "10", "11", "12", "4"), (_C.DRAFT, None)),
        **dict.fromkeys(("new", "accepted", "evaluation", "approval", "test", "qualification"), (_C.DRAFT, None)),
        **dict.fromkeys(("nouveau", "accepté", "évaluation", "validation", "pending", "en attente"), (_C.DRAFT, None)),
        **dict.fromkeys(
            ("5", "solved", "applied", "appliqué", "résolu", "8", "review", "relecture"), (_C.REVIEW, None)
        ),
        **dict.fromkeys(("6", "closed", "clos"), (_C.CLOSED, None)),
        **dict.fromkeys(("13", "14", "refused", "canceled", "refusé", "annulé"), (_C.CANCELLED, None)),
    },
)
PROBLEM = replace(
    SPEC,
    noun=Noun.PROBLEM,
    names={
        **SPEC.names,
        "cause": ("causecontent", "Causes"),
    },
    states={
        **dict.fromkeys(("1", "new", "nouveau"), (_B.PROPOSED, None)),
        **dict.fromkeys(("7", "2", "accepted", "processing (assigned)", "en cours (attribué)"), (_B.ASSESSING, None)),
        **dict.fromkeys(
            (
                "3",
                "4",
                "8",
                "processing (planned)",
                "en cours (planifié)",
                "pending",
                "en attente",
                "under observation",
            ),
            (_B.INVESTIGATING, None),
        ),
        **dict.fromkeys(("5", "6", "solved", "résolu", "closed", "clos"), (_B.CLOSED, None)),
    },
)
REQUEST = replace(
    SPEC,
    noun=Noun.REQUEST,
    states={
        **dict.fromkeys(("1", "new", "nouveau"), (_R.NEW, None)),
        **dict.fromkeys(
            ("2", "3", "processing (assigned)", "processing (planned)", "en cours (attribué)", "en cours (planifié)"),
            (_R.DOING, None),
        ),
        **dict.fromkeys(("4", "pending", "en attente"), (_R.PENDING, PendingOn.VENDOR)),
        **dict.fromkeys(("5", "solved", "résolu"), (_R.DONE, None)),
        **dict.fromkeys(("6", "closed", "clos"), (_R.CLOSED, None)),
    },
)
