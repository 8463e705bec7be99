"""How services are now, as the message in a channel that is kept true; in it stands what everybody may know."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.rules.configuration_item.service_state import Bearing, worst_first
from bot.rules.policy.policy import Policy
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.configuration_item.views.services import bears, marked, with_open

HEAD = "Services now"
TOLD_MOST, CLEAR_MOST = 15, 30


def now(found: Mapping[str, Bearing], policy: Policy, at: datetime) -> Message:
    """Those with something open on them, the worst first; the others by name, as many as can be read."""
    open_on = worst_first(found)
    told, more = open_on[:TOLD_MOST], open_on[TOLD_MOST:]
    clear = [key for key, one in found.items() if one.is_clear]
    lines = [
        f"Something is open on {len(more)} more: {_names(more, policy)}" if more else "",
        f":large_green_circle: Nothing is open on {_names(clear, policy)}" if clear else "",
    ]
    last = f"As of {kit.when(at)}; what is different is here a minute later. Private incidents are not among it."
    blocks = [
        kit.header(HEAD),
        *(_told(key, found[key], policy) for key in told),
        *(kit.section(line) for line in lines if line),
        kit.context(f"{last} `/service name` shows one."),
    ]
    return Message(f"{HEAD}: something is open on {len(open_on)} of {len(found)}", blocks)


def _told(key: str, bearing: Bearing, policy: Policy) -> Block:
    return with_open("\n".join([marked(key, bearing, policy), *bears(bearing)]), key)


def _names(keys: Sequence[str], policy: Policy) -> str:
    return kit.some([kit.esc(policy.services[key].name) for key in keys], CLEAR_MOST)


def replaced(room: str) -> Message:
    """Of a message after which another was posted."""
    said = f"How services are now stands in a newer message in #{kit.esc(room)}."
    return Message(said, [kit.section(said)])


def posted(room: str) -> str:
    return f":white_check_mark: How services are now is on its way to #{kit.esc(room)}, and is kept true there."
