"""The policy's catalogue of requests: what can be asked for, by a form that is data (ISO/IEC 20000-1:2018, 8.6.2)."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Protocol, Self

from pydantic import Field, model_validator

from bot.rules.configuration.dependencies import Service
from bot.rules.form import checks
from bot.rules.form.questions import Known, Question, QuestionType
from bot.rules.policy_format.document import Table, tables
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.hints import nearest
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import KEYED, Duration, Key, Keyed, Rule, words
from bot.rules.record.text import SUMMARY_MOST
from bot.rules.sla.unreachable_targets import MOST_YEARS, years
from bot.rules.time.policy import CalendarRule

MOST_TASKS = 20
MOST_ITEMS = 10
"""Of a checklist."""


class Task(Rule):
    """Something that a group does to fulfil a request; those that wait for nothing are done side by side."""

    id: Key
    title: Annotated[str, words(75)]
    group: Annotated[str, Refers("groups")] | None = None
    """Who does it; whoever owns the service, where it is left out."""
    instructions: Annotated[str, words(300)] | None = None
    checklist: Annotated[tuple[Annotated[str, words(75)], ...], Field(max_length=MOST_ITEMS)] = ()
    """Each is ticked before the task is done."""
    change: Annotated[str, words(SUMMARY_MOST)] | None = None
    """The name of a standard change that does it: the task waits for that."""
    after: tuple[Key, ...] = ()
    """The tasks that have to be done first; they stand above."""


class Item(Keyed):
    title: Annotated[str, words(75)]
    description: Annotated[str, words(300)] | None = None
    service: Annotated[Key, Refers("services")]
    who: tuple[Annotated[Key, Refers("groups")], ...] = ()
    """Whose members may ask for it; everybody, where it is left out."""
    questions: tuple[Question, ...] = ()
    approval: Annotated[Key, Refers("approvals")] | None = None
    """Who approves it, by the key of an approval policy; nobody, where it is left out."""
    tasks: Annotated[tuple[Task, ...], Field(max_length=MOST_TASKS)] = ()
    fulfil: Duration = timedelta(days=5)
    """Promised from when it is approved, in the hours of `calendar`."""
    calendar: Annotated[Key, Refers("calendars")] | None = None
    """Whose hours count; day and night, where it is left out."""
    close_after: Annotated[int, Field(strict=True, ge=1, le=60)] = 5
    """Business days of silence after which what is fulfilled is closed."""
    remind_after: Annotated[int, Field(strict=True, ge=1, le=60)] = 3
    """Business days after which who asked is asked once more whether they have it."""
    cost: Annotated[str, words(75)] | None = None
    next: Annotated[str, words(300)] | None = None
    """What happens once it is asked for."""

    @property
    def form_digest(self) -> str:
        """Of the form as it stands: another one is another form."""
        said = [one.model_dump(mode="json") for one in self.questions]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    def task(self, key: str) -> Task | None:
        return next((one for one in self.tasks if one.id == key), None)

    @model_validator(mode="after")
    def _asks_before_it_closes(self) -> Self:
        if self.remind_after >= self.close_after:
            raise ValueError(
                "remind_after: the reminder must come before the closing, so this must be less than close_after"
            )
        return self

    @model_validator(mode="after")
    def _tasks_in_order(self) -> Self:
        known: list[str] = []
        for one in self.tasks:
            if one.id in known:
                raise ValueError(f"tasks: there are two tasks “{one.id}”")
            if len(set(one.checklist)) < len(one.checklist):
                raise ValueError(f"tasks: the checklist of “{one.id}” has the same twice")
            for before in one.after:
                if before not in known:
                    raise ValueError(f"tasks: “{one.id}” comes after “{before}”, which is no task above it")
            known.append(one.id)
        return self


def form_faults(catalogue: Table) -> Iterator[Sensed]:
    """What of each form can never work."""
    for key, item in tables(catalogue).items():
        for found in checks.faults(item.get("questions")):
            yield Sensed((key, "questions", *found.where), found.message)


def _services(policy: "_Serving") -> Iterator[Sensed]:
    """A condition on a question for a service, or a default of one, names one that there is."""
    for key, item in policy.requests.items():
        asks = {one.id: one for one in item.questions if one.type is QuestionType.SERVICE}
        for place, one in enumerate(item.questions):
            parts = one.condition.parts() if one.condition else ()
            named = {answer for part in parts if part.question in asks for answer in part.among}
            for service in sorted(named - policy.services.keys()):
                close = nearest(service, policy.services)
                hint = f"; did you mean “{close}”?" if close else ""
                yield Sensed(("requests", key, "questions", place, "when"), f"there is no service “{service}”{hint}")
            if one.id in asks and one.begins is not None and one.begins not in policy.services:
                where = ("requests", key, "questions", place, "default")
                yield Sensed(where, f"there is no service “{one.default}”")


def _out_of_reach(policy: "_Serving") -> Iterator[Sensed]:
    """What is promised and would take longer than anybody waits."""
    for key, item in policy.requests.items():
        if item.calendar is not None:
            needed = years(policy.calendars[item.calendar].calendar, item.fulfil)
            if needed > MOST_YEARS:
                message = f"would take {needed:.0f} years in the hours of “{item.calendar}”: it is never due"
                yield Sensed(("requests", key, "fulfil"), message)


class _Serving(Protocol):
    """The part of a policy that catalogues."""

    @property
    def services(self) -> Mapping[str, Service]: ...

    @property
    def calendars(self) -> Mapping[str, CalendarRule]: ...

    @property
    def requests(self) -> Mapping[str, Item]: ...


def known(services: Mapping[str, Service]) -> Known:
    return Known({key: one.name for key, one in services.items()})


def lapsed(item: object, policy: Table) -> bool:
    """Whether an item of the default names a service, a group or an approval policy that the policy has no more."""
    if not isinstance(item, Mapping):
        return False
    there = {name: policy.get(name) for name in ("services", "groups", "approvals")}
    groups = [("groups", one.get("group")) for one in item.get("tasks", [])]
    named = [("services", item.get("service")), ("approvals", item.get("approval")), *groups]
    return any(key and isinstance(found := there[name], Mapping) and key not in found for name, key in named)


Requests = Annotated[
    dict[Key, Item],
    KEYED,
    Section(checks=(form_faults,), file_checks=(_services, _out_of_reach), lapses=lapsed, removable=True),
]
