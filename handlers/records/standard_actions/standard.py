"""What can be done to a record of any noun: notes, updates, links, watchers, actions; and its timeline."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import RecordVersion
from bot.usecases.records import comments, links, people
from handlers.ids import Field
from handlers.records.actions import Action, Do
from handlers.records.fields import Person, Reference, Words
from handlers.records.standard_actions.linking import UNLINK
from handlers.records.standard_actions.naming_items import NAME_ITEMS
from handlers.records.standard_actions.promises import ADD_ACTION
from handlers.records.standard_actions.raising import RAISE_PROBLEM
from handlers.records.standard_actions.reviewing import ASK_REVIEW


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
