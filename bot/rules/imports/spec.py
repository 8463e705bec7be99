"""How a tool's rows become tickets: where it keeps each value, and what its own words mean."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.change.flow import ChangeState, ChangeType
from bot.rules.imports import nouns, words
from bot.rules.imports.fields import Fields
from bot.rules.imports.instants import Clock
from bot.rules.imports.mapping import NOTHING
from bot.rules.imports.mapping import Mapping as Mapped
from bot.rules.imports.ticket import Comment, Planned, Read, RowFault, Source, Ticket, Who
from bot.rules.incident.flow import IncidentState
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.record import text as record_text
from bot.rules.record.refs import ABOUT, Noun

Names = Mapping[str, tuple[str, ...]]
AHEAD = timedelta(days=1)
"""How far a clock elsewhere may be ahead of ours."""
PLANNED_AHEAD = timedelta(days=3650)
"""How far ahead a change may be planned: what lies further is a slip, and no calendar ends where it does."""
ID_MOST = 200
_YES = frozenset({"true", "yes", "1", "y", "private", "restricted", "oui", "ja"})
_TIMES = ("opened", "updated", "acknowledged", "resolved", "closed")


@dataclass(frozen=True)
class How:
    """What is known beside the file."""

    clock: Clock
    now: datetime
    mapped: Mapped = NOTHING
    take: Collection[str] = ()
    """Types that are taken as incidents too."""


def _no_comments(_row: Fields, _how: How) -> Iterable[Comment]:
    return ()


def _no_state(_row: Fields, _how: How) -> words.State | None:
    return None


def _no_kind(_row: Fields) -> str:
    return ""


def _bare(kind: str) -> str:
    """Jira puts “[System] ” before its own."""
    return kind.casefold().removeprefix("[system] ")


def _as_it_is(row: Fields) -> Fields:
    return row


def _open_to_all(_row: Fields) -> bool:
    return False


@dataclass(frozen=True)
class Spec:
    source: Source
    names: Names
    """By value, where a row has it: the first of these that is not empty."""
    needed: Collection[str] = ("id", "summary", "state", "opened")
    """Values without whose column the file is none of this tool."""
    states: Mapping[str, words.State] = field(default_factory=dict)
    priorities: Mapping[str, Priority] = field(default_factory=dict)
    impacts: Mapping[str, Impact] = field(default_factory=dict)
    urgencies: Mapping[str, Urgency] = field(default_factory=dict)
    html: bool = False
    """Whether its texts may be HTML."""
    utc: bool = False
    """Whether its times without a zone are UTC, whatever format it wrote."""
    comments: Callable[[Fields, How], Iterable[Comment]] = _no_comments
    state: Callable[[Fields, How], words.State | None] = _no_state
    """Where a word alone does not tell it."""
    kind: Callable[[Fields], str] = _no_kind
    """What it is instead of an incident; empty for one."""
    unfolded: Callable[[Fields], Fields] = _as_it_is
    """The values of a row beside each other, where the tool nests them."""
    noun: Noun = Noun.INCIDENT
    hidden: Callable[[Fields], bool] = _open_to_all
    """Whether only some could see it there."""

    def with_columns(self, mapped: Mapped) -> "Spec":
        """The mapping's own headings are looked at first."""
        own = {name: value for name, value in mapped.columns.model_dump().items() if isinstance(value, str)}
        merged = {
            name: (own[name], *self.names.get(name, ())) if name in own else self.names[name]
            for name in {**self.names, **own}
        }
        return replace(self, names=merged)

    @property
    def headings(self) -> list[str]:
        return [name for names in self.names.values() for name in names]

    @property
    def must(self) -> list[tuple[str, ...]]:
        return [self.names[name] for name in self.needed if name in self.names]

    @property
    def open_states(self) -> Collection[StrEnum]:
        return nouns.OPEN[self.noun]

    def read(self, line: int, row: Fields | str, how: How) -> Read:
        if isinstance(row, str):
            return Read(line, fault=row)
        row = self.unfolded(row)
        known = record_text.one_line(row.raw(*self.names["id"]))
        kind = (row.line(*self.names["type"]) if "type" in how.mapped.columns.model_fields_set else "") or self.kind(
            row
        )
        taken = nouns.WORDS[self.noun] | {one.casefold() for one in (*how.take, *how.mapped.take)}
        # A file of changes alone says of none that it is one.
        if kind and _bare(kind) not in taken:
            return Read(line, left_out=kind, source_id=known)
        try:
            return Read(line, _Reader(self, row, how).ticket(known), source_id=known)
        except RowFault as fault:
            return Read(line, fault=str(fault), source_id=known)


