"""The service level review: what was promised and kept, each shortfall, and what is done about it."""

from collections.abc import Sequence

from bot.rules.policy.policy import Policy
from bot.rules.record.refs import of_subject
from bot.rules.report.issue import Content
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Block, Message

SHOWN, ACTIONS_SHOWN = 20, 3


def review(found: Content, policy: Policy) -> Message:
    head = title(found, policy)
    first, last = found["days"]
    blocks = [
        kit.header(head),
        kit.context(f"{kit.day(first)} to {kit.day(last)} by the clocks of {kit.esc(found['zone'])}"),
        *(kit.section(piece) for piece in parts(found)),
    ]
    return Message(kit.esc(head), blocks)


def title(found: Content, policy: Policy) -> str:
    """Not escaped."""
    name = policy.service_name(found["service"]) if found["service"] else "all services"
    return f"Service level review of {name}{_for(found['customer'], policy)}"


def _for(customer: str | None, policy: Policy) -> str:
    if customer is None:
        return ""
    known = policy.customers.get(customer)
    return f" for {known.title if known else customer}"


def parts(found: Content) -> list[str]:
    """Texts of sections, each short enough for one."""
    return [
        "\n".join(["*Promised and kept*", *_kept(found)]),
        "\n".join([f"*Availability* {found['availability']}", *map(kit.esc, found.get("satisfaction", ()))]),
        *_shortfalls(found["shortfalls"]),
    ]


def blocks(found: Content, policy: Policy) -> list[Block]:
    """In a message that says already of which period it is."""
    return [kit.section(f"*{kit.esc(title(found, policy))}*"), *(kit.section(piece) for piece in parts(found))]


def summary(found: Content, policy: Policy) -> str:
    """A line: how many shortfalls there are, and how many of them nobody has taken up."""
    count, without = len(found["shortfalls"]), _untraced(found["shortfalls"])
    if not count:
        return f"{kit.colon(kit.esc(title(found, policy)))} every promise was kept."
    said = f"{count} {'shortfall' if count == 1 else 'shortfalls'}"
    return f"{kit.colon(kit.esc(title(found, policy)))} {said}, {without} of them without an action."


def _kept(found: Content) -> list[str]:
    lines: dict[str, list[str]] = {}
    for one in found["kept"]:
        within = f" within {one['within']}" if one["within"] else ""
        counts = f" *{one['shown']}* ({one['kept']} of {one['n']})" if one["n"] else " –"
        lines.setdefault(one["priority"], []).append(f"{one['promise']}{within}{counts}")
    return [f"• {priority}: {', '.join(said)}" for priority, said in lines.items()] or ["Nothing fell due."]


def _untraced(shortfalls: Sequence[Content]) -> int:
    """Nobody has promised to do anything about these."""
    return sum(not one["actions"] and not one["excused"] for one in shortfalls)


def _shortfalls(shortfalls: Sequence[Content]) -> list[str]:
    if not shortfalls:
        return [":white_check_mark: Every promise was kept."]
    count = len(shortfalls)
    head = f"*{count} {'shortfall' if count == 1 else 'shortfalls'}*"
    without = _untraced(shortfalls)
    if without:
        head += f", :warning: {without} without an action: `/incident action INC-n what` promises one"
    lines = [_line(one) for one in shortfalls[:SHOWN]]
    more = [f"… and {count - SHOWN} more"] if count > SHOWN else []
    return list(fitting.sections("\n".join([head, *lines, *more])))


def _line(one: Content) -> str:
    said = f"• {of_subject(one['ref'])}: {' and '.join(one['promises'])} broken"
    if one["excused"]:
        said += ", excused"
    if not one["actions"]:
        return said if one["excused"] else f"{said}: nothing is promised yet"
    more = f" and {len(one['actions']) - ACTIONS_SHOWN} more" if len(one["actions"]) > ACTIONS_SHOWN else ""
    return f"{said}: {'; '.join(map(_action, one['actions'][:ACTIONS_SHOWN]))}{more}"


def _action(one: Content) -> str:
    return f"{one['ref']} {kit.excerpt(one['title'], 80)} ({one['state']}, due {kit.day(one['due'])})"
