"""All that can be done to a report that was issued. The order is that of help and menu."""

from dataclasses import replace

from bot.rules.record.refs import Noun, Ref
from bot.rules.report.flow import ReportStep
from bot.usecases.report import issuing
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.fields import Words
from handlers.records.standard_actions.standard import STANDARD
from handlers.request.context import RequestContext


async def _known_now(turn: RequestContext, ref: Ref) -> issuing.Found:
    """Beside the loop, and in a process of its own where the desk is large."""
    async with turn.read(long=True) as tx:
        if not await issuing.is_long(tx, ref, turn.person):
            return await issuing.known_now(tx, ref, turn.person, turn.now)
    found: issuing.Found = await turn.aside(issuing.known_now, ref, turn.person, turn.now)
    return found


ACTIONS = of(
    Noun.REPORT, "report",
    *(one for one in STANDARD if one.verb == "action"),
    Action("correct", issuing.correct, "show it as known now", "has another version now.",
           (Words(Field.COMMENT, "Reason", "Why it is corrected; it stands in the thread", "reason"),),
           "Correct…", ReportStep.CORRECT, "Correct", "Correct it", ahead=_known_now),
    *(replace(one, typed=False) for one in STANDARD if one.verb in ("note", "link")),
)  # fmt: skip
