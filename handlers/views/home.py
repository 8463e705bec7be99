"""App Home: what waits for me, what I opened."""

from collections.abc import Sequence

from bot.desk.home import MOST, Home
from bot.rules.refs import Seen
from handlers.ids import Action
from handlers.views import changes, incidents, kit
from handlers.views.kit import Block, HomeView
from storage.tables import Change, Incident


def home(seen: Home) -> HomeView:
    """The Home tab. MOST records a list keep it far under Slack's 100 blocks."""
    blocks = [
        kit.actions(
            kit.button(Action.REPORT_INCIDENT, "Report an incident", style="primary"),
            kit.button(Action.RAISE_CHANGE, "Ask for a change"),
        ),
        kit.header("Waiting for you"),
        *_waiting(seen),
        kit.divider(),
        kit.header("Opened by you"),
        *_opened(seen),
    ]
    return HomeView({"type": "home", "blocks": blocks})


def _waiting(seen: Home) -> list[Block]:
    blocks: list[Block] = []
    for change in seen.to_approve[:MOST]:
        button = kit.button(Action.APPROVE, "Approve", Seen(changes.ref_of(change), change.revision), "primary")
        blocks += [kit.section(changes.line(change, seen.policy)) | {"accessory": button}]
    blocks += _more(seen.to_approve, "`/change list` shows all")
    for incident in seen.queue[:MOST]:
        blocks.append(kit.section(incidents.line(incident, seen.policy)))
    blocks += _more(seen.queue, "`/incident list` shows all")
    return blocks or [kit.section(":sparkles: Nothing waits for you.")]


def _opened(seen: Home) -> list[Block]:
    blocks = [kit.section(incidents.line(one, seen.policy)) for one in seen.my_incidents[:MOST]]
    blocks += _more(seen.my_incidents, "older ones: `/incident INC-n`")
    blocks += [kit.section(changes.line(one, seen.policy)) for one in seen.my_changes[:MOST]]
    blocks += _more(seen.my_changes, "older ones: `/change CHG-n`")
    return blocks or [kit.section("Nothing yet. Report an incident or ask for a change above.")]


def _more(listed: Sequence[Incident] | Sequence[Change], where: str) -> list[Block]:
    return [kit.context(f"There are more; {where}.")] if len(listed) > MOST else []
