"""The forms of major incidents."""

from collections.abc import Sequence
from datetime import datetime

from bot.rules.incident.priority import Priority
from bot.rules.major_incident.flow import TOLD
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import WORDS_MOST
from handlers.blocks import kit
from handlers.blocks.kit import Block, View
from handlers.ids import Action, Field, Form
from handlers.major_incident.views.messages import MajorSeen
from storage.tables import TimelineEntry

NEW_ENTRY = 0
LISTED = 50
"""Entries that the list shows; the newest."""


def status_form(one: MajorSeen, now: datetime, *, resolves: bool = False) -> View:
    """Status, words, and by when people hear more: as late as the cadence allows, unless sooner is chosen.

    It `resolves` the incident too where the person may and it is the last update.
    """
    longest = one.policy.cadence(one.incident.service, Priority(one.incident.priority))
    blocks = [
        kit.section(one.title),
        kit.ask(Field.STATUS, "Status", kit.select([kit.option(s.label, s) for s in TOLD], one.state)),
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
            hint="Not used when the status is Resolved",
        ),
        *(_resolving(one) if resolves else []),
    ]
    return kit.form(Form.STATUS_UPDATE, f"Update {one.ref}", "Post", blocks, one.seen)


def _resolving(one: MajorSeen) -> list[Block]:
    codes = one.policy.incidents.codes
    box = kit.tick_box(f"When the status is Resolved: resolve {one.ref} too", ticked=True)
    return [
        kit.ask(Field.RESOLVE_TOO, "The incident", box, hint="The update is then its resolution note", optional=True),
        kit.ask(Field.CODE, "Resolution code", kit.select([kit.option(code, code) for code in codes], codes[0])),
    ]


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


def timeline_list(seen: RecordVersion, entries: Sequence[TimelineEntry]) -> View:
    """What people put in the timeline, the newest first, each to be mended; a new entry is number nothing."""
    add = kit.button(Action.EDIT_ENTRY, "Add entry", RecordVersion(seen.ref, NEW_ENTRY), "primary")
    blocks = [kit.section("What was pinned and what was added. Facts are on record as they are.") | {"accessory": add}]
    for entry in reversed(entries[-LISTED:]):
        words = f"{kit.when(entry.at)} {kit.mention(entry.author)}\n{kit.quote(entry.text or '', 300)}"
        mend = kit.button(Action.EDIT_ENTRY, "Edit", RecordVersion(seen.ref, entry.id or NEW_ENTRY))
        blocks.append(kit.section(words) | {"accessory": mend})
    return kit.list_view("Timeline", blocks)


def entry_form(seen: RecordVersion, entry: TimelineEntry | None, now: datetime) -> View:
    """One entry, new or to be mended; `seen` carries its number."""
    words = kit.text_input((entry.text or "") if entry else "", most=WORDS_MOST, lines=True)
    hint = "Left empty, the entry is taken out" if entry else "What happened, in a line or two"
    blocks = [
        kit.ask(Field.HAPPENED_AT, "When", kit.datetime_input(entry.at if entry else now)),
        kit.ask(Field.ENTRY_TEXT, "Words", words, hint=hint, optional=True),
    ]
    return kit.form(Form.TIMELINE_ENTRY, f"Timeline of {seen.ref}", "Save", blocks, seen)
