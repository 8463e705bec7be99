"""The catalogue of services as people see it (ISO/IEC 20000-1:2018, 8.2.4)."""

from collections.abc import Mapping

from bot.rules.configuration_item.items import schema_of
from bot.rules.configuration_item.service_state import Bearing, ServiceState
from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.text import spell
from bot.rules.sla.clocks import PROMISED
from bot.rules.time.policy import ALWAYS
from bot.usecases.configuration_item.catalogue import ServiceSheet
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.ids import Action

MARK = {
    ServiceState.WORKING: ":large_green_circle:",
    ServiceState.CHANGING: ":hammer_and_wrench:",
    ServiceState.MAINTENANCE: ":hammer_and_wrench:",
    ServiceState.IMPAIRED: ":large_yellow_circle:",
    ServiceState.DISRUPTED: ":red_circle:",
}
LISTED_MOST, NAMED_MOST = 45, 6


def listing(found: Mapping[str, Bearing], policy: Policy, *, may_post: bool = False) -> Message:
    """`may_post`: by who looks, in the channel of the policy's."""
    head = "Services"
    rows = [_row(key, bearing, policy) for key, bearing in list(found.items())[:LISTED_MOST]]
    left = len(found) - len(rows)
    more = [kit.context(f"There are {left} more: `/service name` shows one.")] if left else []
    post = [kit.actions(kit.button(Action.SERVICE_POST, "Post in the channel"))] if may_post else []
    return Message(head, [kit.header(head), *rows, *more, *post])


def marked(key: str, bearing: Bearing, policy: Policy) -> str:
    return f"{MARK[bearing.state]} *{kit.esc(policy.services[key].name)}* is {bearing.state}"


def with_open(said: str, key: str) -> Block:
    return kit.section(said) | {"accessory": kit.button(Action.SERVICE_OPEN, "Open", key)}


def _row(key: str, bearing: Bearing, policy: Policy) -> Block:
    service = policy.services[key]
    about = f"\n{kit.esc(service.description)}" if service.description else ""
    return with_open(f"{marked(key, bearing, policy)}{about}", key)


def card(sheet: ServiceSheet, policy: Policy) -> Message:
    service, bearing = policy.services[sheet.key], sheet.bearing
    group = policy.groups[service.owner].title
    blocks = [
        kit.section(marked(sheet.key, bearing, policy)),
        *([kit.section(kit.esc(service.description))] if service.description else []),
        kit.section("\n".join(bears(bearing) or ["Nothing is open on it."])),
        kit.section("\n".join(_promised(sheet.key, policy))),
        *([kit.section("\n".join(on))] if (on := _stands_on(sheet, policy)) else []),
        kit.context(
            f"Owner: {kit.esc(group)} · criticality {service.criticality} · "
            f"agreed hours: {kit.esc(service.hours or 'day and night')} · #{policy.channel(service.channel)}"
        ),
        kit.context("Something is wrong with it: `/incident`. You need something: `/request`."),
    ]
    return Message(f"{kit.esc(service.name)} is {bearing.state}", blocks)


def bears(bearing: Bearing) -> list[str]:
    """What is open on it, a line a kind."""
    private = [str(bearing.private)] if bearing.private else []
    every = {
        "Open incidents": [f"{ref} ({priority})" for ref, priority in bearing.incidents],
        "Private incidents": private,
        "Being changed": list(map(str, bearing.implementing)),
        "Changes within a day": list(map(str, bearing.coming)),
        "Maintenance": list(map(kit.esc, bearing.maintenance)),
        "Freeze": list(map(kit.esc, bearing.freezes)),
    }
    return [f"{name}: {kit.some(said, NAMED_MOST)}" for name, said in every.items() if said]


def _promised(key: str, policy: Policy) -> list[str]:
    lines = ["*Promised*"]
    for priority in Priority:
        goals = {kind: policy.goal(key, priority, kind) for kind in PROMISED}
        told = [f"{kind} within {spell(goal.length)}{_in_hours(goal.calendar)}" for kind, goal in goals.items()]
        lines.append(f"{priority}: {', '.join(told)}")
    return lines


def _in_hours(calendar: str) -> str:
    """Which hours count, where not all do."""
    return "" if calendar == ALWAYS else f" of the hours “{kit.esc(calendar)}”"


def _stands_on(sheet: ServiceSheet, policy: Policy) -> list[str]:
    if sheet.item is None:
        return []
    told = sheet.item.related(schema_of(policy).relations)
    return [f"*{kit.esc(title)}* {kit.some([kit.esc(one) for one in names], NAMED_MOST)}" for title, names in told]
