"""What problems and known errors declare to the record engine."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.problem import notices
from bot.rules.problem.list_filter import read
from bot.rules.record.facts import FactKind
from bot.rules.record.notices import person
from bot.rules.record.refs import Noun, Ref
from bot.usecases.policy import in_force
from bot.usecases.problem import access, problems, related, waiting
from bot.usecases.records import owners
from bot.usecases.records.declared import Asked, Deed, Event, Kind, Page
from bot.usecases.records.lists import clamped
from storage.delivery import outbox
from storage.problem import problems as stored
from storage.record_links import LinkKind
from storage.tables import KnownError, Problem


async def _page(tx: AsyncSession, asked: Asked) -> Page[Problem]:
    """Raises BadProblemList."""
    services = (await in_force(tx)).policy.services
    wanted = read(asked.typed, {key: service.name for key, service in services.items()})
    viewer = await access.viewer_of(tx, asked.by)
    total = await stored.count(tx, wanted, viewer)
    number = clamped(asked.page, asked.size, total)
    shown = await stored.page(tx, wanted, viewer, asked.size, number * asked.size)
    return Page(shown, total, number, await stored.left_out(tx, wanted))


async def _speaks(_tx: AsyncSession, problem: Problem, by: str) -> bool:
    return by == problem.raised_by


async def _heard(tx: AsyncSession, problem: Problem, deed: Deed) -> None:
    """Whoever looks for its cause hears it, or the group."""
    group = access.working_group(problem, (await in_force(tx)).policy)
    hear = await owners.reminded(tx, problem.assignee, group, late=False)
    lanes = [person(one) for one in hear if one != deed.by]
    await outbox.put_all(tx, notices.news(str(problem.ref), FactKind.PROBLEM_INFORMED, deed.now, lanes), deed.now)


PROBLEM = Kind(
    Problem,
    access.shown_to,
    "a problem",
    homes=lambda problem: (problem.assignee,),
    works_on=access.works_on,
    refusal=access.refusal,
    private=lambda problem: problem.private,
    refers=("source_ref", "duplicate_of"),
    facts={
        Event.NOTED: FactKind.PROBLEM_NOTED,
        Event.INFORMED: FactKind.PROBLEM_INFORMED,
        Event.LINKED: FactKind.PROBLEM_LINKED,
        Event.ASSIGNED: FactKind.PROBLEM_ASSIGNED,
    },
    speaks=_speaks,
    stranger=access.refusal,
    heard=_heard,
    links={Noun.INCIDENT: LinkKind.CAUSED, Noun.CHANGE: LinkKind.FIXED_BY},
    unlinkable=related.why_unlinkable,
    assign=problems.assign,
    waits=waiting.waiting,
    opened=stored.raised_by,
    page=_page,
)
KNOWN_ERROR = Kind(
    KnownError,
    access.known_error_shown_to,
    "a known error",
    works_on=access.works_on_known_error,
    refusal=access.known_error_refusal,
    private=lambda known: known.private,
    stands_on=lambda known: str(Ref(Noun.PROBLEM, known.problem)),
    refers=("superseded_by",),
)
