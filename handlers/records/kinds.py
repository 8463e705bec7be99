"""A noun's records as its actions meet them: what a noun declares, and what is the same for all of them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact
from bot.rules.record.flow import stands
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.waiting import Waits
from bot.usecases.approval import approvals
from bot.usecases.approval.approvable import Approvable
from bot.usecases.records import visibility
from bot.usecases.records.declared import kind_of
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action as Id
from handlers.records import actions, replies
from handlers.records.actions import Action
from handlers.records.typed_values import Shown
from handlers.request.context import RequestContext

May: TypeAlias = Callable[[AsyncSession, Action, RecordVersion, RequestContext], Awaitable[Any]]
"""The record, if this person could do it now; raises what doing it would."""
Can: TypeAlias = Callable[[AsyncSession, Any, RequestContext], Awaitable[Collection[StrEnum]]]
"""All that this person could do with the record now."""
Card: TypeAlias = Callable[[AsyncSession, Ref, RequestContext], Awaitable[Message]]
"""The card as this person sees it. Raises NoSuchRecord."""
Menu: TypeAlias = Callable[[AsyncSession, Ref, RequestContext], Awaitable[View]]
Opens: TypeAlias = Callable[[AsyncSession, RecordVersion, RequestContext], Awaitable[View | None]]
Told: TypeAlias = Callable[[RequestContext, Action, Ref, Any], Awaitable[Message]]
"""What who asked by command is told; the last is what the use case gave back."""
Says: TypeAlias = Callable[[Fact], str]
"""What a fact says after the name of who did it."""


async def done(_turn: RequestContext, action: Action, ref: Ref, _done: Any) -> Message:
    return replies.done(ref, action.done)


def _nothing_beside(_record: Any, _can: Collection[StrEnum]) -> Sequence[Block]:
    return ()


def _by_state(record: Any) -> str:
    return f"It is {kit.esc(record.state)}"


@dataclass(frozen=True, kw_only=True)
class Kind:
    noun: Noun
    actions: Mapping[str, Action]
    title: Callable[[Any], str]
    card: Card
    may: May
    can: Can | None = None
    """Without it, its records have no menu."""
    any_revision: bool = False
    """Whether its use cases take the reference alone, whichever revision was seen."""
    told: Told = done
    stands: Callable[[Any], str] = _by_state
    """How the record stands, in its menu: a sentence without its end, escaped; empty where that is not said."""
    hidden: Callable[[Any], Collection[str]] = lambda _: ()
    """Verbs that the menu leaves out."""
    beside: Callable[[Any, Collection[StrEnum]], Sequence[Block]] = _nothing_beside
    """Buttons of the menu that open something, by what this person can do."""
    timeline: Id | None = None
    """The button that opens what happened to it."""
    says: Says | None = None
    """What its facts say, where its timeline is shown by verb and button."""
    own_menu: Menu | None = None
    """Instead of the one that is drawn for all nouns."""
    instead: Mapping[str, Opens] = field(default_factory=dict)
    """By verb: another form, where the record's state asks for one; None for the action's own."""
    waits: Callable[[Waits, Policy], Block] | None = None
    """One of them in “Waiting for you”."""
    row: Callable[[Any, Policy, datetime], Block] | None = None
    """One of them in a list, as of now; App Home has those that somebody opened."""
    staff_only: Callable[[Action], bool] = lambda _: False
    """Whether an action is for those alone who work on these records."""
    shortened: Callable[[AsyncSession, Ref], Awaitable[bool]] | None = None
    """Whether its card shows less than all that it says."""

    @property
    def all(self) -> Sequence[Action]:
        return tuple(self.actions.values())

    @property
    def has_menu(self) -> bool:
        return self.own_menu is not None or self.can is not None

    def about(self, seen: RecordVersion) -> RecordVersion | Ref:
        """What its use cases take."""
        return seen.ref if self.any_revision else seen

    async def latest(self, tx: AsyncSession, ref: Ref) -> RecordVersion:
        """Raises NoSuchRecord where the revision is asked for."""
        if self.any_revision:
            return RecordVersion(ref, 0)
        return RecordVersion.of(await visibility.find(tx, kind_of(ref.noun).table, ref))

    async def menu(self, tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
        """All that this person could do with the record now. Raises NoSuchRecord."""
        if self.own_menu:
            return await self.own_menu(tx, ref, turn)
        record = await visibility.shown_to(tx, ref, turn.person)
        can = await self.can(tx, record, turn) if self.can else ()
        return self.offers(record, can, self._more(record, can))

    def offers(self, record: Any, can: Collection[StrEnum], more: Sequence[Block]) -> View:
        """The menu. It shows nothing of the record: what is to be read first is done by its form."""
        hidden = self.hidden(record)
        shown = [one for one in self.all if one.label and (one.title or not one.reads) and one.verb not in hidden]
        how = self.stands(record)
        lead = f"*{record.ref}* {kit.esc(self.title(record))}" + (f"\n{how}." if how else "")
        return actions.menu([one for one in shown if one.step in can], RecordVersion.of(record), lead, more)

    def previews(self, shown: Mapping[str, Shown], record: Any) -> dict[str, View]:
        """Every form, and the menu of who could do everything, for the gallery."""
        can = {one.step for one in self.all if one.step}
        forms = actions.previews(self.actions, shown, RecordVersion.of(record), self.title(record))
        menu = self.offers(record, can, self._more(record, can)) if self.has_menu else None
        return {**forms, **({f"{self.all[0].name} menu": menu} if menu else {})}

    def _more(self, record: Any, can: Collection[StrEnum]) -> Sequence[Block]:
        return [*self.beside(record, can), *([self.timeline_of(record)] if self.timeline else [])]

    def timeline_of(self, record: Any) -> Block:
        return kit.button(str(self.timeline), "Timeline", RecordVersion.of(record))


def state(states: type[StrEnum]) -> Callable[[Any], str]:
    """For `stands`, of a noun whose states have labels or sentences."""
    return lambda record: stands(states(record.state))


def may(asked: Callable[[AsyncSession, StrEnum | None, Ref, str], Awaitable[Any]]) -> May:
    """Of a use case that asks for no more than who wants to do what."""

    async def answered(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> Any:
        return await asked(tx, action.step, seen.ref, turn.person)

    return answered


def may_vote(subject: Approvable, vote: StrEnum, otherwise: May) -> May:
    """For a noun whose records are approved: who may vote is the vote's to say."""

    async def answered(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> Any:
        if action.step is vote:
            await approvals.may_vote(tx, subject, seen, turn.person, turn.now)
        return await otherwise(tx, action, seen, turn)

    return answered


def can(asked: Callable[[AsyncSession, Any, str], Awaitable[Collection[StrEnum]]]) -> Can:
    """Of a use case that asks for no more than the person."""

    async def answered(tx: AsyncSession, record: Any, turn: RequestContext) -> Collection[StrEnum]:
        return await asked(tx, record, turn.person)

    return answered


def card(draw: Callable[[AsyncSession, Any, str], Awaitable[Message]]) -> Card:
    """For a noun that draws a record for a reader; who may not see it hears that there is none."""

    async def drawn(tx: AsyncSession, ref: Ref, turn: RequestContext) -> Message:
        return await draw(tx, await visibility.shown_to(tx, ref, turn.person), turn.person)

    return drawn


async def unread(_tx: AsyncSession, _ref: Ref) -> bool:
    """For `shortened`, where no card has what the record says: it is read before it is voted on."""
    return True
