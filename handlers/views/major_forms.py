"""The forms of major incidents."""

from collections.abc import Sequence
from datetime import datetime

from bot.rules.major_flow import MajorState
from bot.rules.priority import Priority
from bot.rules.refs import Seen
from bot.rules.words import WORDS_MOST, shorten
from handlers.ids import Action, Field, Form
from handlers.views import kit
from handlers.views.kit import View
from handlers.views.major_incidents import MajorSeen
from storage.tables import TimelineEntry

NEW_ENTRY = 0
LISTED = 50
"""Entries that the list shows; the newest."""


def status_form(one: MajorSeen, now: datetime) -> View:
    """Status, words, and by when people hear more: as late as the cadence allows, unless sooner is chosen."""
    longest = one.policy.cadence(one.incident.service, Priority(one.incident.priority))
    blocks = [
        kit.section(one.title),
        kit.ask(Field.STATUS, "Status", kit.select([kit.option(s.label, s) for s in MajorState], one.state)),
        kit.ask(
            Field.STATUS_WORDS,
            "Update",
            kit.text_input(most=WORDS_MOST, lines=True),
            hint="What people notice, what is being done. It is posted in the channel and to all who follow",
        ),
        kit.ask(
            Field.NEXT_UPDATE,
            "Next update by",
            kit.datetime_input(now + longest),
            hint="Passed over when it is resolved",
        ),
    ]
    return kit.form(Form.STATUS_UPDATE, f"Update {one.ref}", "Post", blocks, one.seen)


def handover_form(one: MajorSeen) -> View:
    blocks = [
        kit.section(one.title),
        kit.ask(
            Field.COMMANDER, "New commander", {"type": "users_select", "placeholder": kit.plain("Choose a person")}
        ),
        kit.ask(
            Field.HANDOVER_NOTE,
            "Note",
            kit.text_input(most=WORDS_MOST, lines=True),
            hint="What they should know first; what happened since the last update is added",
            optional=True,
        ),
    ]
    return kit.form(Form.HANDOVER, f"Hand over {one.ref}", "Hand over", blocks, one.seen)


def timeline_list(seen: Seen, entries: Sequence[TimelineEntry]) -> View:
    """What people put in the timeline, the newest first, each to be mended; a new entry is number nothing."""
    add = kit.button(Action.EDIT_ENTRY, "Add entry", Seen(seen.ref, NEW_ENTRY), "primary")
    blocks = [kit.section("What was pinned and what was added. Facts are on record as they are.") | {"accessory": add}]
    for entry in reversed(entries[-LISTED:]):
        words = f"{kit.when(entry.at)} {kit.mention(entry.author)}\n{kit.quote(shorten(entry.text or '', 300))}"
        mend = kit.button(Action.EDIT_ENTRY, "Edit", Seen(seen.ref, entry.id or NEW_ENTRY))
        blocks.append(kit.section(words) | {"accessory": mend})
    return {"type": "modal", "title": kit.plain("Timeline"), "close": kit.plain("Close"), "blocks": blocks}


def entry_form(seen: Seen, entry: TimelineEntry | None, now: datetime) -> View:
    """One entry, new or to be mended; `seen` carries its number."""
    words = kit.text_input((entry.text or "") if entry else "", most=WORDS_MOST, lines=True)
    hint = "Left empty, the entry is taken out" if entry else "What happened, in a line or two"
    blocks = [
        kit.ask(Field.HAPPENED_AT, "When", kit.datetime_input(entry.at if entry else now)),
        kit.ask(Field.ENTRY_TEXT, "Words", words, hint=hint, optional=True),
    ]
    return kit.form(Form.TIMELINE_ENTRY, f"Timeline of {seen.ref}", "Save", blocks, seen)
