"""Everything that can be done to an incident. The order is that of help and menu."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.action_phrases import IncidentAct
from bot.rules.incident.flow import IncidentStep, PendingOn
from bot.rules.incident.list_filter import service_named
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.incident.refusals import NotAValue
from bot.rules.policy.policy import Policy
from bot.rules.problem.refusals import NoWorkaround
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.incident import classification, comments, confirmation, links, people, steps
from bot.usecases.incident.classification import Class
from bot.usecases.problem import known_errors
from handlers.blocks import holder, kit
from handlers.blocks.kit import Block
from handlers.blocks.services import service_menu
from handlers.ids import ON_IT, Field
from handlers.records.actions import Action, of
from handlers.records.fields import Ask, Choice, Group, Person, Reference, Words
from handlers.records.form_values import Filled
from handlers.records.standard_actions.linking import UNLINK
from handlers.records.standard_actions.naming_items import NAME_ITEMS
from handlers.records.standard_actions.promises import ADD_ACTION
from handlers.records.standard_actions.raising import RAISE_PROBLEM
from handlers.records.standard_actions.reviewing import ASK_REVIEW
from handlers.records.typed_values import Said, Shown, assignee, next_word, one_of
from storage.tables import Incident

WORKAROUND = "workaround"
FROM_MATRIX = "matrix"
"""Stands in the menu of priorities for what impact and urgency give."""
WAITS = {PendingOn.CUSTOMER: "The customer", PendingOn.VENDOR: "A vendor", PendingOn.CHANGE: "A change"}


class Rating(StrEnum):
    POOR = "1"
    FAIR = "2"
    GOOD = "3"
    VERY_GOOD = "4"
    EXCELLENT = "5"

    @property
    def label(self) -> str:
        return f"{self} · {self.name.capitalize().replace('_', ' ')}"


async def reclassify(
    tx: AsyncSession, ref: Ref, impact: Impact | None, urgency: Urgency | None, service: str | None, *, by: str,
    now: datetime,
) -> Incident:  # fmt: skip
    return await classification.reclassify(tx, ref, Class(impact, urgency, service), by=by, now=now)


def classed(said: Said) -> Sequence[Any]:
    """“impact:high urgency:low service:vpn”, any of them."""
    wanted: dict[str, Any] = {"impact": None, "urgency": None, "service": None}
    for token in said.words.split():
        name, _, value = token.partition(":")
        if name.lower() not in wanted:
            raise NotAValue(typed=name, what="thing to change so", known=", ".join(wanted))
        wanted[name.lower()] = _class_value(name.lower(), value, said.shown)
    return list(wanted.values())


def _class_value(name: str, value: str, shown: Shown) -> Any:
    if name == "service":
        return service_named(value, shown.policy)
    return one_of(value, Impact if name == "impact" else Urgency, name)


def _as_it_stands(incident: Incident, policy: Policy) -> str:
    """The answer to who changed what it is: what came of that."""
    by_hand = ", set by hand" if incident.overridden else ""
    service = kit.esc(policy.service_name(incident.service))
    priority = Priority(incident.priority).label
    return f"is {priority} now{by_hand}: {service}, impact {incident.impact}, urgency {incident.urgency}."


def _one_class(name: str, usage: str, says: str) -> Action:
    """`/incident impact INC-1 high`: one of three, by command alone."""

    def parse(said: Said) -> Sequence[Any]:
        return classed(replace(said, words=f"{name}:{said.words.strip()}")) if name != "service" else _service(said)

    return Action(
        name, reclassify, says, asks=(_USAGE,), step=IncidentAct.CLASS, usage=usage, parse=parse, tells=_as_it_stands
    )


def _service(said: Said) -> Sequence[Any]:
    return None, None, service_named(said.words, said.shown.policy)


def priorities(incident: Incident, policy: Policy, chosen: str) -> Block:
    """The menu of them: the scale, and the way back to what impact and urgency give."""
    given = policy.priority(Impact(incident.impact), Urgency(incident.urgency))
    options = [kit.option(one.label, one) for one in Priority]
    return kit.select([*options, kit.option(f"As impact and urgency give it: {given.label}", FROM_MATRIX)], chosen)


def _prioritised() -> Ask:
    """The scale, and the way back to what impact and urgency give: None."""

    def element(shown: Shown, value: Any) -> Block:
        return priorities(shown.row, shown.policy, value)

    def parse(said: Said) -> tuple[Priority | None, str]:
        word, rest = next_word(said.words)
        return None if word.lower() == FROM_MATRIX else one_of(word, Priority, "priority"), rest

    def read(filled: Filled, field: Field) -> Priority | None:
        return None if filled.choice(field) == FROM_MATRIX else filled.one_of(field, Priority)

    return Ask(Field.PRIORITY, "Priority", element, read, parse, "P1", first=lambda shown: shown.row.priority)


def _coded() -> Ask:
    """“Workaround: restart it nightly” names a code of the policy's before the colon."""

    def parse(said: Said) -> tuple[str, str]:
        code, colon, rest = said.words.partition(":")
        known = {one.casefold() for one in said.shown.policy.incidents.codes}
        return (code.strip(), rest) if colon and code.strip().casefold() in known else ("", said.words)

    def element(shown: Shown, _value: Any) -> Block:
        codes = shown.policy.incidents.codes
        return kit.select([kit.option(code, code) for code in codes], codes[0])

    return Ask(Field.CODE, "Resolution code", element, Filled.choice, parse, "[code:]")


