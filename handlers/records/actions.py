"""An action on a record, declared once: its command, button, form, mention, help and preview are made from it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.refusals import WordsMissing
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import ABOUT, COMMAND, Noun, RecordVersion, reference
from bot.rules.record.refusals import OneRecord
from handlers.blocks import kit
from handlers.blocks.kit import Block, View
from handlers.records.fields import Ask
from handlers.records.form_values import Filled
from handlers.records.typed_values import Said, Shown
from handlers.request.context import RequestContext

ROW = 5
"""Buttons side by side in a menu."""


Do: TypeAlias = Callable[..., Awaitable[Any]]
"""A use case: `(tx, about, a value for each thing that is asked, by=, now=)`."""
LooksUp: TypeAlias = Callable[[AsyncSession, Any, RecordVersion, str], Awaitable[Any]]
"""What a form shows beside the record: `(tx, row, seen, by)`."""


@dataclass(frozen=True)
class Action:
    verb: str
    do: Do
    says: str
    """In the help."""
    done: str = ""
    """The answer to who asked by command, after the reference."""
    asks: Sequence[Ask] = ()
    label: str = ""
    """Of its button; empty where there is none."""
    step: StrEnum | None = None
    """What the use case is asked for, to know who may and when."""
    title: str = ""
    """Of its form, before the reference; empty where it is done at once."""
    submit: str = ""
    """Of the form's button."""
    typed: bool = True
    """Whether a command does it."""
    usage: str | None = None
    """What stands behind the reference, where the fields do not say it by themselves."""
    parse: Callable[[Said], Sequence[Any]] | None = None
    """Reads what was typed, where the fields do not by themselves."""
    looks_up: LooksUp | None = None
    note: Callable[[Shown], Sequence[Block]] | None = None
    """What the form says before its fields."""
    beside: Callable[[RecordVersion], Sequence[Block]] | None = None
    """Buttons that the form has beside its own."""
    reads: str = ""
    """The verb of the form that stands instead, with what was typed, where a card shortens what this is about."""
    ahead: Callable[[RequestContext, Any], Awaitable[Any]] | None = None
    """Reads much for it, before its transaction begins; the use case is given that as `found`."""
    mends: bool = False
    """Its form begins with what the record says: one drawn before the record changed is not kept over it."""
    tells: Callable[[Any, Policy], str] | None = None
    """The answer, out of what the use case gave back, where it names that; escaped."""
    noun: Noun = Noun.INCIDENT
    name: str = ""
    """Of its noun, in its id."""

    @property
    def id(self) -> str:
        """Of its button and of its form."""
        return f"{self.name}_{self.verb.replace('-', '_')}"

    @property
    def command(self) -> str:
        """What to type: “cancel CHG-n reason”."""
        behind = self.usage if self.usage is not None else " ".join(one.usage for one in self.asks if one.usage)
        return " ".join(filter(None, (self.verb, f"{self.noun}-n", behind)))

    @property
    def needs_words(self) -> bool:
        """Whether it cannot be done by a verb and a reference alone."""
        return bool(self.title) or (self.typed and any(one.usage[:1] not in ("", "[") for one in self.asks))

    def takes_any(self, words: str) -> bool:
        """Whether these words, or none, are its value as they are, with no look at the record."""
        alone = len(self.asks) == 1 and self.asks[0].any_words and self.parse is None and self.ahead is None
        return alone and bool(words.strip() or not self.needs_words)

    @property
    def whole_command(self) -> str:
        return f"/{COMMAND[self.noun].partition(' ')[0]} {self.command}"


def of(noun: Noun, name: str, *actions: Action) -> Mapping[str, Action]:
    """A noun's actions by verb, in the order of help and menu. Raises ValueError for a verb that is given twice."""
    found = {one.verb: replace(one, noun=noun, name=name) for one in actions}
    if len(found) < len(actions):
        twice = Counter(one.verb for one in actions).most_common(1)[0][0]
        raise ValueError(f"{noun} has two actions “{twice}”")
    return found


async def read_ahead(action: Action, turn: RequestContext, about: Any) -> dict[str, Any]:
    """What the use case is given beside the values."""
    return {} if action.ahead is None else {"found": await action.ahead(turn, about)}


def values(action: Action, words: str, people: tuple[str, ...], shown: Shown) -> Sequence[Any]:
    """What was typed, a value for each thing that is asked. Raises WordsMissing, and what the fields raise."""
    if not words.strip() and action.needs_words:
        raise WordsMissing(usage=action.whole_command)
    said = Said(words.strip(), people, shown, action.whole_command)
    if action.parse is not None:
        return action.parse(said)
    found = []
    for ask in action.asks:
        if ask.parse and not said.words and not ask.usage.startswith("[") and ask.usage and not ask.optional:
            raise WordsMissing(usage=action.whole_command)
        value, rest = ask.parse(said) if ask.parse else (ask.first(shown), said.words)
        found.append(value)
        said = replace(said, words=rest)
    require_no_other(action, said.words)
    return found


def require_no_other(action: Action, left: str) -> None:
    """Raises OneRecord where words that nothing asks for name another record: it would be passed over."""
    also = next((one for word in left.split() if (one := reference(word.strip(",.:;!")))), None)
    if also is not None:
        raise OneRecord(also=also, usage=action.whole_command)


def filled_in(action: Action, filled: Filled) -> Sequence[Any]:
    """The same out of its form. Raises FormRefused."""
    return [ask.read(filled, ask.field) for ask in action.asks]


def form(action: Action, shown: Shown, seen: RecordVersion, title: str) -> View:
    """`title` is the record's, without its reference."""
    lead = kit.section(f"*{seen.ref}* {kit.esc(title)}")
    note = action.note(shown) if action.note else ()
    blocks = [lead, *note, *(ask.drawn(shown) for ask in action.asks)]
    if action.beside:
        blocks.append(kit.actions(*action.beside(seen)))
    return kit.form(action.id, f"{action.title} {seen.ref}", action.submit, blocks, seen)


def button(action: Action, seen: RecordVersion, style: str | None = None, label: str = "") -> Block:
    return kit.button(action.id, label or action.label, seen, style)


def more(name: str) -> str:
    """The id of the button that opens a noun's menu."""
    return f"{name}_more"


def more_button(seen: RecordVersion) -> Block:
    return kit.button(more(ABOUT[seen.ref.noun]), "More…", seen)


def menu(offered: Sequence[Action], seen: RecordVersion, lead: str, beside: Sequence[Block] = ()) -> View:
    """All that somebody can do with a record now, and other buttons `beside`; `lead` is escaped."""
    buttons = [*(button(one, seen) for one in offered), *beside]
    rows = [kit.actions(*buttons[start : start + ROW]) for start in range(0, len(buttons), ROW)]
    return kit.list_view(str(seen.ref), [kit.section(lead), *rows])


def previews(
    actions: Mapping[str, Action], shown: Mapping[str, Shown], seen: RecordVersion, title: str
) -> dict[str, View]:
    """Every form."""
    forms = [one for one in actions.values() if one.title]
    return {f"{one.name} form, {one.verb}": form(one, shown[one.verb], seen, title) for one in forms}
