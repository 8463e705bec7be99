"""What a person says of a clause, and an action that is kept for one: facts, each with a name and a date."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Axis, Status
from bot.rules.iso.evidence import Said
from bot.rules.iso.refusals import NoAxis, NoSuchClause, NotRepeated, NoVerdict, OverAlready
from bot.rules.record.facts import OPERATOR, Datum, Fact, FactKind
from bot.rules.record.refs import COMMAND, NOUNS, Noun, Ref, of_subject
from bot.rules.record.refusals import NoSuchRecord, UnknownReference
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records.declared import kind_of
from bot.usecases.records.record import required
from storage import records
from storage.iso import clauses
from storage.journal import journal
from storage.tables import ActionItem

LONGEST = timedelta(days=366)
VERDICTS = (Status.NOT_ADDRESSED, Status.STARTED, Status.INCONSISTENT, Status.CONFORMING)
"""What a person can say. Stale is what becomes of it."""


@dataclass(frozen=True)
class Judgement:
    """As it was typed."""

    clause: str
    axis: str
    """Or the key of a question of the policy's own."""
    status: str
    reason: str
    until: date | None = None
    """None: for a year."""
    subject: str = ""


async def judge(tx: AsyncSession, typed: Judgement, *, by: str, now: datetime) -> Said:
    """On record with name, date and reason.

    Raises NoSuchClause, NoAxis, NoVerdict, OverAlready, FormRefused, NoSuchRecord.
    """
    said = Said(
        _clause(typed.clause),
        await _about(tx, typed),
        status_named(typed.status),
        by,
        now,
        _until(typed.until, await people.today(tx, by, now)),
        required("reason", "The reason", typed.reason),
        await _subject(tx, typed.subject, by),
    )
    await clauses.judge(tx, said)
    data: dict[str, Datum] = {"axis": said.axis, "status": said.status, "until": said.until.isoformat()}
    data |= {"rests_on": said.subject or None}
    await _record(tx, FactKind.CLAUSE_JUDGED, said.clause, by, now, data, {"reason": said.reason})
    return said


async def keep_task(tx: AsyncSession, clause: str, ref: Ref, *, by: str, now: datetime) -> ActionItem:
    """An action that repeats is kept for a clause. Raises NoSuchClause, NoSuchRecord, NotRepeated."""
    number = _clause(clause)
    action = await records.get(tx, ActionItem, ref.number) if ref.noun is Noun.ACTION else None
    if action is None:
        raise NoSuchRecord(ref=ref, command=ref.command)
    if not action.repeats:
        raise NotRepeated(ref=ref)
    await keep_action(tx, number, action, by=by, now=now)
    return action


async def keep_action(tx: AsyncSession, clause: str, action: ActionItem, *, by: str, now: datetime) -> None:
    """Of the plan of a clause. Raises NoSuchClause."""
    number = _clause(clause)
    await clauses.keep_task(tx, number, action.number, by, now)
    await _record(tx, FactKind.CLAUSE_TASKED, number, by, now, {"action": str(action.ref)}, {})


async def _about(tx: AsyncSession, typed: Judgement) -> str:
    """An axis, or a question of the organisation's own about this clause. Raises NoAxis."""
    own = (await in_force(tx)).policy.gap_analysis.get(typed.axis.strip())
    if own is not None and own.clause == _clause(typed.clause):
        return own.key
    return axis_named(typed.axis)


def axis_named(typed: str) -> Axis:
    """Raises NoAxis."""
    try:
        return Axis(typed.strip().casefold())
    except ValueError:
        raise NoAxis(typed=typed) from None


def status_named(typed: str) -> Status:
    """Raises NoVerdict."""
    name = " ".join(typed.replace("-", " ").casefold().split())
    found = next((one for one in VERDICTS if one == name), None)
    if found is None:
        raise NoVerdict(typed=typed, names=", ".join(f"“{one}”" for one in VERDICTS))
    return found


def _clause(typed: str) -> str:
    """Raises NoSuchClause: a judgement is of a leaf."""
    number = typed.strip().rstrip(".")
    if number not in CLAUSES:
        raise NoSuchClause(typed=typed.strip(), close=" A judgement is of one of the 45, like 8.6.3.")
    return number


def _until(typed: date | None, today: date) -> date:
    until = typed or today + LONGEST
    if not today <= until <= today + LONGEST:
        raise OverAlready(typed=until, days=LONGEST.days)
    return until


async def _subject(tx: AsyncSession, typed: str, by: str) -> str:
    """A record that is there, and that this person may see. Raises UnknownReference, NoSuchRecord."""
    if not typed.strip():
        return ""
    ref = _ref(typed)
    if by == OPERATOR:
        if await records.get(tx, records.TABLES[ref.noun], ref.number) is None:
            raise NoSuchRecord(ref=ref, command=ref.command)
    else:
        await kind_of(ref.noun).shown_to(tx, ref, by)
    return str(ref)


def _ref(typed: str) -> Ref:
    """Raises UnknownReference."""
    subject = typed.strip().upper()
    if subject.partition("-")[0] not in NOUNS:
        raise UnknownReference(text=typed.strip(), example="ACT-12", command=COMMAND[Noun.ACTION])
    return of_subject(subject)


async def _record(
    tx: AsyncSession, kind: FactKind, clause: str, by: str, now: datetime, data: dict[str, Datum], words: dict[str, str]
) -> None:
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, f"clause-{clause}", by, now, version, data, words))