async def _workaround(tx: AsyncSession, incident: Incident, _seen: RecordVersion, by: str) -> Any:
    """Raises NoWorkaround."""
    found = await known_errors.of_incident(tx, incident, by)
    if found is None:
        raise NoWorkaround()
    return found


def _workaround_code(shown: Shown) -> str:
    """What the policy calls it, or else its first code."""
    codes = shown.policy.incidents.codes
    return next((code for code in codes if code.casefold() == WORKAROUND), codes[0])


def _or_workaround(said: Said) -> tuple[str, str]:
    """The words typed; without any the workaround as it is."""
    return said.words.strip() or str(said.shown.more.workaround), ""


def _by_hand(shown: Shown) -> list[Block]:
    note = "The priority was set by hand and stays; *Set priority…* hands it back."
    return [kit.context(note)] if shown.row.overridden else []


async def rate(tx: AsyncSession, ref: Ref, rating: str, comment: str, *, by: str, now: datetime) -> None:
    await confirmation.rate(tx, ref, int(rating), comment, by=by, now=now)


def _reason(hint: str) -> Ask:
    return Words(Field.COMMENT, "Reason", hint, "reason")


_SERVICE = Ask(
    Field.SERVICE, "Service", lambda shown, value: service_menu(shown.policy, value),
    lambda filled, field: filled.choice(field) or None, first=lambda shown: shown.row.service,
)  # fmt: skip
_CLASS = (
    Choice(Field.IMPACT, "Impact", Impact, what="impact", labels=lambda one: one.label,
           first=lambda shown: shown.row.impact),
    Choice(Field.URGENCY, "Urgency", Urgency, what="urgency", labels=lambda one: one.label,
           first=lambda shown: shown.row.urgency),
    _SERVICE,
)  # fmt: skip
_USAGE = Words(Field.SERVICE, "")
_ASSIGNED = (
    Person(Field.PERSON, "Person", first=lambda shown: shown.row.assignee, optional=True),
    Group(Field.GROUP, "Or a group", first=lambda shown: shown.row.assigned_group, optional=True),
)
_PENDING = Choice(Field.PENDING_ON, "Waiting for", PendingOn, what="reason to wait", labels=WAITS.__getitem__,
                  first=lambda _: PendingOn.CUSTOMER)  # fmt: skip

