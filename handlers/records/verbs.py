"""The slash verbs of a noun's actions: with words they do it, without they open the form."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.rules.record.facts import Fact
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.policy import in_force
from handlers.records import actions, listeners, replies
from handlers.records.actions import Action
from handlers.records.commands import Asked, Run, Verb
from handlers.records.kinds import Kind


def by_services(is_filter: Callable[[str, Mapping[str, str]], bool]) -> Callable[[Asked], Awaitable[bool]]:
    """Whether what stands behind “list” filters it, with the policy's services at hand."""

    async def confirmed(asked: Asked) -> bool:
        async with asked.turn.read() as tx:
            services = (await in_force(tx)).policy.services
        return is_filter(asked.text.partition(" ")[2].strip(), {key: one.name for key, one in services.items()})

    return confirmed


def verbs(kind: Kind) -> list[Verb]:
    """Of its timeline, and of all that a command does."""
    past = [timeline(kind.noun, kind.title, kind.says)] if kind.says else []
    return [*past, *(verb(kind, one) for one in kind.all if one.typed)]


def timeline(noun: Noun, title: Callable[[Any], str], says: Callable[[Fact], str]) -> Verb:
    """What happened to a record: `says` is what a fact says after the name of who did it."""

    async def run(asked: Asked) -> None:
        ref, _ = asked.about(noun, "timeline")
        await replies.say(asked.ack, await listeners.happened(ref, title, says, asked.turn))

    return Verb(f"timeline {noun}-n", "what happened to it", run, replies.verb("timeline", noun))


def shown(kind: Kind, says: str = "what it is and what can be done") -> Verb:
    """A reference alone shows the card, as this person sees it."""
    return Verb(f"{kind.noun}-n", says, show(kind), replies.names(kind.noun))


def show(kind: Kind) -> Run:
    async def run(asked: Asked) -> None:
        ref, _ = asked.about(kind.noun)
        async with asked.turn.read() as tx:
            message = await kind.card(tx, ref, asked.turn)
        await replies.say(asked.ack, message)

    return run


def verb(kind: Kind, action: Action) -> Verb:
    takes = replies.verb(action.verb, kind.noun)
    staff = kind.staff_only(action)
    return Verb(action.command, action.says, _command(kind, action), takes, staff=staff, button=action.label)


def _command(kind: Kind, action: Action) -> Run:
    async def run(asked: Asked) -> None:
        ref, words = asked.about(kind.noun, action.verb)
        form, seen = await _form(kind, action, ref, words, asked)
        if form is not None:
            seen, view = await listeners.form_of(kind, form, ref, asked.turn, words)
            await asked.opens(view, actions.button(form, seen))
            return
        done = await _typed(kind, action, ref, words, asked, seen)
        await replies.say(asked.ack, await listeners.answer(kind, asked.turn, action, ref, done))

    return run


async def _form(
    kind: Kind, action: Action, ref: Ref, words: str, asked: Asked
) -> tuple[Action | None, RecordVersion | None]:
    """The form that is to be filled in, or read, before it is done; None where it is done at once. And which version
    of the record that was decided by, where it was looked at."""
    if action.title and not words:
        return action, None
    if not action.reads or kind.shortened is None:
        return None, None
    async with asked.turn.read() as tx:
        shortened = await kind.shortened(tx, ref)
        return kind.actions[action.reads] if shortened else None, await kind.latest(tx, ref)


async def _typed(
    kind: Kind, action: Action, ref: Ref, words: str, asked: Asked, seen: RecordVersion | None
) -> Any:  # fmt: skip
    """Words that may be none are read before the writing begins, and by those alone who could do it."""
    turn = asked.turn
    values: Sequence[Any] = ()
    if not action.asks and action.parse is None:
        actions.require_no_other(action, words)
    if action.takes_any(words):
        values = [words.strip()]
    elif action.asks or action.parse:
        async with turn.read() as tx:
            seen = await kind.latest(tx, ref)
            values = actions.values(action, words, asked.people, await listeners.shown_to(tx, kind, action, seen, turn))
    ahead = await actions.read_ahead(action, turn, kind.about(seen)) if seen else {}
    async with turn.begin() as tx:
        about = kind.about(seen or await kind.latest(tx, ref))
        return await action.do(tx, about, *values, by=turn.person, now=turn.now, **ahead)
