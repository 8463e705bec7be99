"""What can be done to a record of any noun: notes, updates, links, watchers, actions; and its timeline."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import Fact
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases.records import comments, links, people, timeline
from handlers.blocks import kit
from handlers.ids import Field
from handlers.incident.views import lists as incident_lists
from handlers.records import replies
from handlers.records.actions import Action, Do
from handlers.records.commands import Asked, Listener, Verb
from handlers.records.fields import Person, Reference, Words
from handlers.records.standard_actions.linking import UNLINK
from handlers.records.standard_actions.naming_items import NAME_ITEMS
from handlers.records.standard_actions.promises import ADD_ACTION
from handlers.records.standard_actions.raising import RAISE_PROBLEM
from handlers.records.standard_actions.reviewing import ASK_REVIEW
from handlers.request.context import RequestContext

Says: TypeAlias = Callable[[Fact], str]
"""What a fact says after the name of who did it."""


def by_ref(do: Callable[..., Awaitable[Any]]) -> Do:
    """A use case that takes a reference, for a noun whose actions are about a record as it was seen."""

    async def done(tx: AsyncSession, about: Any, *values: Any, by: str, now: datetime) -> Any:
        return await do(tx, about.ref if isinstance(about, RecordVersion) else about, *values, by=by, now=now)

    return done


STANDARD = (
    Action("note", by_ref(comments.note), "for those who work on it alone", "has your note.",
           (Words(Field.COMMENT, "Note", "For those who work on it: nobody else sees it"),),
           "Note…", RecordAct.NOTE, "Note on", "Keep"),
    Action("update", by_ref(comments.update), "tell those whom it concerns", "has your update; they are told.",
           (Words(Field.COMMENT, "Update", "Those whom it concerns get this as a direct message"),),
           "Update…", RecordAct.UPDATE, "Update on", "Tell them"),
    Action("link", by_ref(links.link), "show another record beside it", "is linked.",
           (Reference(Field.OTHER, "Another record", "Like INC-12 or CHG-3", "INC-n"),),
           "Link…", RecordAct.LINK, "Link", "Link"),
    UNLINK,
    Action("share", by_ref(people.share), "have somebody told how it goes", "is shared with them.",
           (Person(Field.PERSON, "Person", "They are told how it goes"),),
           "Let someone know…", RecordAct.SHARE, "Share", "Share"),
    ADD_ACTION,
    RAISE_PROBLEM,
    ASK_REVIEW,
    NAME_ITEMS,
)  # fmt: skip


def timeline_verb(noun: Noun, title: Callable[[Any], str], say: Says) -> Verb:
    async def run(asked: Asked) -> None:
        ref, _ = asked.about(noun, "timeline")
        async with asked.turn.read() as tx:
            told = await timeline.said(tx, ref, asked.turn.person)
        await replies.say(asked.ack, incident_lists.timeline(ref, title(told.record), told.facts, say))

    return Verb(f"timeline {noun}-n", "what happened to it", run, replies.verb("timeline", noun))


def timeline_button(noun: Noun, title: Callable[[Any], str], say: Says) -> Listener:
    async def clicked(
        ack: Any, action: dict[str, Any], body: dict[str, Any], client: Any, turn: RequestContext
    ) -> None:
        ref = RecordVersion.parse(action["value"], noun).ref
        async with turn.read() as tx:
            told = await timeline.said(tx, ref, turn.person)
        message = incident_lists.timeline(ref, title(told.record), told.facts, say)
        await replies.show_view(client, body, kit.list_view(f"Timeline of {ref}", message.blocks))
        await ack()

    return clicked
