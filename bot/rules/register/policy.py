"""The policy's registers: risks, suppliers, improvements and others, each a form that is data."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.rules.form import checks
from bot.rules.form.conditions import Answer
from bot.rules.form.questions import Question, QuestionType
from bot.rules.iso.clauses import CLAUSES
from bot.rules.policy_format.document import Table, tables
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import KEYED, Duration, Key, Keyed, Rule, words
from bot.rules.record.refs import Noun

Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}$")]
HALF_YEAR = timedelta(days=182)
_SCORED = (QuestionType.NUMBER, QuestionType.CHOICE)


Stage = Annotated[str, words(30)]


class Move(Rule):
    """Into one stage: from where, by whom, with whose approval, and for how long an entry may stay there."""

    after: tuple[Stage, ...] = ()
    """The stages from which it is entered; any, where it is left out."""
    who: tuple[Annotated[Key, Refers("groups")], ...] = ()
    """Whose members move it there; who owns it and who keeps the register, where it is left out."""
    approval: Annotated[Key, Refers("approvals")] | None = None
    """Who approves before it is there."""
    within: Duration | None = None
    """It is to leave this stage again so soon; its owner and who keeps the register are reminded then."""


class Register(Keyed):
    title: Annotated[str, words(75)]
    prefix: Prefix | None = None
    """Typed instead of REG: RSK-3 is REG-3, where that is an entry of this register."""
    clauses: tuple[str, ...] = ()
    """For which its entries are evidence."""
    manager: Annotated[str, Refers("groups")] = "change-managers"
    """Keeps it, and accepts what is accepted."""
    who: tuple[Annotated[Key, Refers("groups")], ...] = ()
    """Whose members may enter something; those of any group, where it is left out."""
    channel: Annotated[str, Refers("channels")] = "service-desk"
    """Where its entries are shown."""
    stages: Annotated[tuple[Stage, ...], Field(min_length=2, max_length=12)] = ("open", "closed")
    """In order. An entry begins in the first, and the last closes it."""
    moves: dict[Stage, Move] = Field(default_factory=dict)
    """By the stage that is entered. One that is left out is entered from any, by who owns it or keeps the register."""
    review_every: Duration = HALF_YEAR
    """From one review of an entry to the next."""
    score: Annotated[tuple[Key, ...], Field(max_length=5)] = ()
    """Questions whose numbers are multiplied: likelihood and impact. Of a choice, the number that it begins with."""
    questions: Annotated[tuple[Question, ...], Field(max_length=60)] = ()

    def stage(self, typed: str) -> str | None:
        """As the policy has it; None where it has none such."""
        wanted = typed.strip().casefold().replace("-", " ")
        return next((one for one in self.stages if one.casefold().replace("-", " ") == wanted), None)

    def move(self, stage: str) -> Move:
        return self.moves.get(stage, _FREE)

    def ways(self, stage: str) -> tuple[str, ...]:
        """The stages that follow on this one."""
        return tuple(one for one in self.stages if one != stage and stage in (self.move(one).after or (stage,)))

    def leaves_by(self, stage: str, entered: datetime) -> datetime | None:
        """By when an entry is to leave a stage that it entered then."""
        within = self.move(stage).within
        return entered + within if within else None

    def scored(self, answers: Mapping[str, Answer]) -> float | None:
        """None where one of them is not answered."""
        found = [_number(answers.get(one)) for one in self.score]
        if not found or any(one is None for one in found):
            return None
        whole = Decimal(1)
        for one in found:
            whole *= one or Decimal(0)
        return float(whole)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len({one.casefold() for one in self.stages}) < len(self.stages):
            raise ValueError("stages: the same stands there twice")
        for stage, move in self.moves.items():
            for one in (stage, *move.after):
                if one not in self.stages:
                    raise ValueError(f"moves: “{one}” is no stage of it; there are {', '.join(self.stages)}")
            if stage in move.after:
                raise ValueError(f"moves: “{stage}” cannot come after itself")
        if self.move(self.stages[-1]).within:
            raise ValueError(f"moves: “{self.stages[-1]}” closes an entry, so nothing leaves it within a time")
        reached = {self.stages[0]}
        while more := {to for one in reached for to in self.ways(one)} - reached:
            reached |= more
        if lost := [one for one in self.stages if one not in reached]:
            raise ValueError(f"moves: no way leads from “{self.stages[0]}” to “{lost[0]}”")
        asked = {one.id: one for one in self.questions}
        for key in self.score:
            if key not in asked or asked[key].type not in _SCORED:
                raise ValueError(f"score: “{key}” is no question of the type number or choice")
        for clause in self.clauses:
            if clause not in CLAUSES:
                raise ValueError(f"clauses: there is no clause “{clause}”; write it like 6.1")
        return self


_FREE = Move()


def _number(answer: Answer | None) -> Decimal | None:
    if not isinstance(answer, str):
        return None
    digits = answer.split()[0].rstrip(".:,") if answer.split() else ""
    return Decimal(digits) if digits.replace(".", "", 1).isdecimal() else None


def _faults(registers: Table) -> Iterator[Sensed]:
    """What of each form can never work, and a prefix that two have, or that other records have."""
    prefixes: dict[str, str] = {}
    for key, one in tables(registers).items():
        for found in checks.faults(one.get("questions", [])):
            yield Sensed((key, "questions", *found.where), found.message)
        for found in checks.files(one.get("questions", [])):
            yield Sensed((key, "questions", *found.where), found.message)
        prefix = one.get("prefix")
        if isinstance(prefix, str) and prefix in set(Noun) - {Noun.ENTRY}:
            yield Sensed(
                (key, "prefix"), f"“{prefix}” is what other records are called, like {prefix}-1; choose another"
            )
        if isinstance(prefix, str) and prefixes.setdefault(prefix, key) != key:
            yield Sensed((key, "prefix"), f"“{prefix}” is the prefix of “{prefixes[prefix]}” already")


Registers = Annotated[dict[Key, Register], KEYED, Section(checks=(_faults,), removable=True)]
