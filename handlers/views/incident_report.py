"""The form to log an incident, from wherever it is opened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.rules.policy import Policy
from bot.rules.policy_calendars import ALWAYS
from bot.rules.policy_targets import Goal
from bot.rules.priority import Impact, Urgency
from bot.rules.sla import PROMISED
from bot.rules.words import SUMMARY_MOST, WORDS_MOST, shorten
from handlers.ids import Action, Field, Form
from handlers.views import kit
from handlers.views.incidents import line, seen_of, service_options, spell
from handlers.views.kit import Block, View
from storage.tables import Incident

MENU_MOST = 100
"""Options of a menu that Slack searches by itself; of more, options are asked for."""


@dataclass(frozen=True)
class Draft:
    """What the form holds so far. Its field names are the form's."""

    summary: str = ""
    description: str = ""
    service: str = ""
    impact: str = Impact.MEDIUM
    urgency: str = Urgency.MEDIUM
    behalf: str = ""
    private: bool = False
    channel: str = ""
    """The thread that it is logged from, by Slack's ids; empty for none."""
    thread_ts: str = ""
    answered: bool = False
    """Whether the number can be said in that thread."""

    @property
    def origin(self) -> str:
        """What the form carries unseen."""
        return json.dumps(
            {"channel": self.channel, "thread_ts": self.thread_ts, "answered": self.answered} if self.channel else {}
        )


def drafted(policy: Policy, typed: str, **more: object) -> Draft:
    """A draft from a person's words: the first line's worth is the summary, a service named in it is chosen."""
    line = " ".join(typed.split())
    summary = shorten(line, SUMMARY_MOST)
    rest = typed if summary != line else ""
    draft = Draft(summary=summary, description=rest, service=policy.service_named_in(typed) or "")
    return replace(draft, **more)  # type: ignore[arg-type]


def report_form(policy: Policy, draft: Draft, similar: Sequence[Incident] = ()) -> View:
    """With what reads alike among what is open already."""
    impact, urgency = Impact(draft.impact or Impact.MEDIUM), Urgency(draft.urgency or Urgency.MEDIUM)
    blocks = [
        _summary(draft),
        *_offered(similar, policy),
        kit.ask(
            Field.DESCRIPTION,
            "Description",
            kit.text_input(draft.description, most=WORDS_MOST, lines=True),
            hint="What you saw, since when, what you tried",
            optional=True,
        ),
        kit.ask(Field.SERVICE, "Service", service_menu(policy, draft.service), live=True),
        kit.ask(Field.IMPACT, "Impact", kit.select(labelled(Impact), impact), hint="How many it touches", live=True),
        kit.ask(Field.URGENCY, "Urgency", kit.select(labelled(Urgency), urgency), hint="How soon it hurts", live=True),
        priority_now(policy, impact, urgency, draft.service),
        kit.ask(Field.BEHALF, "On behalf of", kit.people_input(draft.behalf or None), optional=True),
        _private(policy, draft),
    ]
    return kit.form(Form.INCIDENT_REPORT, "Report an incident", "Report", blocks, draft.origin)


def priority_now(policy: Policy, impact: Impact, urgency: Urgency, service: str) -> Block:
    """What the answers so far come to, by the targets of the service."""
    priority = policy.priority(impact, urgency)
    response, resolution = (policy.goal(service, priority, kind) for kind in PROMISED)
    promised = f"answered within {_within(response)}, resolved within {_within(resolution)}"
    return kit.context(f"*{priority.label}*: {promised}")


def _within(goal: Goal) -> str:
    hours = "" if goal.calendar == ALWAYS else f" of the hours “{kit.esc(goal.calendar)}”"
    return f"{spell(goal.length)}{hours}"


def joined(incident: Incident) -> View:
    """Instead of the form, when “Me too” was pressed in it."""
    text = f"You are on *INC-{incident.number}* {kit.esc(incident.summary)} and will be told how it goes. "
    return kit.note_view("You will be told", text + "Nothing more to do: this form was not sent.")


def service_menu(policy: Policy, chosen: str = "") -> Block:
    """A menu of the services; where there are more than Slack's 100, one that asks while somebody types."""
    options = service_options(policy)
    if len(options) <= MENU_MOST:
        return kit.select(options, chosen)
    return kit.type_ahead(next((one for one in options if one["value"] == chosen), None))


@cache
def labelled(scale: type[Impact] | type[Urgency]) -> Sequence[Block]:
    return tuple(kit.option(one.label, one) for one in scale)


def offered_in(view: Mapping[str, object]) -> list[str]:
    """The references offered in an open form, as it was last drawn."""
    blocks = view.get("blocks")
    buttons = [block.get("accessory", {}) for block in blocks] if isinstance(blocks, list) else []
    return [button["value"].partition("@")[0] for button in buttons if button.get("action_id") == Action.ME_TOO]


def draft_of(values: Mapping[str, str], private: bool, origin: str) -> Draft:
    """The open form's answers as a draft."""
    try:
        carried = json.loads(origin or "{}")
    except ValueError:
        carried = {}
    known = {key: carried[key] for key in ("channel", "thread_ts", "answered") if key in carried}
    return replace(Draft(private=private), **values, **known)  # type: ignore[arg-type]


def _summary(draft: Draft) -> Block:
    """Answered at each pause of the typing, so that what is open already can be offered."""
    element = kit.text_input(draft.summary, most=SUMMARY_MOST)
    element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return kit.ask(Field.SUMMARY, "Summary", element, hint="What is wrong, in a line", live=True)


def _offered(similar: Sequence[Incident], policy: Policy) -> list[Block]:
    if not similar:
        return []
    lead = kit.context("Is it one of these? Then you need not report it: *Me too* counts you in and keeps you told.")
    offers = [
        kit.section(line(one, policy)) | {"accessory": kit.button(Action.ME_TOO, "Me too", seen_of(one))}
        for one in similar
    ]
    return [lead, *offers]


def _private(policy: Policy, draft: Draft) -> Block:
    group = policy.group(policy.incidents.private.group).title
    box = kit.tick_box("Private: about security or people", ticked=draft.private)
    return kit.ask(Field.PRIVATE, "Privacy", box, hint=f"Seen by you, {group} and those they add alone", optional=True)
