"""What fails where an item fails, in words."""

from collections.abc import Collection, Iterable

from bot.rules.configuration_item.diagram import private_items
from bot.rules.configuration_item.policy import SERVICE
from bot.rules.policy.policy import Policy
from bot.usecases.configuration_item.impacts import Answer
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.ids import Action
from storage.tables import ConfigurationItem

NAMED_MOST, PATHS_MOST = 15, 5


def message(answer: Answer, items: Iterable[ConfigurationItem], policy: Policy) -> Message:
    """`items`: those that fail."""
    named = ", ".join(f"{one.ref} {kit.esc(one.name)}" for one in items)
    head = f"What fails where {named} fails"
    drawn = [kit.actions(kit.button(Action.CI_DRAW, "Draw it", one.ref)) for one in list(items)[:1]]
    return Message(head, [kit.section(f"*{head}*"), *blocks(answer, policy), *drawn])


def drawing(item: ConfigurationItem) -> Message:
    text = f"The picture of what fails with {item.ref} {kit.esc(item.name)} comes as a direct message."
    return Message(text, [kit.section(text)])


def picture(item: ConfigurationItem, file: str, words: str) -> Message:
    """`words` say the same to who cannot see it."""
    title = f"What fails where {item.ref} fails"
    image: Block = {"type": "image", "title": kit.plain(title), "alt_text": words, "slack_file": {"id": file}}
    return Message(f"{title}: {kit.esc(item.name)}", [image])


def blocks(answer: Answer, policy: Policy) -> list[Block]:
    told = answer.impact
    first = {one for one, step in told.rounds.items() if step == 0}
    found = [
        _part(answer, ":red_circle: *Down*", told.down - first),
        _part(answer, ":large_yellow_circle: *Degraded*, redundancy carries them", told.degraded),
        _part(answer, ":large_green_circle: *Safe* thanks to redundancy", told.safe),
    ]
    said = [kit.section(text) for text in found if text]
    if not said:
        return [kit.section("Nothing stands on it.")]
    owners = dict.fromkeys(answer.items[one].owner_group for one in answer.ordered(told.down | told.degraded))
    groups = [policy.groups[one].title for one in owners if one in policy.groups]
    said += [kit.context(f"To be told: {', '.join(map(kit.esc, groups))}")] if groups else []
    return said


def _part(answer: Answer, head: str, numbers: Iterable[int]) -> str:
    """Services first, then what is nearest; with the way to a few of them."""
    shown, private = answer.shown(list(numbers))
    ordered = sorted(shown, key=lambda one: answer.items[one].type != SERVICE)
    if not ordered and not private:
        return ""
    names = []
    for number in ordered[:NAMED_MOST]:
        item, path = answer.items[number], answer.impact.why[number]
        way = " → ".join(kit.esc(answer.items[one].name) for one in path[1:-1])
        service = "service " if item.type == SERVICE else ""
        names.append(f"• {service}*{kit.esc(item.name)}*{f' through {way}' if way else ''}")
    more = [f"and {len(ordered) - NAMED_MOST} more"] if len(ordered) > NAMED_MOST else []
    more += [f":lock: {private_items(private)}"] if private else []
    return "\n".join([f"{head} ({len(ordered) + private})", *names, *more])


def line(answer: Answer) -> Block:
    """What a record's items take down with them, in a line of its card."""
    told = answer.impact
    first = {one for one, step in told.rounds.items() if step == 0}
    shown, private = answer.shown(first)
    names = [f"{answer.items[one].ref} {kit.esc(answer.items[one].name)}" for one in shown[:PATHS_MOST]]
    named = ", ".join([*names, *([private_items(private)] if private else [])])
    named += f" and {len(shown) - PATHS_MOST} more" if len(shown) > PATHS_MOST else ""
    parts = [
        _counted("fails with it", "fail with it", answer, told.down - first),
        _counted("goes on with less", "go on with less", answer, told.degraded),
        _counted("is safe thanks to redundancy", "are safe thanks to redundancy", answer, told.safe),
    ]
    return kit.context(f":gear: {named}: {'; '.join(filter(None, parts)) or 'nothing stands on it'}")


def _counted(one: str, many: str, answer: Answer, numbers: Collection[int]) -> str:
    """“2 services (VPN, Email) and 3 items fail with it”."""
    if not numbers:
        return ""
    services = [kit.esc(item.name) for item in answer.services(numbers)]
    others = len(numbers) - len(services)
    named = f"{', '.join(services[:PATHS_MOST])}{'…' if len(services) > PATHS_MOST else ''}"
    told = [f"{len(services)} {'service' if len(services) == 1 else 'services'} ({named})"] if services else []
    told += [f"{others} {'item' if others == 1 else 'items'}"] if others else []
    return f"{' and '.join(told)} {one if len(numbers) == 1 else many}"