@dataclass
class _Reader:
    spec: Spec
    row: Fields
    how: How
    notes: list[str] = field(default_factory=list)

    def ticket(self, known: str) -> Ticket:
        if not known:
            raise RowFault(f"has no {self._named('id')}, by which it would be known again")
        number = self._line("number") or known
        for name, said in (("id", known), ("number", number)):
            if len(said) > ID_MOST:
                raise RowFault(f"has {len(said):,} characters in {self._named(name)}; {ID_MOST} is the most")
        state, pending = self._state()
        opened_at, times = self._times(state)
        summary, description = self._words()
        comments = [replace(one, text=record_text.clean(one.text)) for one in self.spec.comments(self.row, self.how)]
        return Ticket(
            source_id=known,
            old_ref=number,
            summary=summary,
            description=description,
            state=state,
            pending_on=pending,
            pending_until=self._when("pending_until") if state == IncidentState.PENDING else None,
            service=self._line("service"),
            group=self._line("group"),
            impact=self._level("impact", self.how.mapped.impacts, self.spec.impacts or words.IMPACTS),
            urgency=self._level("urgency", self.how.mapped.urgencies, self.spec.urgencies or words.URGENCIES),
            priority=self._level("priority", self.how.mapped.priorities, self.spec.priorities or words.PRIORITIES),
            reporter=self._who("reporter"),
            assignee=self._who("assignee"),
            resolution=self._text("resolution") if state not in self.spec.open_states else "",
            resolution_code=self._line("resolution_code") if state not in self.spec.open_states else "",
            private=self._line("private").casefold() in _YES or self.spec.hidden(self.row),
            comments=tuple(one for one in (*self._found_out(), *comments) if one.text),
            opened_at=opened_at,
            **times,
            noun=self.spec.noun,
            planned=self._planned(state, opened_at, times) if self.spec.noun is Noun.CHANGE else None,
            notes=tuple(self.notes),
        )

    def _named(self, name: str) -> str:
        """As the file calls it, where it has it."""
        return f"“{self.row.heading(*self.spec.names.get(name, (name,)))}”"

    def _text(self, name: str) -> str:
        names = self.spec.names.get(name, ())
        return self.row.html(*names) if self.spec.html else self.row.text(*names)

    def _line(self, name: str) -> str:
        return self.row.line(*self.spec.names.get(name, ()))

    def _when(self, name: str) -> datetime | None:
        names = self.spec.names.get(name, ())
        return self.row.when(self.how.clock, *names) if names else None

    def _who(self, name: str) -> Who | None:
        found = self.row.who(*self.spec.names.get(name, ()))
        email = self._line(f"{name}_email").casefold()
        if not email:
            return found
        return replace(found, email=email) if found else Who(email=email)

    def _words(self) -> tuple[str, str]:
        """A summary that is longer than one may be stands whole in the description."""
        description = self._text("description")
        whole = record_text.one_line(self._text("summary")) or record_text.first_sentence(description)
        if not whole:
            raise RowFault(f"has no {self._named('summary')}")
        summary = record_text.shorten(whole, record_text.SUMMARY_MOST)
        if summary != whole:
            self.notes.append(f"its summary has {len(whole)} characters; the whole stands in the description")
            description = f"{whole}\n\n{description}".strip()
        return summary, description

    def _state(self) -> words.State:
        if own := self._own_state():
            return own
        if found := self.spec.state(self.row, self.how):
            return found
        said = self._line("state") or self.row.raw(*self.spec.names.get("state", ()))
        inner = self.row.raw(*self.spec.names.get("state", ()))
        for word in filter(None, (inner, said)):
            if found := words.meant(word, {}, self.spec.states, words.STATES_OF[self.spec.noun]):
                return found
        if not said:
            raise RowFault(f"has no {self._named('state')}")
        raise RowFault(
            f"is “{said[:60]}” ({self._named('state')}), and nobody knows what that is here; say so under [states] of "
            "a mapping"
        )

    def _own_state(self) -> words.State | None:
        names = self.spec.names.get("state", ())
        for word in filter(None, (self._line("state"), self.row.raw(*names))):
            if found := words.meant(word, self.how.mapped.states):
                try:
                    return words.state_of(found, self.spec.noun)
                except ValueError:
                    what = ABOUT[self.spec.noun]
                    raise RowFault(f"is “{word[:60]}”, which the mapping calls {found}: no state of a {what}") from None
        return None

    def _found_out(self) -> Iterable[Comment]:
        """What is known of a problem stands in notes: a cause is confirmed, and an error made known, by people here."""
        for name, said in (("cause", "Cause"), ("workaround", "Workaround")):
            if text := self._text(name):
                yield Comment(f"{said} in {self.spec.source.label}:\n{text}", internal=name == "cause")

    def _planned(self, state: StrEnum, opened: datetime, times: Mapping[str, datetime | None]) -> Planned:
        starts, ends, started, finished = (self._when(name) for name in ("starts", "ends", "started", "finished"))
        farthest = {"starts": PLANNED_AHEAD, "ends": PLANNED_AHEAD, "started": AHEAD, "finished": AHEAD}
        for (name, most), at in zip(farthest.items(), (starts, ends, started, finished), strict=True):
            if at is not None and at > self.how.now + most:
                raise RowFault(f"has {record_text.instant(at)} for {self._named(name)}, which is too far ahead")
        closed = times["closed_at"] or times["resolved_at"]
        if state in self.spec.open_states and (starts is None or ends is None):
            lacking = "starts" if starts is None else "ends"
            raise RowFault(f"has no {self._named(lacking)}, and a change that is not done with needs its window")
        if starts is None or ends is None:
            starts = starts or started or opened
            ends = ends or finished or closed or starts
            self.notes.append("it does not say for when it was planned; its own times stand for it")
        if ends <= starts:
            if state in self.spec.open_states:
                raise RowFault(f"ends before it begins ({self._named('starts')}, {self._named('ends')})")
            ends = starts + timedelta(minutes=1)
            self.notes.append("it ends when it begins, or before; a minute stands for its window")
        done = state in (ChangeState.REVIEW, ChangeState.CLOSED)
        kind = self._one_of("kind", words.TYPES) or ChangeType.NORMAL
        return Planned(
            kind,
            starts,
            ends,
            started or (starts if state == ChangeState.IMPLEMENTING else None),
            (finished or closed or ends) if done else None,
            self._one_of("result", words.RESULTS) if done else None,
            self._one_of("risk", words.RISKS),
            self._text("plan"),
            self._text("test_plan"),
            self._text("backout"),
        )

    def _one_of(self, name: str, table: Mapping[str, words.T]) -> words.T | None:
        return self._level(name, {}, table)

    def _level(self, name: str, own: Mapping[str, words.T], table: Mapping[str, words.T]) -> words.T | None:
        names = self.spec.names.get(name, ())
        said, inner = self._line(name), self.row.raw(*names)
        for word in filter(None, (said, inner)):
            found = words.meant(word, own, table)
            if found is not None:
                return found
        if said:
            self.notes.append(f"its {name} “{said[:40]}” is not known, and is left out")
        return None

    def _times(self, state: StrEnum) -> tuple[datetime, dict[str, datetime | None]]:
        """When it was opened, and the others by their names."""
        times: dict[str, datetime | None] = {name: self._when(name) for name in _TIMES}
        opened = times["opened"]
        if opened is None:
            raise RowFault(f"has no {self._named('opened')}, so nobody knows when it began")
        for name, at in times.items():
            if at is not None and at > self.how.now + AHEAD:
                raise RowFault(f"is {name} at {record_text.instant(at)}, which is yet to come ({self._named(name)})")
            if name in ("resolved", "closed") and at is not None and at < opened:
                raise RowFault(f"was {name} before it was opened ({self._named(name)}, {self._named('opened')})")
        updated = times["updated"] if times["updated"] and times["updated"] >= opened else None
        if state in self.spec.open_states and state != nouns.DONE[self.spec.noun]:
            times["resolved"] = times["closed"] = None
        elif state != nouns.DONE[self.spec.noun] and times["closed"] is None and times["resolved"] is None:
            times["closed"] = updated
            said = "when it was last changed stands for it" if updated else "nothing stands for it"
            self.notes.append(f"it does not say when it was closed; {said}")
        elif state == nouns.DONE[self.spec.noun] and times["resolved"] is None:
            times["resolved"] = times["closed"] or updated
        return opened, {f"{name}_at": at for name, at in times.items() if name != "opened"}
