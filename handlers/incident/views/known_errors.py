"""Known errors where incidents are: offered while one is typed, and on the card of one that is linked."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.rules.problem.likeness import Offered
from bot.rules.record.refs import RecordVersion
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action
from handlers.incident.actions import ACTIONS
from handlers.records import actions
from storage.tables import Incident, KnownError

SHOWN_MOST = 500


def offered(known: Sequence[Offered | KnownError], chosen: int) -> list[Block]:
    """In the form, before the incident exists. `chosen`: it will be logged and linked all the same."""
    if not known:
        return []
    if chosen:
        said = ", ".join(f"*{one.ref}* {kit.esc(one.symptom)}" for one in known if one.number == chosen)
        return [kit.context(f":link: It will be linked to {said}. Report it below.")]
    lead = kit.context(":bulb: This is known. Does one of these help?")
    return [lead, *(block for one in known for block in _offer(one))]


def offered_in(view: Mapping[str, Any]) -> list[str]:
    """The references offered in an open form, as it was last drawn."""
    blocks = view.get("blocks")
    elements = [one for block in blocks for one in block.get("elements", ())] if isinstance(blocks, list) else []
    found = [one["value"] for one in elements if one.get("action_id") == Action.WORKAROUND_HELPED]
    return [value.partition("@")[0] for value in found]


def thanks(known: KnownError) -> View:
    """Instead of the form, when a workaround helped."""
    text = f"Good that *{known.ref}* helped. Nothing was logged, and it is counted: {_helped(known)}."
    return kit.note_view("That helped", f"{text} You will be asked once whether it still does.")


def on_card(card: Message, incident: Incident, known: KnownError | None) -> Message:
    """The workaround on an incident's card, before its buttons."""
    if known is None:
        return card
    text = kit.section(f":bulb: *{known.ref}* {kit.esc(known.symptom)}\n{kit.quote(known.workaround, SHOWN_MOST)}")
    pressed = kit.actions(actions.button(ACTIONS["workaround"], RecordVersion.of(incident)))
    *rest, buttons = card.blocks
    return Message(card.text, [*rest, text, pressed, buttons], card.thread_ts)


def _offer(known: Offered | KnownError) -> list[Block]:
    value = RecordVersion(known.ref, known.revision)
    text = f"*{known.ref}* {kit.esc(known.symptom)}\n{kit.quote(known.workaround, SHOWN_MOST)}"
    helped = f"\n_{_helped(known)}_" if known.helped else ""
    return [
        kit.section(text + helped),
        kit.actions(
            kit.button(Action.WORKAROUND_HELPED, "This helped", value, "primary"),
            kit.button(Action.LOG_ANYWAY, "Log anyway", value),
        ),
    ]


def _helped(known: Offered | KnownError) -> str:
    return "it helped once" if known.helped == 1 else f"it helped {known.helped} times"
