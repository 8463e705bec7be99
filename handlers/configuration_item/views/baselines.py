"""Baselines, and what differs from one."""

from collections import Counter
from collections.abc import Sequence

from bot.rules.configuration_item.diagram import private_items
from bot.rules.configuration_item.differences import Difference
from bot.rules.record.text import from_to, shorten
from bot.usecases.configuration_item.baselines import Baseline, Differences
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Message

SHOWN_MOST, FIELDS_MOST = 30, 4


def kept(one: Baseline) -> Message:
    text = f":white_check_mark: The baseline *{kit.esc(one.name)}* is kept: {one.count} items."
    return Message(text, [kit.section(text), kit.context(f"`/ci diff {kit.esc(one.name)}` says what differs from it.")])


def listing(found: Sequence[Baseline]) -> Message:
    if not found:
        nothing = "No baseline is kept yet. `/ci baseline name` keeps one."
        return Message(nothing, [kit.section(nothing)])
    rows = [f"*{kit.esc(one.name)}* · {kit.when(one.at)} · {one.count} items · `{one.digest[:12]}`" for one in found]
    return Message("Baselines", [kit.header("Baselines"), kit.section("\n".join(rows))])


def differences(found: Differences) -> Message:
    name, told = kit.esc(found.baseline.name), found.found
    head = f"Since the baseline {name}"
    if not told and not any(found.hidden.values()):
        return Message(head, [kit.section(f"Nothing differs from the baseline *{name}*.")])
    blocks = [kit.section(f"*{head}*, kept {kit.when(found.baseline.at)}")]
    for word, refs in found.groups().items():
        private = found.hidden.get(word, 0)
        if refs or private:
            types = Counter(found.items[ref].type for ref in refs if ref in found.items)
            counted = ", ".join(f"{count} {type_}" for type_, count in sorted(types.items()))
            lines = [_line(ref, told[ref], found, full=word == "changed") for ref in refs[:SHOWN_MOST]]
            more = [f"and {len(refs) - SHOWN_MOST} more"] if len(refs) > SHOWN_MOST else []
            more += [f":lock: {private_items(private)}"] if private else []
            of_types = f" ({counted})" if counted else ""
            text = "\n".join([f"*{len(refs) + private} {word}*{of_types}", *lines, *more])
            blocks += [kit.section(piece) for piece in fitting.sections(text)]
    if found.is_cut:
        blocks.append(kit.context("So much was changed since that the newest changes are not in it."))
    return Message(head, blocks)


def _line(ref: str, one: Difference, found: Differences, *, full: bool) -> str:
    item = found.items.get(ref)
    name = kit.esc(shorten(item.name, 60)) if item else ""
    if not full:
        return f"• {ref} {name}"
    pairs = [
        kit.esc(f"{field} {from_to(shorten(before, 40), shorten(after, 40))}")
        for field, (before, after) in list(one.fields.items())[:FIELDS_MOST]
    ]
    return f"• {ref} {name}: {'; '.join(pairs)}"
