"""Everything that can be done to an incident, a line each: one table for commands, buttons, forms and mentions."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import incident_class, incident_people, incident_relations, incident_steps, incident_words
from bot.desk.incident_class import Class
from bot.desk.policy import in_force
from bot.rules.incident_filter import service_named
from bot.rules.incident_flow import IncidentState, IncidentStep, PendingOn, Standing
from bot.rules.incident_refusals import NoSuchAssignee, NoSuchPerson, NotAValue, WordsMissing
from bot.rules.policy import Policy
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.refs import Noun, Ref
from handlers.ids import Action, Form
from handlers.views import incident_forms as forms
from handlers.views.kit import View
from storage.tables import Incident

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Asking:
    """Somebody asks for a deed: on what, in which words, naming whom."""

    ref: Ref
    words: str
    people: tuple[str, ...]
    by: str
    now: datetime


class Do(Protocol):
    def __call__(self, tx: AsyncSession, asking: Asking) -> Awaitable[Incident]: ...


@dataclass(frozen=True)
class Deed:
    verb: str
    usage: str
    """What stands behind the reference."""
    says: str
    done: str
    """The answer to who asked by command, after the reference."""
    action: Action | None
    label: str
    """Of its button."""
    do: Do
    step: IncidentStep | None = None
    """The step of the flow that it is, which decides who may and when."""
    form: Callable[[Incident, Policy], View] | None = None
    form_id: Form | None = None
    states: Collection[IncidentState] = frozenset(IncidentState)
    """Where it is no step: in which states it makes sense."""
    desk: bool = True
    """Where it is no step: whether only the desk may."""

    @property
    def typed(self) -> str:
        return " ".join(filter(None, (self.verb, "INC-n", self.usage)))

    def offered(self, incident: Incident, steps: Collection[IncidentStep], held: Collection[Standing]) -> bool:
        """Whether the menu shows it to somebody."""
        if self.step is not None:
            return self.step in steps
        if self.action is Action.SHARE and not incident.private:
            return False
        return incident.state in self.states and (not self.desk or Standing.DESK in held)


def said(asking: Asking, usage: str) -> str:
    """The words; raises WordsMissing where there are none."""
    if not asking.words.strip():
        raise WordsMissing(usage=f"/incident {usage}")
    return asking.words


async def acknowledge(tx: AsyncSession, asking: Asking) -> Incident:
    return await incident_steps.acknowledge(tx, asking.ref, by=asking.by, now=asking.now)


async def start(tx: AsyncSession, asking: Asking) -> Incident:
    return await incident_steps.start(tx, asking.ref, by=asking.by, now=asking.now)


async def resume(tx: AsyncSession, asking: Asking) -> Incident:
    return await incident_steps.resume(tx, asking.ref, by=asking.by, now=asking.now)


async def close(tx: AsyncSession, asking: Asking) -> Incident:
    return await incident_steps.close(tx, asking.ref, by=asking.by, now=asking.now)


async def pend(tx: AsyncSession, asking: Asking) -> Incident:
    on, _, why = said(asking, "pend INC-n customer|vendor|change reason").partition(" ")
    chosen = one_of(on, PendingOn, "reason to wait")
    return await incident_steps.pend(tx, asking.ref, chosen, why, by=asking.by, now=asking.now)


async def resolve(tx: AsyncSession, asking: Asking) -> Incident:
    """“Workaround: restart it nightly” names a code of the policy's before the colon."""
    note = said(asking, "resolve INC-n [code:] note")
    codes = {code.casefold() for code in (await in_force(tx)).policy.incidents.codes}
    code, colon, rest = note.partition(":")
    if not colon or code.strip().casefold() not in codes:
        code, rest = "", note
    return await incident_steps.resolve(tx, asking.ref, code.strip(), rest, by=asking.by, now=asking.now)


async def cancel(tx: AsyncSession, asking: Asking) -> Incident:
    why = said(asking, "cancel INC-n reason")
    return await incident_steps.cancel(tx, asking.ref, why, by=asking.by, now=asking.now)


async def reopen(tx: AsyncSession, asking: Asking) -> Incident:
    why = said(asking, "reopen INC-n reason")
    return await incident_steps.reopen(tx, asking.ref, why, by=asking.by, now=asking.now)


async def assign_me(tx: AsyncSession, asking: Asking) -> Incident:
    return await incident_people.assign(tx, asking.ref, asking.by, None, by=asking.by, now=asking.now)


