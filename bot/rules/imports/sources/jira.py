"""Jira and Jira Service Management: CSV with columns of the same name, and the REST API's JSON."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.rules.change.flow import ChangeState
from bot.rules.imports import words
from bot.rules.imports.fields import Fields, who_of
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Comment, RowFault, Source
from bot.rules.incident.flow import IncidentState
from bot.rules.problem.flow import ProblemState
from bot.rules.record.refs import Noun
from bot.rules.request.flow import RequestState

_CATEGORIES: Mapping[Noun, Mapping[str, words.State]] = {
    noun: {
        **dict.fromkeys(("new", "to do"), (begins, None)),
        **dict.fromkeys(("indeterminate", "in progress"), (goes_on, None)),
        "done": (done, None),
    }
    for noun, begins, goes_on, done in (
        (Noun.INCIDENT, IncidentState.NEW, IncidentState.IN_PROGRESS, IncidentState.CLOSED),
        (Noun.CHANGE, ChangeState.DRAFT, ChangeState.DRAFT, ChangeState.CLOSED),
        (Noun.PROBLEM, ProblemState.PROPOSED, ProblemState.INVESTIGATING, ProblemState.CLOSED),
        (Noun.REQUEST, RequestState.NEW, RequestState.DOING, RequestState.CLOSED),
    )
}


def _unfolded(row: Fields) -> Fields:
    inner = row.value("fields")
    if not isinstance(inner, Mapping):
        return row
    outer = {name: value for name, value in row.values.items() if name != "fields"}
    return replace(row, values={**Fields.of(inner).values, **outer})


def _by_category(noun: Noun) -> Callable[[Fields, How], words.State | None]:
    """A status may be called anything; its category is one of three."""

    def state(row: Fields, _how: How) -> words.State | None:
        status = row.value("status")
        said = row.line("status")
        if words.folded(said) in words.STATES_OF[noun] or said.casefold() in words.STATES_OF[noun]:
            return None
        category = ""
        if isinstance(status, Mapping) and isinstance(status.get("statusCategory"), Mapping):
            category = str(status["statusCategory"].get("key", ""))
        return _CATEGORIES[noun].get((category or row.line("Status Category")).casefold())

    return state


def _kind(row: Fields) -> str:
    said = row.line("Issue Type", "issuetype", "Work type").removeprefix("[System] ")
    return "incident" if "incident" in said.casefold() else said


def _hidden(row: Fields) -> bool:
    return bool(row.line("Security Level", "security"))


def _comments(row: Fields, how: How) -> Iterator[Comment]:
    for cell in row.each("Comment", "Comments", "comment"):
        if isinstance(cell, Mapping):
            for one in cell.get("comments") or ():
                fields = Fields.of(one)
                author = who_of(one.get("author"))
                yield Comment(
                    fields.text("body"), fields.when(how.clock, "created"), author, one.get("jsdPublic") is False
                )
        else:
            yield _of_cell(str(cell), how)


def _of_cell(cell: str, how: How) -> Comment:
    """“12/Apr/26 3:30 PM;caller;Looks good”; a text that does not begin so is a comment by itself."""
    parts = cell.split(";", 2)
    if len(parts) < 3:
        return Comment(cell)
    try:
        at = how.clock.read(parts[0])
    except RowFault as fault:
        if "no way that is known" in str(fault):
            return Comment(cell)
        raise RowFault(f"{fault} (in a comment)") from None
    return Comment(parts[2], at, who_of(parts[1])) if at else Comment(cell)


SPEC = Spec(
    Source.JIRA,
    {
        "id": ("Issue key", "key", "Key"),
        "number": ("Issue key", "key", "Key"),
        "summary": ("Summary",),
        "description": ("Description",),
        "state": ("Status",),
        "opened": ("Created",),
        "updated": ("Updated",),
        "resolved": ("Resolved", "resolutiondate"),
        "priority": ("Priority",),
        "impact": ("Custom field (Impact)",),
        "urgency": ("Custom field (Urgency)",),
        "service": ("Component/s", "Components", "Component", "Custom field (Affected services)"),
        "reporter": ("Reporter",),
        "assignee": ("Assignee",),
        "resolution_code": ("Resolution",),
    },
    priorities={
        **dict.fromkeys(("highest", "blocker", "critical", "p1"), words.PRIORITIES["p1"]),
        **{word: priority for word, priority in words.PRIORITIES.items() if not word.isdigit()},
        "1": words.PRIORITIES["p1"],
        "2": words.PRIORITIES["p2"],
        "3": words.PRIORITIES["p3"],
        "4": words.PRIORITIES["p4"],
        "5": words.PRIORITIES["p5"],
    },
    comments=_comments,
    state=_by_category(Noun.INCIDENT),
    kind=_kind,
    unfolded=_unfolded,
    hidden=_hidden,
)
CHANGE = replace(
    SPEC,
    noun=Noun.CHANGE,
    names={
        **SPEC.names,
        "kind": ("Custom field (Change type)", "Change type"),
        "risk": ("Custom field (Change risk)", "Change risk"),
        "starts": ("Custom field (Change start date)", "Change start date", "Custom field (Planned start)"),
        "ends": ("Custom field (Change completion date)", "Change completion date", "Custom field (Planned end)"),
        "plan": ("Custom field (Implementation plan)", "Implementation plan"),
        "test_plan": ("Custom field (Test plan)", "Test plan"),
        "backout": ("Custom field (Backout plan)", "Backout plan"),
        "result": ("Resolution",),
    },
    state=_by_category(Noun.CHANGE),
)
PROBLEM = replace(
    SPEC,
    noun=Noun.PROBLEM,
    names={
        **SPEC.names,
        "cause": ("Custom field (Root cause)", "Root cause"),
        "workaround": ("Custom field (Workaround)", "Workaround"),
    },
    state=_by_category(Noun.PROBLEM),
)
REQUEST = replace(SPEC, noun=Noun.REQUEST, state=_by_category(Noun.REQUEST))
