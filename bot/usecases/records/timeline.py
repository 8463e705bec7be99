"""What happened to a record, for one reader."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Decision, Vote
from bot.rules.configuration_item.diagram import UNNAMED
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.refs import Noun, Ref, is_subject
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Event, kind_of
from bot.usecases.records.visibility import named, shown_to, works_on
from storage.journal import journal
from storage.tables import Record

HIDDEN = "another record"
"""Said instead of the number of a record that the reader may not see."""
BOTH_SIDES = ("before", "after", "answers")
"""What was and is, of a fact about several values at once, and what was answered: JSON."""
IN_FORMS = ("answers", "fields", "additional")
"""Words that are the answers of a form, a line each: of an item its number, and its name to the end of the line."""
OF_ELSEWHERE = ("old_ref", "source_id")
"""The number that a record has in the tool it was moved in from: no record of ours, whatever it looks like."""
_NAMED_ITEM = re.compile(rf"\b({Noun.CI}-[0-9]+)\b.*")
_NAMED = re.compile(r"\b[A-Z]{2,3}-[0-9]+\b")


@dataclass(frozen=True)
class Timeline:
    record: Any
    facts: Sequence[Fact]
    """The oldest first; words that were erased are absent."""


async def of(tx: AsyncSession, ref: Ref, by: str) -> Timeline:
    """Notes are in it for those who work on the record alone. Raises NoSuchRecord."""
    one, facts = await _kept(tx, ref, by)
    return Timeline(one, await _seen(tx, one, facts, [by]))


async def said(tx: AsyncSession, ref: Ref, by: str) -> Timeline:
    """The same for who reads sentences: groups, services and rotas by their names. Raises NoSuchRecord."""
    one, facts = await _kept(tx, ref, by)
    return Timeline(one, await told_to(tx, one, facts, [by]))


async def told_to(tx: AsyncSession, one: Record, facts: Sequence[Fact], readers: Collection[str]) -> list[Fact]:
    """What sentences for all of these readers are made of: the numbers that they may see, and names instead of keys."""
    policy = (await in_force(tx)).policy
    return [replace(fact, data=_named(fact, policy)) for fact in await _seen(tx, one, facts, readers)]


async def happened(tx: AsyncSession, one: Record, kind: str, at: str, readers: Collection[str]) -> Fact | None:
    """What happened to it at this instant, as it is told to these readers; None where it is not for them."""
    kept = await journal.timeline(tx, str(one.ref))
    found = [fact for fact in kept if fact.kind == kind and fact.at.isoformat() == at]
    if found and found[0].data.get("decision") == Decision.REJECTED and not found[0].words:
        # Read where it stands, so that who takes their words back takes them back here too.
        found = [replace(found[0], words=_said_against(kept))]
    return next(iter(await told_to(tx, one, found[:1], readers)), None)


def _said_against(facts: Sequence[Fact]) -> Mapping[str, str]:
    """The words of the last vote against a record."""
    votes = [fact for fact in facts if fact.kind is FactKind.APPROVAL_VOTED and fact.data.get("vote") == Vote.REJECT]
    return votes[-1].words if votes else {}


async def _kept(tx: AsyncSession, ref: Ref, by: str) -> tuple[Any, list[Fact]]:
    one = await shown_to(tx, ref, by)
    facts = await journal.timeline(tx, str(ref))
    if not await works_on(tx, one, by):
        noted = kind_of(ref.noun).facts.get(Event.NOTED)
        facts = [fact for fact in facts if fact.kind is not noted and not fact.data.get("internal")]
    return one, facts


async def _seen(tx: AsyncSession, one: Record, facts: Sequence[Fact], readers: Collection[str]) -> list[Fact]:
    """The facts with the numbers that all of these readers may see, and without links to what they may not."""
    own = str(one.ref)
    others = {ref for fact in facts for ref in _named_in(fact)}
    hidden = (others - {own}) - await named(tx, one, others - {own}, readers)
    links = {kind_of(one.noun).facts.get(Event.LINKED), FactKind.RECORD_UNLINKED}
    told = []
    for fact in facts:
        if hidden.isdisjoint(value for value in fact.data.values() if isinstance(value, str)):
            told.append(fact)
        elif fact.kind not in links:
            data = {
                key: HIDDEN if value in hidden and key not in OF_ELSEWHERE else value
                for key, value in fact.data.items()
            }
            told.append(replace(fact, data=data))
    return [_less(fact, hidden) for fact in told] if hidden else told


def _named_in(fact: Fact) -> Iterator[str]:
    for name, value in fact.data.items():
        yield from _refs(name, value)
    for name in IN_FORMS:
        yield from (one for one in _NAMED_ITEM.findall(fact.words.get(name, "")) if is_subject(one))


def _refs(name: str, value: Datum) -> Iterator[str]:
    """The records that a value names: it is a reference, or says before and after with some in it."""
    if name in OF_ELSEWHERE:
        return
    if isinstance(value, str) and is_subject(value):
        yield value
    elif isinstance(value, str) and name in BOTH_SIDES:
        yield from (one for one in _NAMED.findall(value) if is_subject(one))


def _less(fact: Fact, hidden: Collection[str]) -> Fact:
    """What it says before and after, and in answers, without those."""
    shown = {
        name: _NAMED.sub(lambda one: HIDDEN if one[0] in hidden else one[0], value)
        for name, value in fact.data.items()
        if name in BOTH_SIDES and isinstance(value, str)
    }
    words = {
        name: _NAMED_ITEM.sub(lambda one: UNNAMED if one[1] in hidden else one[0], value)
        for name, value in fact.words.items()
        if name in IN_FORMS
    }
    return replace(fact, data={**fact.data, **shown}, words={**fact.words, **words}) if shown or words else fact


def _named(fact: Fact, policy: Policy) -> dict[str, Datum]:
    """What a key of the policy stands for; one that it has no more stays as it is."""
    groups = {key: one.title for key, one in policy.groups.items()}
    services = {key: one.name for key, one in policy.services.items()}
    known = dict.fromkeys(("group", "owner_group", "groups"), groups) | dict.fromkeys(("service", "services"), services)

    def name(key: str, value: Datum) -> Datum:
        titles = known.get(key, {})
        if key in BOTH_SIDES and isinstance(value, str) and value.startswith("{"):
            kept = json.loads(value)
            owned = {"owner": groups, "service": services}
            named = {one: owned.get(one, {}).get(str(said), said) for one, said in kept.items()}
            return json.dumps(named)
        if isinstance(value, list):
            return ", ".join(titles.get(str(one), str(one)) for one in value) if titles else value
        return titles.get(value, value) if isinstance(value, str) else value

    return {key: name(key, value) for key, value in fact.data.items()}