async def assign(tx: AsyncSession, asking: Asking) -> Incident:
    """To “me”, to a person named with an @, or to a group by key or title."""
    typed = said(asking, "assign INC-n me|@person|group").strip()
    if typed.lower() == "me":
        return await assign_me(tx, asking)
    group = None
    if not asking.people:
        group = group_named(typed, (await in_force(tx)).policy)
    who = asking.people[0] if asking.people else None
    return await incident_people.assign(tx, asking.ref, who, group, by=asking.by, now=asking.now)


async def note(tx: AsyncSession, asking: Asking) -> Incident:
    return await incident_words.note(tx, asking.ref, said(asking, "note INC-n words"), by=asking.by, now=asking.now)


async def update(tx: AsyncSession, asking: Asking) -> Incident:
    text = said(asking, "update INC-n words")
    return await incident_words.update(tx, asking.ref, text, by=asking.by, now=asking.now)


async def reclassify(tx: AsyncSession, asking: Asking) -> Incident:
    """“impact:high urgency:low service:vpn”, any of them."""
    wanted = Class()
    for token in said(asking, "class INC-n impact:high urgency:low service:vpn").split():
        name, _, value = token.partition(":")
        wanted = await _classed(tx, wanted, name.lower(), value)
    return await incident_class.reclassify(tx, asking.ref, wanted, by=asking.by, now=asking.now)


def classed_by(name: str) -> Do:
    """The deed of one verb: `/incident impact INC-n high`."""

    async def do(tx: AsyncSession, asking: Asking) -> Incident:
        wanted = await _classed(tx, Class(), name, said(asking, f"{name} INC-n …"))
        return await incident_class.reclassify(tx, asking.ref, wanted, by=asking.by, now=asking.now)

    return do


async def _classed(tx: AsyncSession, wanted: Class, name: str, value: str) -> Class:
    if name == "impact":
        return replace(wanted, impact=one_of(value, Impact, "impact"))
    if name == "urgency":
        return replace(wanted, urgency=one_of(value, Urgency, "urgency"))
    if name == "service":
        return replace(wanted, service=service_named(value, (await in_force(tx)).policy))
    raise NotAValue(typed=name[:40], what="thing to change so", known="impact, urgency, service")


async def prioritise(tx: AsyncSession, asking: Asking) -> Incident:
    """“P1 the board sits at noon”; “matrix …” goes back to what impact and urgency give."""
    chosen, _, why = said(asking, "priority INC-n P1 reason").strip().partition(" ")
    priority = None if chosen.lower() == forms.FROM_MATRIX else one_of(chosen.upper(), Priority, "priority")
    return await incident_class.prioritise(tx, asking.ref, priority, why, by=asking.by, now=asking.now)


async def link(tx: AsyncSession, asking: Asking) -> Incident:
    other = any_ref(said(asking, "link INC-n CHG-n"))
    return await incident_relations.link(tx, asking.ref, other, by=asking.by, now=asking.now)


async def merge(tx: AsyncSession, asking: Asking) -> Incident:
    survivor = Ref.parse(said(asking, "merge INC-n INC-m"), Noun.INCIDENT)
    return await incident_relations.merge(tx, asking.ref, survivor, by=asking.by, now=asking.now)


async def join(tx: AsyncSession, asking: Asking) -> Incident:
    return await incident_people.join(tx, asking.ref, by=asking.by, now=asking.now)


async def share(tx: AsyncSession, asking: Asking) -> Incident:
    if not asking.people:
        raise NoSuchPerson(typed=asking.words.strip()[:40], example="/incident share INC-12 @somebody")
    return await incident_people.share(tx, asking.ref, asking.people[0], by=asking.by, now=asking.now)


def one_of(typed: str, scale: type[Choice], what: str) -> Choice:
    """Raises NotAValue."""
    try:
        return scale(typed.strip() if scale is Priority else typed.strip().lower())
    except ValueError:
        raise NotAValue(typed=typed.strip()[:40], what=what, known=", ".join(scale)) from None


def group_named(typed: str, policy: Policy) -> str:
    """A group's key. Raises NoSuchAssignee."""
    wanted = typed.strip().lstrip("@").casefold()
    for key, group in policy.groups.items():
        if wanted in (key.casefold(), group.title.casefold(), (group.usergroup or key).casefold()):
            return key
    raise NoSuchAssignee(typed=typed[:40], groups=", ".join(policy.groups))


def any_ref(typed: str) -> Ref:
    """A reference of any noun. Raises UnknownReference."""
    noun = typed.strip().upper().partition("-")[0]
    return Ref.parse(typed, Noun(noun) if noun in set(Noun) else Noun.INCIDENT)
