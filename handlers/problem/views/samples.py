"""Problems and known errors, as the gallery shows them."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy.policy import Policy
from bot.rules.problem.causes import CauseStatus, CausesView
from bot.rules.problem.flow import Audience, KnownErrorState, ProblemState, Source
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.usecases.problem.waiting import Why
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.incident.views import known_errors as offers
from handlers.incident.views import report_form
from handlers.problem import listeners
from handlers.problem.actions import ACTIONS, KNOWN_ERRORS
from handlers.problem.views import card as views
from handlers.problem.views import known_errors as known_error_views
from handlers.problem.views.card import Beside
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from storage.record_links import LinkKind
from storage.tables import KnownError, Problem, ProblemCause, ProblemTrend, RecordLink


def sample(state: ProblemState, words: Mapping[str, str]) -> Problem:
    comment = words.get("comment", "No drop for 30 nights")
    return Problem(
        number=2, state=state, title=words.get("title", "The VPN drops each night"),
        summary=words.get("description", "Since the release of March, at three, for a minute"), source=Source.INCIDENT,
        source_ref="INC-1", service="vpn", impact=Impact.HIGH, urgency=Urgency.MEDIUM, priority=Priority.P2,
        private=state is ProblemState.ACCEPTED, owner_group="service-desk", assignee=AGENT, raised_by=APPROVER,
        raised_at=AT, moved_at=AT, moved_by=AGENT, watched_until=AT + timedelta(days=30), no_cause=comment,
        judged_by=comment, look_again_on="2026-09-01", duplicate_of=1 if state is ProblemState.DUPLICATE else None,
    )  # fmt: skip


def causes(words: Mapping[str, str]) -> list[ProblemCause]:
    statement = words.get("title", "The gateway runs out of memory")
    found = [
        (1, None, "Technology", statement, CauseStatus.CONFIRMED, "The graph of memory"),
        (2, 1, "Technology", "Its log is never rotated", CauseStatus.CONFIRMED, words.get("comment", "3 GB on disk")),
        (3, 1, "Technology", "Too many sessions", CauseStatus.RULED_OUT, "200 of 500"),
        (4, None, "Process", "Nobody watches the gateway at night", CauseStatus.SUPPOSED, ""),
    ]
    return [
        ProblemCause(problem=2, number=number, under=under, category=category, statement=text, status=status,
                     evidence=evidence, by=AGENT, at=AT)
        for number, under, category, text, status, evidence in found
    ]  # fmt: skip


def known_error(words: Mapping[str, str], state: KnownErrorState = KnownErrorState.PUBLISHED) -> KnownError:
    return KnownError(
        number=4, state=state, problem=2, symptom=words.get("title", "The VPN drops at night and stays away"),
        workaround=words.get("resolution", "1. Quit the client.\n2. Wait a minute.\n3. Start it again."),
        words=words.get("summary", "tunnel, disconnected"), audience=Audience.EVERYONE, services="vpn",
        review_on="2026-06-01", owner=AGENT, made_at=AT, moved_at=AT, moved_by=AGENT, offered=12, helped=9, used=2,
        superseded_by=7 if state is KnownErrorState.SUPERSEDED else None, private=False,
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: sample(state, words) for state in ProblemState}
    first, found, error = known[ProblemState.INVESTIGATING], causes(words), known_error(words)
    links = [
        RecordLink(subject="PRB-2", other=f"INC-{number}", kind=LinkKind.CAUSED, by=AGENT, at=AT)
        for number in range(1, 40)
    ]
    links.append(RecordLink(subject="PRB-2", other="CHG-3", kind=LinkKind.FIXED_BY, by=AGENT, at=AT))
    trend = ProblemTrend(
        problem=2, rule="alike", cluster=words.get("title", "vpn: drop, night"), count=6, expected=1.2, days=7,
        records="INC-1 INC-2", found_at=AT,
    )  # fmt: skip
    beside = Beside(links, [error] * 6, found, trend)
    fact = Fact(FactKind.PROBLEM_REOPENED, "PRB-2", SYSTEM, AT, 1, {"because": "INC-9"}, {"comment": "It came back"})
    shown: dict[str, Any] = {verb: Shown(first, policy, AGENT, AT, found) for verb in ACTIONS}
    shown["accept"] = Shown(first, policy, AGENT, AT, UTC)
    of_error = {verb: Shown(error, policy, AGENT, AT) for verb in KNOWN_ERRORS}
    draft = report_form.drafted(policy, words.get("summary", "The VPN drops at night"))
    return {
        **{f"problem, {state}": said(views.card(one, policy, beside)) for state, one in known.items()},
        "problem list": said(views.listing(Query(Noun.PROBLEM), list(known.values()), 40, 15, policy).message()),
        "problem list, empty": said(views.listing(Query(Noun.PROBLEM, "P1"), [], 0, 15, policy).message()),
        "problem causes": said(views.causes_message(first, found, policy)),
        "problem causes, none": said(views.causes_message(first, [], policy)),
        **{f"problem picture, {view}": said(views.picture(first, view, "F0SAMPLE", "A tree")) for view in CausesView},
        "problem news": said(views.news(first, fact)),
        **{f"problem due, {what}": said(views.due(first, what)) for what in ("watch", "risk")},
        "problem form, new": listeners.form(Shown(words.get("title", ""), policy, AGENT, AT)),
        **listeners.KIND.previews(shown, first),
        **listeners.KNOWN_ERROR.previews(of_error, error),
        **{
            f"known error, {state}": said(known_error_views.card(known_error(words, state), overdue=True))
            for state in KnownErrorState
        },
        "known errors": said(known_error_views.listing(Query(Noun.KNOWN_ERROR), [error] * 15, 40, 15).message()),
        "known errors, none": said(known_error_views.listing(Query(Noun.KNOWN_ERROR), [], 0, 15).message()),
        "known error told": said(known_error_views.told(error, "INC-1")),
        "known error asked": said(known_error_views.asked(error)),
        "known error due": said(known_error_views.due(error, error.review_on)),
        "problem fixed": said(known_error_views.fixed(first, "INC-1")),
        "incident form, known": report_form.report_form(policy, draft, (), [error] * 3),
        "incident form, linked": report_form.report_form(policy, draft, (), [error]),
        "known error helped": offers.thanks(error),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(ProblemState.INVESTIGATING, words), why) for why in Why]
