"""A slash command's table of verbs: it routes what is typed, refuses what is hardly meant so, and prints the help."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.refusals import WordsMissing
from bot.rules.record import command_text, refs, suggestions
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import (
    NotDoneToThis,
    OtherCommand,
    Refusal,
    SaysNothing,
    StandsAlone,
    VerbElsewhere,
    WhichOne,
)
from bot.rules.record.suggestions import Grammar, Meant
from bot.usecases.records import visibility
from handlers.blocks import help_screen
from handlers.blocks.help_screen import Screen
from handlers.blocks.kit import Block, Message
from handlers.ids import Command
from handlers.records import suggestion_question
from handlers.records.commands import Asked, Finds, Listener, Verb, anything, word
from handlers.records.form_values import as_typed, named
from handlers.records.suggestion_question import Carried
from handlers.request.context import RequestContext


def nothing(_text: str) -> bool:
    return False


@dataclass(frozen=True)
class Table:
    command: Command
    about: str
    own: Sequence[Verb]
    """Found by their first word; the last takes what no other does."""
    screen: Callable[[Asked], Awaitable[Message]] | None = None
    """What help shows, where that is more than this table."""
    staff: Callable[[AsyncSession, str], Awaitable[bool]] | None = None
    """Whether this person works on its records; None where all of its verbs are for all."""
    first: Collection[str] = ()
    """What the usages begin with that a person is shown first."""
    noun: Noun | None = None
    """Of the records that its verbs are about."""
    lists_by: Callable[[str], bool] = nothing
    """Whether this is what its list is filtered by, and nothing else: “mine” alone is hardly a report."""
    own_words: str = "No, look for it"
    """On the button of who was asked, and meant their own words."""
    finds: Finds | None = None
    """Whether words that are no verb are found by it: “service VPN” in a mention is meant so, “service is slow” not."""
    opens: bool = False
    """Whether words that are no verb open a form."""
    looks_at_others: bool = False
    """Whether words that are no verb may be the number of a record of another command."""
    beside: Callable[[], Sequence["Table"]] = tuple
    """Every table, to know what belongs to another command."""

    def listener(self) -> Listener:
        async def routed(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
            sent, channel = str(command.get("text", "")), str(command.get("channel_id", ""))
            await self.run(
                Asked(
                    as_typed(sent),
                    command["trigger_id"],
                    ack,
                    client,
                    turn,
                    named(sent),
                    channel,
                    self.command,
                    str(command.get("response_url", "")),
                )
            )

        return routed

    async def run(self, asked: Asked) -> None:
        """Does what was typed, or asks whether a command was meant. Raises EitherWay, and what the verb raises."""
        text = self.spelled_out(asked.text)
        # What is no verb is somebody's own words: they stay as they were written.
        own = asked.text if text == command_text.in_plain_marks(asked.text) else text
        mistaken, verb = self._mistaken(text), await self._confirmed(text, asked)
        text = own if verb is self._rest and self.opens and not mistaken else text
        if verb is self._rest and not mistaken:
            self._require_words(text)
        if verb is self._rest and isinstance(mistaken, OtherCommand | VerbElsewhere) and not self.looks_at_others:
            raise mistaken
        if verb is self._rest and not self.opens:
            await self._require_alone(replace(asked, text=text))
        if verb is self._rest and not asked.sure and not mistaken:
            meant = await self.meant(text, asked.turn)
            if meant and not self.opens and self.finds and await self.finds(replace(asked, text=text)):
                meant = None
            if meant is not None and not meant.plain:
                shown = self.question(asked, own, meant)
                await asked.ack(response_type="ephemeral", text=shown.text, blocks=shown.blocks)
                return
            text, verb = (meant.text, self.verb(meant.text)) if meant else (text, verb)
        await verb.run(replace(asked, text=text, command=self.command, mistaken=mistaken))

    def spelled_out(self, text: str) -> str:
        """Its own noun's first, so that where two share a verb a short number is its own."""
        text = command_text.in_plain_marks(text)
        if self.noun and (found := suggestions.spoken_list(text, self.noun, self.lists_by)):
            return found
        text = command_text.unmarked(text, [verb for about in self.usages.values() for verb in about])
        for noun, about in self.usages.items():
            if (said := refs.spelled_out(text, noun, about)) != text:
                return said
        named = refs.named_alone(text, self._beside)
        return str(named) if named else text

    def verb(self, text: str) -> Verb:
        first = text.split(None, 1)[0].lower() if text else ""
        noun, dash, _ = first.partition("-")
        key = f"{noun}-n" if dash and noun.upper() in refs.NOUNS else first
        return next((one for one in self._by_word.get(key, ()) if one.takes(text)), self._rest)

    async def _confirmed(self, text: str, asked: Asked) -> Verb:
        verb = self.verb(text)
        if asked.sure or (verb.confirms and not await verb.confirms(replace(asked, text=text))):
            return self._rest
        return verb

    def is_rest(self, text: str) -> bool:
        """Whether only the verb that takes anything would take it."""
        return self.verb(text) is self._rest

    async def takes(self, asked: Asked) -> bool:
        """Whether a verb that is about no record takes this as it stands: “list mine”, “approvals”."""
        verb = await self._confirmed(command_text.in_plain_marks(asked.text), asked)
        alone = "-n" not in verb.usage and (" " not in verb.usage or (verb.confirms and verb.usage.startswith("list ")))
        return verb not in (self._rest, self.help) and bool(alone)

    async def is_meant(self, asked: Asked, *, surely: bool) -> bool:
        """Whether words behind its name in a mention are for it; `surely`: it was written with its slash."""
        if not self.own:
            return not asked.text
        if self.opens or not self.is_rest(self.spelled_out(asked.text)):
            return bool(asked.text) and not self.is_rest(self.spelled_out(asked.text))
        return surely or not asked.text or (self.finds is not None and await self.finds(asked))

    def is_near(self, verb: str) -> bool:
        return command_text.is_near(verb, filter(None, self._about))

    def knows(self, verb: str) -> bool:
        """Whether this stands before a reference in one of its usages."""
        return bool(verb) and verb in self._about

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[Verb]]:
        found: dict[str, list[Verb]] = {}
        for one in (self.help, *self.own[:-1]):
            found.setdefault(one.usage.split(" ", 1)[0].lower(), []).append(one)
        return found

    @property
    def _rest(self) -> Verb:
        return self.own[-1] if self.own else self.help

    @property
    def _about(self) -> Mapping[str, str]:
        return self.usages.get(self.noun, {}) if self.noun else {}

    @cached_property
    def usages(self) -> Mapping[Noun, Mapping[str, str]]:
        """By noun, its own and those beside, usages by what stands before the reference: “assign” of “assign INC-n me”.

        A number alone is a record of its own noun.
        """
        found: dict[Noun, Mapping[str, str]] = {}
        for noun in (self.noun, *self._beside) if self.noun else ():
            parts = [(one.usage, one.usage.partition(f"{noun}-n")) for one in self.own]
            usages = {before.strip(): usage for usage, (before, reference, _) in parts if reference}
            found[noun] = {verb: usage for verb, usage in usages.items() if verb or noun is self.noun}
        return found

    async def meant(self, text: str, turn: RequestContext) -> Meant | None:
        """The command that somebody's words are, or may be."""
        if self.grammar is None:
            return suggestions.misspelled(text, self._words, self._surely_takes)
        found = suggestions.meant(text, self.grammar)
        if found is None or not found.ref or self.noun is None:
            return found
        async with turn.read() as tx:
            known = await visibility.sees(tx, Ref.parse(found.ref, self.noun), turn.person)
        return found if known else None

    def question(self, asked: Asked, typed: str, meant: Meant, otherwise: Block | None = None) -> Message:
        """Whether this command was meant. Raises EitherWay."""
        yes, no = (Carried(self.command, text, asked.people) for text in (meant.text, typed))
        return suggestion_question.question(yes, no, self.own_words, otherwise)

    @cached_property
    def grammar(self) -> Grammar | None:
        """What its verbs understand; None for a table without records."""
        if self.noun is None:
            return None
        worded = [verb for verb, usage in self._about.items() if not usage.endswith(f"{self.noun}-n")]
        alone = [one.usage for one in self.verbs[1:] if "[" not in one.usage and "-n" not in one.usage]
        return Grammar(
            self.noun,
            self._about,
            self._words,
            self._surely_takes,
            self.lists_by,
            worded=worded,
            opens=self.opens,
            alone=alone,
            buttons=self._buttons,
        )

    @property
    def _buttons(self) -> Mapping[str, str]:
        """What two verbs have on their buttons says of neither that it is meant."""
        said = [(one.button.lower().rstrip("…").strip(), one.usage.partition(f" {self.noun}-n")[0]) for one in self.own]
        counts = Counter(button for button, _ in said if button)
        return {button: verb for button, verb in said if counts[button] == 1 and button != verb}

    @cached_property
    def _at_home(self) -> Noun | None:
        """The noun whose records this command shows: `/sla why INC-1` is about incidents, and shows none."""
        return self.noun if self.noun and f"/{refs.ABOUT[self.noun]}".split()[0] == self.command else None

    @cached_property
    def _beside(self) -> Sequence[Noun]:
        """Nouns that this command is about besides its own, by verbs of their own: STD and WIN of `/change`."""
        about = (noun for noun, command in refs.ABOUT.items() if f"/{command}".split()[0] == self.command)
        return [noun for noun in about if noun is not self.noun]

    @property
    def _words(self) -> Sequence[str]:
        return [word for word in self._by_word if not word.startswith(("[", f"{self.noun}-".lower()))]

    def _mistaken(self, text: str) -> Refusal | None:
        usage = self._about.get(text.lower())
        if text and usage:
            return WhichOne(command=self.command.removeprefix("/"), usage=usage)
        for noun in self._beside:
            named = command_text.names_one(text, noun)
            if named and self.knows(named.verb):
                return NotDoneToThis(verb=named.verb, ref=named.ref, command=refs.ABOUT[noun])
        for table in self.beside():
            named = command_text.names_one(text, table.noun) if table.noun not in (None, self._at_home) else None
            if named and table.knows(named.verb) and table.noun:
                return VerbElsewhere(ref=named.ref, command=table.command, verb=named.verb)
        other = refs.elsewhere(text, self._at_home, self._about)
        if other is None or f"/{refs.ABOUT[other.noun]}".split()[0] == self.command:
            return None
        return OtherCommand(ref=other, command=refs.ABOUT[other.noun])

    def _require_words(self, text: str) -> None:
        """Raises WordsMissing for a verb that is followed by something, and SaysNothing for what opens no form."""
        alone = self._begins.get(text.lower())
        if text and alone:
            raise WordsMissing(usage=f"{self.command} {alone}")
        if text and self.opens and not command_text.says_something(text):
            raise SaysNothing(typed=text, usage=f"{self.command} {self._rest.usage}")

    async def _require_alone(self, asked: Asked) -> None:
        """Raises StandsAlone for a verb that is typed alone and has something behind it, which nothing is found by."""
        first, _, behind = asked.text.lower().partition(" ")
        alone = {one.usage for one in self.own[:-1] if " " not in one.usage}
        found = self.finds is not None and behind and first in alone and await self.finds(asked)
        if behind and first in alone and not found:
            raise StandsAlone(typed=f"{self.command} {first}")

    @cached_property
    def _begins(self) -> Mapping[str, str]:
        """Usages, by the word that they begin with; of two the first."""
        return {one.usage.split(" ", 1)[0]: one.usage for one in reversed(self.own[:-1])}

    def _surely_takes(self, text: str) -> bool:
        verb, (_, _, rest) = self.verb(text), text.partition(" ")
        return verb is not self._rest and (verb.confirms is None or not rest or self.lists_by(rest))

    @property
    def help(self) -> Verb:
        async def run(asked: Asked) -> None:
            if self.screen:
                shown = await self.screen(asked)
            else:
                async with asked.turn.read() as tx:
                    shown = help_screen.of(await self.shown_to(tx, asked.turn.person))
            await asked.ack(response_type="ephemeral", text=shown.text, blocks=shown.blocks)

        if not self.own:
            return Verb("", "every command on one screen", run, anything)
        return Verb("help", "what this command can do", run, word("help"))

    async def shown_to(self, tx: AsyncSession, person: str) -> Screen:
        """What this person may use."""
        all_of_it = self.staff is None or await self.staff(tx, person)
        return Screen(self.command, self.about, [one for one in self.verbs if all_of_it or not one.staff])

    @property
    def verbs(self) -> Sequence[Verb]:
        """As a reader wants them: first what the command is mostly for, which is asked last."""
        return (*self.own[-1:], *self.own[:-1], self.help)