ACTIONS = of(
    Noun.INCIDENT, "incident",
    Action("ack", people.take, "you are on it: it is acknowledged, and yours", "is yours.",
           label=ON_IT, step=IncidentAct.TAKE),
    Action("take", people.take, "the same as ack", "is yours.", step=IncidentAct.TAKE),
    Action("start", steps.start, "you begin to work on it", "is being worked on.",
           label="Start work", step=IncidentStep.START),
    Action("pend", steps.pend, "wait for somebody else", "is pending.", (
               _PENDING,
               _reason("What is missing; of the customer, the reporter is asked for it in these words"),
           ), "Set pending…", IncidentStep.PEND, "Wait with", "Set pending"),
    Action("resume", steps.resume, "go on after waiting", "is being worked on again.",
           label="Resume", step=IncidentStep.RESUME),
    Action("resolve", steps.resolve, "the fix is in; the reporter confirms it", "is resolved.", (
               _coded(),
               Words(Field.RESOLUTION, "Resolution note", "What was wrong and what mended it; the reporter reads this",
                     "note"),
           ), "Resolve", IncidentStep.RESOLVE, "Resolve", "Resolve"),
    Action("close", steps.close, "the fix holds", "is closed.", label="Close", step=IncidentStep.CLOSE),
    Action("cancel", steps.cancel, "it needs no fixing", "is cancelled.",
           (_reason("Why it needs no fixing; those whom it concerns read this"),),
           "Cancel…", IncidentStep.CANCEL, "Cancel", "Cancel it"),
    Action("reopen", steps.reopen, "it is not fixed after all", "is open again.",
           (_reason("What is still wrong; the desk reads this"),),
           "Reopen…", IncidentStep.REOPEN, "Reopen", "Reopen"),
    Action("assign", people.assign, "give it to somebody", asks=_ASSIGNED,
           label="Assign…", step=IncidentAct.ASSIGN, title="Assign", submit="Assign", usage="me|@person|group",
           parse=assignee, tells=holder.given("assignee", "assigned_group")),
    Action("note", comments.note, "for the desk alone", "has your note; the desk alone reads it.",
           (Words(Field.COMMENT, "Note", "For the desk alone: the reporter never sees it"),),
           "Note…", RecordAct.NOTE, "Note on", "Keep"),
    Action("add", comments.inform, "say more about what you reported", "has that on record; the desk is told.",
           (Words(Field.COMMENT, "Information", "The desk reads this, and so does everybody who sees the incident"),),
           "Add information", RecordAct.INFORM, "Add to", "Send"),
    Action("answer", comments.inform, "answer what the desk asks", "has that on record; the desk is told.",
           (Words(Field.COMMENT, "Answer"),), "Answer", RecordAct.INFORM, "Answer on", "Send"),
    Action("update", comments.update, "tell the reporter and those affected", "has your update; they are told.",
           (Words(Field.COMMENT, "Update", "The reporter and those affected get this as a direct message"),),
           "Update…", RecordAct.UPDATE, "Update on", "Tell them"),
    Action("class", reclassify, "change its class; alone, in a form", asks=_CLASS,
           label="Impact, urgency, service…", step=IncidentAct.CLASS, title="Change", submit="Save",
           usage="[impact:high urgency:low service:vpn]", parse=classed, note=_by_hand, tells=_as_it_stands),
    _one_class("impact", "high|medium|low", "how many it touches"),
    _one_class("urgency", "high|medium|low", "how soon it hurts"),
    _one_class("service", "name", "what is broken"),
    Action("priority", classification.prioritise, "set by hand; “matrix” goes back",
           asks=(_prioritised(), _reason("Why it differs from what impact and urgency give")),
           label="Set priority…", step=IncidentAct.PRIORITISE, title="Priority of", submit="Set",
           tells=_as_it_stands),
    Action("link", links.link, "show another record beside it", "is linked.",
           (Reference(Field.OTHER, "Another record", "Like INC-12 or CHG-3", "CHG-n"),),
           "Link…", RecordAct.LINK, "Link", "Link"),
    UNLINK,
    ADD_ACTION,
    RAISE_PROBLEM,
    ASK_REVIEW,
    NAME_ITEMS,
    Action("workaround", known_errors.apply, "resolve it by the workaround of its known error", "is resolved.", (
               replace(_coded(), first=_workaround_code),
               replace(Words(Field.RESOLUTION, "Resolution note", "The reporter reads this", "[note]"),
                       first=lambda shown: shown.more.workaround if shown.more else "", parse=_or_workaround),
           ), "Apply workaround", IncidentAct.WORKAROUND, "Resolve", "Resolve", looks_up=_workaround),
    Action("merge", links.merge, "it is the same as INC-m, which goes on",
           "goes on; the people of the other one follow it now.",
           (Reference(Field.OTHER, "The same as", "The incident that goes on, like INC-12; people of this one "
                      "follow it", "INC-m", Noun.INCIDENT),),
           "Merge…", IncidentAct.MERGE, "Merge", "Merge"),
    Action("share", people.share, "let somebody see a private one", "is shared with them.",
           (Person(Field.PERSON, "Person", "They will see all but the desk's notes"),),
           "Let someone see it…", IncidentAct.SHARE, "Show", "Let them see it"),
    Action("metoo", people.join, "it affects you too; you are kept told",
           "affects you too; you will hear how it goes.", label="Me too", step=IncidentAct.JOIN),
    Action("rate", rate, "say how it went, once it is closed", "has your mark. Thank you.", (
               Choice(Field.RATING, "How did it go?", Rating, what="mark", usage="1-5",
                      labels=lambda one: one.label),
               Words(Field.COMMENT, "Comment", usage="[comment]", optional=True),
           ), "Rate", IncidentAct.RATE, "Rate", "Send"),
)  # fmt: skip
