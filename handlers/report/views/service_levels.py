"""The service level review: what was promised and kept, each shortfall, and what is done about it."""

from bot.rules.incident.priority import Priority
from bot.rules.record.refs import of_subject
from bot.rules.record.text import spell
from bot.rules.report import wording
from bot.rules.report.issue import days_of
from bot.rules.report.measures.measures import MEASURES
from bot.rules.sla.clocks import ClockKind
from bot.usecases.report.service_levels import PROMISES, Review, Shortfall
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Block, Message
from storage.tables import ActionItem

SHOWN, ACTIONS_SHOWN = 20, 3


def review(found: Review) -> Message:
    name = kit.esc(found.policy.service_name(found.service)) if found.service else "all services"
    first, last = days_of(found.period, found.zone)
    head = f"Service level review of {name}"
    blocks = [
        kit.header(head),
        kit.context(f"{first} to {last} by the clocks of {kit.esc(str(found.zone))}"),
        kit.section("\n".join(["*Promised and kept*", *_kept(found)])),
        kit.section(f"*Availability* {wording.headline(MEASURES['availability'], found.availability)}"),
        *_shortfalls(found),
    ]
    return Message(head, blocks)


def _kept(found: Review) -> list[str]:
    lines = []
    for priority in Priority:
        said = []
        for name, promise in PROMISES.items():
            shown = found.kept[name].get(priority)
            goal = ""
            if found.service in found.policy.services:
                promised = found.policy.goal(str(found.service), priority, ClockKind(promise))
                goal = f" within {spell(promised.length)}"
            if shown is not None and shown.n:
                share = wording.headline(MEASURES[name], shown)
                said.append(f"{promise}{goal} *{share}* ({len(shown.numerator)} of {shown.n})")
            elif goal:
                said.append(f"{promise}{goal} –")
        lines += [f"• {priority}: {', '.join(said)}"] if said else []
    return lines or ["Nothing fell due."]


def _shortfalls(found: Review) -> list[Block]:
    if not found.shortfalls:
        return [kit.section(":white_check_mark: Every promise was kept.")]
    count = len(found.shortfalls)
    head = f"*{count} {'shortfall' if count == 1 else 'shortfalls'}*"
    without = len(found.untraced)
    if without:
        head += f", :warning: {without} without an action: `/incident action INC-n what` promises one"
    lines = [_line(one) for one in found.shortfalls[:SHOWN]]
    more = [f"… and {count - SHOWN} more"] if count > SHOWN else []
    return [kit.section(piece) for piece in fitting.sections("\n".join([head, *lines, *more]))]


def _line(one: Shortfall) -> str:
    said = f"• {of_subject(one.ref)}: {' and '.join(one.promises)} broken"
    if one.excused:
        said += ", excused"
    if not one.actions:
        return said if one.excused else f"{said}: nothing is promised yet"
    more = f" and {len(one.actions) - ACTIONS_SHOWN} more" if len(one.actions) > ACTIONS_SHOWN else ""
    return f"{said}: {'; '.join(map(_action, one.actions[:ACTIONS_SHOWN]))}{more}"


def _action(one: ActionItem) -> str:
    return f"{one.ref} {kit.excerpt(one.title, 80)} ({one.state}, due {one.due_on})"
