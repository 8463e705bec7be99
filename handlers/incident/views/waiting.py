"""An incident in “Waiting for you”: what is waited for, and the button that does it."""

from bot.rules.policy.policy import Policy
from bot.rules.record.refs import RecordVersion
from bot.rules.record.waiting import Waits
from bot.usecases.incident.waiting import Why
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.incident.actions import ACTIONS
from handlers.incident.views.card import leading, line
from handlers.incident.views.lists import promise
from handlers.records import actions
from storage.tables import Incident

QUESTION_MOST = 200


def row(waits: Waits, policy: Policy) -> Block:
    incident: Incident = waits.record
    shown, seen = line(incident, policy), RecordVersion.of(incident)
    if waits.why is Why.CONFIRM:
        text = f"{shown}\nIt was resolved. Does it work for you?"
        return kit.section(text) | {"accessory": actions.button(ACTIONS["close"], seen, "primary", "It works again")}
    if waits.why is Why.ANSWER:
        text = f"{shown}\nThe desk asks you: “{kit.excerpt(incident.pending_note or '', QUESTION_MOST)}”"
        return kit.section(text) | {"accessory": actions.button(ACTIONS["answer"], seen, "primary")}
    return kit.section(shown + promise(waits.more)) | {"accessory": next_step(incident)}


def next_step(incident: Incident) -> Block:
    """The step that the card suggests, in one click; the menu where there is none."""
    seen, action = RecordVersion.of(incident), leading(incident)
    return actions.button(action, seen) if action else actions.more_button(seen)
