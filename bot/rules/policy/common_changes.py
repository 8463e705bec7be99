"""Forms for the changes of the policy that are made most: questions, and the TOML that the answers come to."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.configuration.dependencies import Criticality
from bot.rules.form.conditions import Answer
from bot.rules.form.questions import MOST_OPTIONS, Question, QuestionType
from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.policy_format.document import written
from bot.rules.time.policy import ALWAYS

CLOSED, OPEN = "Closed all day", "Open at other hours"
EVERY = "All services"
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_Answers = Mapping[str, Answer | None]


@dataclass(frozen=True)
class Common:
    """One of these forms."""

    key: str
    label: str
    """On its button, and the title of its form."""
    questions: Callable[[Policy], Sequence[Question]]
    says: Callable[[_Answers, Policy], Mapping[str, Any]]
    """Tables of the policy."""
    titled: Callable[[_Answers, Policy], str]
    """What the proposal is called."""
    possible: Callable[[Policy], bool] = lambda _: True
    """Whether there is something that it can be about."""

    def text(self, answers: _Answers, policy: Policy) -> str:
        return written(self.says(answers, policy)) + "\n"


def key_of(name: str) -> str:
    """“Wi-Fi at home” is wi-fi-at-home."""
    return _NOT_IN_KEYS.sub("-", name.casefold()).strip("-")[:40]


def _said(answers: _Answers, id_: str) -> str:
    found = answers.get(id_)
    return found if isinstance(found, str) else ""


def _several(answers: _Answers, id_: str) -> list[str]:
    found = answers.get(id_)
    return list(found) if isinstance(found, tuple) else [found] if found else []


def _text(id_: str, asks: str, *, required: bool = True, help_: str | None = None, long: bool = False) -> Question:
    type_ = QuestionType.LONG_TEXT if long else QuestionType.TEXT
    return Question(id=id_, asks=asks, type=type_, required=required, help=help_)


def _choice(id_: str, asks: str, options: Sequence[str], *, required: bool = True, **more: Any) -> Question:
    offered = tuple(dict.fromkeys(one[:75] for one in options))[:MOST_OPTIONS]
    return Question(id=id_, asks=asks, type=QuestionType.CHOICE, options=offered, required=required, **more)


def _groups(policy: Policy) -> list[str]:
    return [one.title for one in policy.groups.values()]


def _of_services(answers: _Answers) -> str:
    """Within a sentence."""
    said = _said(answers, "service")
    return said.lower() if said == EVERY else said


def _group(policy: Policy, title: str) -> str:
    return next(key for key, one in policy.groups.items() if one.title[:75] == title)


def _service_questions(policy: Policy) -> list[Question]:
    channels = [f"#{one.name}" for one in policy.channels.values()]
    return [
        _text("name", "What is it called?"),
        _text("description", "What is it?", required=False),
        _choice("owner", "Which group owns it?", _groups(policy)),
        _choice("channel", "Where are its incidents shown?", channels),
        _choice("criticality", "How critical is it?", [one.capitalize() for one in Criticality], default="Medium"),
    ]


def _service(answers: _Answers, policy: Policy) -> Mapping[str, Any]:
    channel = next(key for key, one in policy.channels.items() if f"#{one.name}"[:75] == _said(answers, "channel"))
    entry = {
        "name": _said(answers, "name"),
        "owner": _group(policy, _said(answers, "owner")),
        "channel": str(channel),
        "criticality": _said(answers, "criticality").lower(),
    }
    description = _said(answers, "description")
    return {"services": {key_of(_said(answers, "name")): entry | ({"description": description} if description else {})}}


def _group_questions(_policy: Policy) -> list[Question]:
    return [
        _text("title", "What is it called?"),
        _text("usergroup", "Which user group of Slack has its members?", required=False, help_="Its handle, like @vpn"),
        Question(id="people", asks="Or who is in it?", type=QuestionType.PEOPLE, help="Where there is no user group"),
    ]


def _group_says(answers: _Answers, _policy: Policy) -> Mapping[str, Any]:
    title, handle = _said(answers, "title"), _said(answers, "usergroup").lstrip("@")
    members = {"usergroup": handle} if handle else {"people": _several(answers, "people")}
    return {"groups": {key_of(title): {"title": title, **members}}}


def _item_questions(policy: Policy) -> list[Question]:
    approvals = [key for key in policy.approvals if policy.approvals[key].types == ()]
    approves = _choice("approval", "Who approves it?", approvals or ["-"], required=False, help="Left out: nobody")
    return [
        _text("title", "What can be asked for?"),
        _text("description", "What is it?", required=False),
        Question(id="service", asks="Which service is it of?", type=QuestionType.SERVICE, required=True),
        _text("asks", "What does its form ask?", required=False, long=True, help_="A question a line"),
        *([approves] if approvals else []),
        Question(
            id="days", asks="Within how many days is it fulfilled?", type=QuestionType.NUMBER, required=True,
            least=1, most=365, default=5,
        ),
    ]  # fmt: skip


def _item(answers: _Answers, _policy: Policy) -> Mapping[str, Any]:
    title, lines = _said(answers, "title"), _said(answers, "asks").splitlines()
    asked = [line.strip() for line in lines if line.strip()]
    questions = [
        {"id": f"q{number}", "asks": line, "type": "text", "required": True} for number, line in enumerate(asked, 1)
    ]
    optional = {
        "description": _said(answers, "description"), "approval": _said(answers, "approval"), "questions": questions,
    }  # fmt: skip
    entry = {"title": title, "service": _said(answers, "service"), "fulfil": f"{_said(answers, 'days')}d"}
    return {"requests": {key_of(title): entry | {key: one for key, one in optional.items() if one}}}


def _calendars(policy: Policy) -> list[str]:
    """Those that close at all."""
    return [key for key in policy.calendars if key != ALWAYS]


def _day_questions(policy: Policy) -> list[Question]:
    return [
        _choice("calendar", "In which calendar?", _calendars(policy)),
        Question(id="day", asks="Which day?", type=QuestionType.DATE, required=True),
        _choice("how", "What is it?", [CLOSED, OPEN], default=CLOSED),
        Question(
            id="hours", asks="Which hours count?", type=QuestionType.TEXT, required=True, help="Like 10:00-14:00",
            when={"how": OPEN},
        ),
    ]  # fmt: skip


def _day(answers: _Answers, policy: Policy) -> Mapping[str, Any]:
    key, day = _said(answers, "calendar"), _said(answers, "day")
    if _said(answers, "how") == OPEN:
        hours = [one.strip() for one in _said(answers, "hours").split(",") if one.strip()]
        return {"calendars": {key: {"special": {day: hours}}}}
    known = policy.calendars[key]
    closed = sorted({*(one.isoformat() for one in known.closed), day})
    return {"calendars": {key: {"closed": closed}}}


def _target_questions(policy: Policy) -> list[Question]:
    services = [one.name for one in policy.services.values()]
    return [
        _choice("priority", "For which priority?", list(Priority)),
        _choice("service", "For which service?", [EVERY, *services], default=EVERY),
        _text("response", "Answered within", help_="Like 15m, 4h or 2d"),
        _text("resolution", "Resolved within", help_="Like 4h or 5d"),
    ]


def _target(answers: _Answers, policy: Policy) -> Mapping[str, Any]:
    named, priority = _said(answers, "service"), _said(answers, "priority")
    target = {"response": _said(answers, "response"), "resolution": _said(answers, "resolution")}
    if named == EVERY:
        return {"targets": {priority: target}}
    service = next(key for key, one in policy.services.items() if one.name[:75] == named)
    return {"service_targets": {service: {priority: target}}}


COMMON: Mapping[str, Common] = {
    one.key: one
    for one in (
        Common("service", "A service", _service_questions, _service, lambda a, _: f"Service: {_said(a, 'name')}"),
        Common("group", "A group", _group_questions, _group_says, lambda a, _: f"Group: {_said(a, 'title')}"),
        Common("item", "Something to ask for", _item_questions, _item,
               lambda a, _: f"To ask for: {_said(a, 'title')}"),
        Common("day", "A holiday or special day", _day_questions, _day,
               lambda a, _: f"{_said(a, 'day')} in the calendar “{_said(a, 'calendar')}”",
               lambda policy: bool(_calendars(policy))),
        Common("target", "A target", _target_questions, _target,
               lambda a, _: f"Target of {_said(a, 'priority')} for {_of_services(a)}"),
    )
}  # fmt: skip
"""In the order of their buttons."""
