"""The form to log an incident, from wherever it is opened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import cache

from bot.rules.form.additional_fields import FieldsOf
from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import Evaluated, begun, deciding
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import Policy
from bot.rules.problem.likeness import Offered
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import SUMMARY_MOST, WORDS_MOST, headed, spell
from bot.rules.request.policy import Item
from bot.rules.sla.clocks import PROMISED
from bot.rules.sla.targets import Goal
from bot.rules.time.policy import ALWAYS
from bot.usecases.records import fields
from handlers.blocks import kit, questions
from handlers.blocks.kit import Block, View
from handlers.blocks.services import reported_menu
from handlers.configuration_item.views.items_question import items_asked
from handlers.ids import Action, Field, Form
from handlers.incident.actions import ACTIONS
from handlers.incident.views import known_errors
from handlers.incident.views.card import line
from storage.tables import Incident, KnownError


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
    typed_in: str = ""
    """The Slack id of the channel of the command that opened the form; empty where there was none."""
    fields: Mapping[str, Answer | None] = dataclass_field(default_factory=dict)
    """Answers to additional fields, by their keys; those that nobody has seen yet begin with their default."""
    known_error: int = 0
    """The number of the known error that it is logged in spite of; 0 for none."""
    items: tuple[Block, ...] = ()
    """The configuration items that were chosen, as options of the menu."""

    @property
    def origin(self) -> str:
        """What the form carries unseen."""
        thread = {"channel": self.channel, "thread_ts": self.thread_ts, "answered": self.answered}
        answered = {"typed_in": self.typed_in} if self.typed_in else {}
        known = {"known_error": self.known_error} if self.known_error else {}
        return json.dumps((thread if self.channel else {}) | answered | known)


def drafted(policy: Policy, typed: str, **more: object) -> Draft:
    """A draft from a person's words: the first line's worth is the summary, a service named in it is chosen."""
    summary, rest = headed(typed)
    draft = Draft(summary=summary, description=rest, service=policy.service_named_in(typed) or "")
    return replace(draft, **more)  # type: ignore[arg-type]


def report_form(
    policy: Policy,
    draft: Draft,
    similar: Sequence[Incident] = (),
    known: Sequence[Offered | KnownError] = (),
    items: Sequence[Item] = (),
) -> View:
    """With what reads alike among what is open already, what is known to help, and what of the catalogue it may be."""
    impact, urgency = Impact(draft.impact or Impact.MEDIUM), Urgency(draft.urgency or Urgency.MEDIUM)
    blocks = [
        _summary(draft),
        *known_errors.offered(known, draft.known_error),
        *_offered(similar, policy),
        *_requests(items, draft.summary),
        kit.ask(
            Field.DESCRIPTION,
            "Description",
            kit.text_input(draft.description, most=WORDS_MOST, lines=True),
            hint="What you saw, since when, what you tried",
            optional=True,
        ),
        kit.ask(Field.SERVICE, "Service", reported_menu(policy, draft.service), live=True),
        kit.ask(Field.IMPACT, "Impact", kit.select(labelled(Impact), impact), hint="Who is held up by it", live=True),
        kit.ask(Field.URGENCY, "Urgency", kit.select(labelled(Urgency), urgency), hint="How soon it hurts", live=True),
        priority_now(policy, impact, urgency, draft.service),
        *_additional(policy, draft),
        kit.ask(Field.BEHALF, "On behalf of", kit.people_input(draft.behalf or None), optional=True),
        _private(policy, draft),
        items_asked(draft.items),
    ]
    return kit.form(Form.INCIDENT_REPORT, "Report an incident", "Report", blocks, draft.origin)


def additional(policy: Policy, draft: Draft) -> Evaluated:
    """What the form asks beside what it always asks, given the answers so far."""
    asked = fields.questions_of(policy, FieldsOf.INCIDENT)
    return fields.filled_in(policy, FieldsOf.INCIDENT, begun(asked, draft.fields))


def _additional(policy: Policy, draft: Draft) -> list[Block]:
    asked = fields.questions_of(policy, FieldsOf.INCIDENT)
    begins, decides = begun(asked, draft.fields), deciding(asked)
    shown = additional(policy, draft).shown
    return [questions.drawn(one, begins.get(one.id), policy, live=one.id in decides) for one in shown]


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


@cache
def labelled(scale: type[Impact] | type[Urgency]) -> Sequence[Block]:
    return tuple(kit.option(one.asked if isinstance(one, Impact) else one.label, one) for one in scale)


def offered_in(view: Mapping[str, object]) -> list[str]:
    """The references offered in an open form, as it was last drawn."""
    blocks = view.get("blocks")
    buttons = [block.get("accessory", {}) for block in blocks] if isinstance(blocks, list) else []
    incidents = [
        button["value"].partition("@")[0] for button in buttons if button.get("action_id") == ACTIONS["metoo"].id
    ]
    items = [button["value"].partition(" ")[0] for button in buttons if button.get("action_id") == Action.ASK_FOR]
    return [*known_errors.offered_in(view), *incidents, *items]


def draft_of(values: Mapping[str, str], private: bool, origin: str) -> Draft:
    """The open form's answers as a draft."""
    try:
        carried = json.loads(origin or "{}")
    except ValueError:
        carried = {}
    unseen = ("channel", "thread_ts", "answered", "typed_in", "known_error")
    known = {key: carried[key] for key in unseen if key in carried}
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
        kit.section(line(one, policy)) | {"accessory": kit.button(ACTIONS["metoo"].id, "Me too", RecordVersion.of(one))}
        for one in similar
    ]
    return [lead, *offers]


def _requests(items: Sequence[Item], summary: str) -> list[Block]:
    """Nothing is broken where somebody wants something: that is asked for, and what was typed comes along."""
    if not items:
        return []
    lead = kit.context("Is nothing broken, and do you want one of these? Then ask for it instead.")
    buttons = [kit.button(Action.ASK_FOR, "Ask for it instead", f"{one.key} {summary}") for one in items]
    named = zip(items, buttons, strict=True)
    return [lead, *(kit.section(f"*{kit.esc(one.title)}*") | {"accessory": button} for one, button in named)]


def _private(policy: Policy, draft: Draft) -> Block:
    group = policy.group(policy.incidents.private.group).title
    box = kit.tick_box("Private: about security or people", ticked=draft.private)
    return kit.ask(Field.PRIVATE, "Privacy", box, hint=f"Seen by you, {group} and those they add alone", optional=True)
