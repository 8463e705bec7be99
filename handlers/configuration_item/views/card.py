"""Configuration items as people see them."""

import json
from collections.abc import Mapping, Sequence

from bot.rules.configuration_item.diagram import private_items
from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import schema_of
from bot.rules.configuration_item.policy import PRIVATE, SERVICE
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import OPERATOR, SYSTEM, Datum, Fact, FactKind
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import shorten
from bot.usecases.configuration_item.lists import LINKED_MOST, Sheet
from handlers.blocks import facts, kit
from handlers.blocks.kit import Block, Message
from handlers.configuration_item.actions import ACTIONS
from handlers.ids import Action
from handlers.records import actions
from storage.tables import ConfigurationItem

ATTRIBUTES_MOST, RELATED_MOST = 20, 8
MARK = {
    CiState.PLANNED: ":white_circle:",
    CiState.ORDERED: ":white_circle:",
    CiState.IN_STOCK: ":package:",
    CiState.LIVE: ":large_green_circle:",
    CiState.REPAIR: ":large_orange_circle:",
    CiState.RETIRED: ":heavy_multiplication_x:",
}
SAID = {
    FactKind.CI_ADDED: "put it on record",
    FactKind.CI_CHANGED: "changed it",
    FactKind.CI_MOVED: "moved it from {from} to {state}",
    FactKind.CI_VERIFIED: "verified it",
    FactKind.CI_DIFFERS: "found that it differs",
    FactKind.CI_GONE: "found that it is not there",
    FactKind.CI_UNAUTHORISED: "changed it without an approved change: {fields}",
}
"""What a fact says after the name of who did it."""


def say(fact: Fact) -> str:
    known, said = kit.told(fact.data), facts.said(fact, SAID)
    by = f" by the source {known['source']}" if "source" in known and fact.by in (SYSTEM, OPERATOR) else ""
    under = f" under {known['change']}" if "change" in known else ""
    return f"{said}{by}{under}{_differences(fact.data)}"


def _differences(data: Mapping[str, Datum]) -> str:
    """“: cores 4 → 8”."""
    if "after" not in data:
        return ""
    before, after = (json.loads(str(data[one])) for one in ("before", "after"))
    told = [
        f"{kit.esc(name)} {_or_nothing(before.get(name))} → {_or_nothing(after.get(name))}" for name in list(after)[:8]
    ]
    return f": {'; '.join(told)}"


def _or_nothing(value: object) -> str:
    return f"“{kit.esc(shorten(str(value), 60))}”" if value else "nothing"


def title(item: ConfigurationItem) -> str:
    return item.name


def card(sheet: Sheet, policy: Policy) -> Message:
    item = sheet.item
    schema = schema_of(policy)
    kind = schema.types.get(item.type)
    attributes = {name: value for name, value in json.loads(item.attributes).items() if name != PRIVATE}
    titles = {name: said.title or name.capitalize() for name, said in kind.attributes.items()} if kind else {}
    if item.type == SERVICE:
        attributes.pop(SERVICE, None)  # its key, which stands above
    shown = [
        f"*{kit.esc(titles.get(name, name))}*\n{kit.esc(shorten(value, 300))}" for name, value in attributes.items()
    ][:ATTRIBUTES_MOST]
    blocks = [
        kit.section(f"{MARK[CiState(item.state)]} *{item.ref}* *{kit.esc(item.name)}*"),
        kit.context(" · ".join(_facts(item, policy))),
        *(kit.fields(*shown[start : start + 10]) for start in range(0, len(shown), 10)),
    ]
    related = _related(sheet, policy)
    blocks += [kit.section("\n".join(related))] if related else []
    blocks.append(kit.context(" · ".join(_known_by(sheet))))
    older = ", and older ones" if len(sheet.links) > LINKED_MOST else ""
    blocks += [kit.context(f":link: {', '.join(sheet.links[-LINKED_MOST:])}{older}")] if sheet.links else []
    seen = RecordVersion.of(item)
    buttons = [kit.button(Action.CI_IMPACT, "Impact", seen), actions.button(ACTIONS["verify"], seen)]
    return Message(_spoken(item, policy), [*blocks, kit.actions(*buttons, actions.more_button(seen))])


def _facts(item: ConfigurationItem, policy: Policy) -> list[str]:
    kind = schema_of(policy).types.get(item.type)
    group = policy.groups.get(item.owner_group or "")
    said = [type_of(item, policy), str(item.state)]
    said += [f"key {kit.esc(shorten(item.key, 80))}"] if item.key and item.key != item.name else []
    said += [kit.esc(group.title if group else item.owner_group)] if item.owner_group else ["nobody owns it"]
    said += [kit.esc(item.environment)] if item.environment else []
    said += [":lock: private"] if item.private else []
    return [*said, "under change control"] if kind and kind.control else said


def _known_by(sheet: Sheet) -> list[str]:
    item = sheet.item
    seen = [
        f"{kit.esc(one.source)} {'has it' if one.there else 'had it last'} {kit.when(one.seen_at)}"
        for one in sheet.seen
    ]
    verified = f"verified {kit.when(item.verified_at)}" if item.verified_at else "never verified"
    return [*seen[:3], verified, *([f"to be verified by {kit.day(item.verify_on)}"] if item.verify_on else [])]


def _related(sheet: Sheet, policy: Policy) -> list[str]:
    told = sheet.related(schema_of(policy).relations, "{} (not on record)")
    return [f"*{kit.esc(title)}* {_some([kit.esc(one) for one in names])}" for title, names in told]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - RELATED_MOST} more" if len(names) > RELATED_MOST else ""
    return f"{', '.join(names[:RELATED_MOST])}{more}"


def row(item: ConfigurationItem, policy: Policy) -> Block:
    """An item in two lines of a list."""
    key = f" · {kit.esc(shorten(item.key, 80))}" if item.key and item.key != item.name else ""
    text = f"{MARK[CiState(item.state)]} *{item.ref}* {kit.esc(item.name)}\n{type_of(item, policy)} · {item.state}{key}"
    return kit.section(text) | {"accessory": actions.more_button(RecordVersion.of(item))}


def withheld(item: ConfigurationItem) -> Message:
    """Instead of its card in a channel where everybody may be."""
    text = f":lock: {item.ref} is private."
    return Message(text, [kit.context(text)])


def listing(found: Sequence[ConfigurationItem], total: int, typed: str, policy: Policy, private: int = 0) -> Message:
    """`private`: how many are not shown, since they are not for who asks."""
    besides = [kit.context(f":lock: {private_items(private)} beside these are not for you to see.")] if private else []
    if not found:
        nothing = "No item matches that." if typed else "No item is on record. `deskbell ci import` brings them in."
        return Message(nothing, [kit.section(nothing), *besides])
    head = f"Configuration items ({total})"
    left = total - len(found)
    more = (
        [kit.context(f"There are {left} more. Say more of what you look for: `/ci list server mine`.")] if left else []
    )
    return Message(head, [kit.header(head), *(row(one, policy) for one in found), *more, *besides])


def type_of(item: ConfigurationItem, policy: Policy) -> str:
    """As the policy calls its type; by its key, where the policy has it no more."""
    return kit.esc(type_title(item.type, policy))


def type_title(key: str, policy: Policy) -> str:
    kind = schema_of(policy).types.get(key)
    return kind.title if kind else key


def _spoken(item: ConfigurationItem, policy: Policy) -> str:
    return f"{item.ref} {kit.esc(item.name)} · {type_of(item, policy)} · {item.state}"
