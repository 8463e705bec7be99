"""Surveys, as the gallery shows them."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.rules.action.flow import ActionState
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import RecordVersion
from bot.rules.record.waiting import Waits
from bot.rules.report.periods import Every
from bot.rules.survey.answers import Result
from bot.rules.survey.flow import SurveyState
from bot.usecases.survey.kind import Why
from bot.usecases.survey.surveys import Said, Standing
from handlers.action.views.samples import sample as action_sample
from handlers.blocks.kit import View
from handlers.blocks.samples import AGENT, AT, REQUESTER, Drawn, said
from handlers.records.standard_actions import reading
from handlers.records.typed_values import Shown
from handlers.survey import listeners
from handlers.survey.actions import ACTIONS
from handlers.survey.views import survey as views
from handlers.survey.views.survey import Sheet
from storage.tables import Survey, SurveyAnswer

DAYS = timedelta(days=14)


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(SurveyState.OPEN, words), Why.ANSWER)]


def sample(
    state: SurveyState, words: Mapping[str, str], asked: int = 40, *, missed: bool = False, few: bool = True
) -> Survey:
    questions = [words.get("title", f"How good is the service desk, in its part {one}?")[:150] for one in range(10)]
    return Survey(
        number=2, state=state, survey="quarterly", every=Every.QUARTER, first_day="2026-01-01",
        title=words.get("title", "How is the service desk?")[:100], zone="UTC", starts_at=AT - 6 * DAYS, ends_at=AT,
        service="vpn", room="service-desk", questions=json.dumps(questions), comment="What should be better?",
        least=5, asked=asked, due_at=AT, sent_at=AT, closes_at=AT if missed else AT + DAYS,
        closed_at=AT + DAYS if state is SurveyState.CLOSED else None, results=None if few else "[]",
        moved_at=AT, moved_by=AGENT,
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    runs, over = sample(SurveyState.OPEN, words), sample(SurveyState.CLOSED, words, few=False)
    results = [Result(one, (0, 1, 2, 5, 4)) for one in json.loads(over.questions)]
    none = SurveyAnswer(survey=2, person=REQUESTER)
    low, high = (
        SurveyAnswer(survey=2, person=REQUESTER, marks=f"[{one}, 4]", answered_at=AT + timedelta(hours=1))
        for one in (1, 5)
    )
    comment = words.get("comment", "It took two days until somebody called back")
    shown, action = {verb: Shown(runs, policy, AGENT, AT) for verb in ACTIONS}, action_sample(ActionState.OPEN, words)

    def read(found: Sequence[Said]) -> View:
        return reading.view(RecordVersion.of(over), views.written(found))

    cards = {
        "open": Standing(runs, 12, ()),
        "over": Standing(over, 12, results),
        "over, too few": Standing(sample(SurveyState.CLOSED, words), 3, ()),
        "asked nobody": Standing(sample(SurveyState.OPEN, words, 0), 0, ()),
        "missed": Standing(sample(SurveyState.CLOSED, words, 0, missed=True), 0, ()),
    }
    return {
        **{f"survey, {name}": said(views.card(Sheet(one, policy, [action] * 3))) for name, one in cards.items()},
        "survey asks": said(views.asked(runs, none, 0)),
        "survey asks no more": said(views.asked(over, none, 12)),
        "survey, answered": said(views.asked(runs, high, 1)),
        "survey, answered badly": said(views.asked(over, low, 12)),
        "survey, form": views.form(runs, policy),
        "survey, comments": read([Said(comment)] * 120),
        "survey, comments with names": read([Said(comment, REQUESTER, (5, 4)), Said("", AGENT, (1, 2))]),
        "survey, no comments": read([]),
        "survey list": said(views.listing([(runs, 12), (over, 30)] * 16)),
        "survey list, none": said(views.listing([])),
        "survey list, none of yours": said(views.listing([], leaders=words.get("title", "Change managers"))),
        "survey list, none of these": said(views.listing([], "words")),
        **listeners.KIND.previews(shown, runs),
    }
