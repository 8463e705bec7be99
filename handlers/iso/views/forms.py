"""What mends a gap, as forms: a judgement, an action; and the walk through the clauses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.rules.iso.assessment import Assessment
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Asked, Axis, InForce, Judged, Planned, Rules, Status
from bot.rules.iso.findings import Finding
from bot.rules.iso.wording import MARK
from bot.rules.record.text import WORDS_MOST
from bot.usecases.iso.judgements import VERDICTS
from handlers.blocks import kit
from handlers.blocks.kit import Block, View
from handlers.ids import Action, Field, Form
from handlers.records.fields import REFERENCE_MOST
from handlers.records.standard_actions.promises import ASKS
from handlers.records.typed_values import Shown

_FIELDS = {Axis.DESIGNED: Field.DESIGNED, Axis.DONE: Field.DONE, Axis.WORKS: Field.WORKS}
_IN_A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Gap:
    """An axis of a clause, as a button or a form carries it."""

    clause: str
    axis: Axis
    question: str = ""
    """The key of the organisation's own that it is about."""

    def __str__(self) -> str:
        return f"{self.clause} {self.axis} {self.question}".strip()

    @property
    def judged(self) -> str:
        return self.question or self.axis

    @classmethod
    def parse(cls, value: str) -> "Gap":
        """Raises KeyError, ValueError."""
        number, axis, *question = value.split(" ")
        return cls(CLAUSES[number].number, Axis(axis), *question)


def mend(gap: Gap, found: Assessment, worst: Finding, shown: Shown) -> View:
    """A person's judgement where one can tell, an action where work is missing."""
    if isinstance(worst.criterion, InForce | Judged | Rules | Asked):
        return judgement(gap, found, worst, shown.now)
    return action(gap, found, worst, shown)


def judgement(gap: Gap, found: Assessment, worst: Finding, now: datetime) -> View:
    gap = replace(gap, question=worst.criterion.key) if isinstance(worst.criterion, Asked) else gap
    verdicts = kit.select(kit.option(one.capitalize(), one) for one in VERDICTS)
    day: Block = {"type": "datepicker", "initial_date": (now + _IN_A_YEAR).date().isoformat()}
    blocks = [
        *about(gap, found, worst),
        kit.ask(Field.STATUS, "How it stands", verdicts),
        kit.ask(Field.COMMENT, "Because", kit.text_input(most=WORDS_MOST, lines=True), hint="What you looked at"),
        kit.ask(Field.OTHER, "Record", kit.text_input(most=REFERENCE_MOST), hint="Like ACT-3", optional=True),
        kit.ask(Field.DUE_ON, "Until", day, hint="Then it lapses, and the axis is stale"),
    ]
    return kit.form(Form.CLAUSE_JUDGEMENT, f"Judge {gap.clause}", "Keep", blocks, gap)


def action(gap: Gap, found: Assessment, worst: Finding, shown: Shown) -> View:
    """Its title is prefilled with what mends it."""
    filled = replace(shown, row=f"{gap.clause}: {worst.criterion.says}")
    return kit.form(
        Form.CLAUSE_ACTION,
        f"Mend {gap.clause}",
        "Add action",
        [*about(gap, found, worst), *(ask.drawn(filled) for ask in ASKS)],
        gap,
    )


def about(gap: Gap, found: Assessment, worst: Finding) -> Sequence[Block]:
    """Which gap it is, and what would mend it."""
    said = f"*{gap.clause} {kit.esc(found.clause.title)}*\n_{kit.esc(found.clause.asks)}_"
    stands = f"{MARK[worst.status]} {gap.axis}: {kit.finding(worst.says)}"
    repeats = " One that repeats is evidence that it is done." if isinstance(worst.criterion, Planned) else ""
    return [kit.section(said), kit.section(f"{stands}\n{kit.esc(worst.mend)}{repeats}")]


def with_another_way(made: View, gap: Gap, found: Assessment, worst: Finding) -> View:
    """The form of what is missing, with which gap it closes; a person may judge it or raise an action instead."""
    other = kit.actions(kit.button(Action.CLAUSE_OTHERWISE, "Another way…", gap))
    return {**made, "blocks": [*about(gap, found, worst), *made["blocks"], other]}


def walk(found: Assessment, gone_through: int) -> View:
    """One clause of the walk: what is found, and what the person says of each axis."""
    blocks: list[Block] = [
        kit.section(f"*{found.clause.number} {kit.esc(found.clause.title)}*\n{kit.esc(found.clause.asks)}"),
        kit.context(
            f"{gone_through} of {len(CLAUSES)} were gone through. Close this to stop: `/iso walk` goes on here."
        ),
    ]
    for axis in Axis:
        says = "\n".join(
            f"{MARK[one.status]} {kit.esc(one.criterion.says)} {kit.finding(one.says)}" for one in found.of(axis)
        )
        blocks.append(kit.section(says))
        verdicts = kit.select((kit.option(one.capitalize(), one) for one in VERDICTS), _guess(found.axes[axis]))
        blocks.append(kit.ask(_FIELDS[axis], axis.asks, verdicts, optional=True))
        blocks += [_asked(one, one.criterion) for one in found.of(axis) if isinstance(one.criterion, Asked)]
    words = kit.text_input(most=WORDS_MOST, lines=True)
    blocks.append(kit.ask(Field.COMMENT, "Because", words, hint="What you looked at, and what is missing"))
    return kit.form(Form.CLAUSE_WALK, f"Clause {found.clause.number}", "Keep and go on", blocks, found.clause.number)


def _asked(found: Finding, question: Asked) -> Block:
    """A question of the organisation's own, beneath the axis of which its answer is a part."""
    said = kit.select((kit.option(one.capitalize(), one) for one in VERDICTS), str(found.status) if found.n else None)
    hint = f"A question of your own: its answer is a part of “{found.axis}”"
    return kit.ask(own_field(question.key), question.says, said, hint=hint, optional=True)


def walked() -> View:
    return kit.note_view(
        "The end", "No clause is left behind this one. `/iso` shows where you stand, and the worst gaps."
    )


def counting() -> View:
    """Shown at once: a year of a large desk takes longer to count than Slack waits."""
    return kit.note_view("One moment", "The evidence is being counted. It is shown here in a moment.")


def own_field(key: str) -> str:
    """The block of a question of the organisation's own."""
    return f"own_{key}"


def field_of(axis: Axis) -> Field:
    return _FIELDS[axis]


def _guess(status: Status) -> str | None:
    """What the records say already; of the rest the person says it."""
    return str(status) if status in VERDICTS else None
