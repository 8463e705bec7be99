"""Every message and form under a policy with 101 of everything, with the longest texts, which escape to five times."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from functools import cache
from typing import Any

import pytest

import handlers
from bot.rules.action.flow import ActionState
from bot.rules.audit.flow import AuditState, FindingState
from bot.rules.calendar.calendar import CalendarQuery, Span
from bot.rules.change.flow import ChangeState
from bot.rules.change_window.conflicts import Collision, CollisionKind
from bot.rules.complaint.flow import ComplaintState
from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.service_state import Bearing
from bot.rules.document.flow import DocumentState
from bot.rules.incident.flow import IncidentState
from bot.rules.management_review.flow import MeetingState
from bot.rules.on_call.load import Load
from bot.rules.policy.policy import Policy, parse
from bot.rules.policy_proposal.flow import ProposalState
from bot.rules.problem.flow import ProblemState
from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.register.flow import EntryState
from bot.rules.request.flow import RequestState
from bot.rules.review.flow import ReviewState
from bot.rules.survey.flow import SurveyState
from bot.sandbox.blocks import check_message, check_view
from bot.usecases.action.lists import Digest
from bot.usecases.alert.lists import Listed as Alerts
from bot.usecases.alert.lists import Told
from bot.usecases.configuration_item.lists import Sheet
from bot.usecases.home import Home, HomeSection, Listed
from bot.usecases.on_call.lists import Laid, Loads, Mine, Weeks
from bot.usecases.on_call.lists import Standing as OnWatch
from bot.usecases.sla.board import Board, Standing
from bot.usecases.survey.surveys import Said
from bot.usecases.survey.surveys import Standing as Answered
from handlers import home, home_view, nouns
from handlers.action.views import card as action_card
from handlers.action.views import samples as action_samples
from handlers.alert import views as alert_views
from handlers.approval.views import messages as approval_messages
from handlers.audit.views import card as audit_card
from handlers.audit.views import samples as audit_samples
from handlers.blocks.samples import AGENT, APPROVER, AT, said
from handlers.blocks.services import service_options
from handlers.calendar.views import agenda as calendar_agenda
from handlers.calendar.views import samples as calendar_samples
from handlers.change.views import card as change_card
from handlers.change.views import samples as change_samples
from handlers.change.views import standard_changes
from handlers.change_window.views import card as window_card
from handlers.change_window.views import samples as window_samples
from handlers.complaint.views import card as complaint_card
from handlers.complaint.views import samples as complaint_samples
from handlers.configuration_item.views import card as item_card
from handlers.configuration_item.views import samples as item_samples
from handlers.configuration_item.views import services as service_views
from handlers.configuration_item.views import services_now as now_views
from handlers.document.views import card as document_card
from handlers.document.views import samples as document_samples
from handlers.gallery import gallery
from handlers.ids import Form
from handlers.incident import mentions
from handlers.incident.views import report_form
from handlers.incident.views import samples as incident_samples
from handlers.major_incident.views import messages as major_messages
from handlers.major_incident.views import samples as major_samples
from handlers.management_review.views import card as meeting_card
from handlers.management_review.views import samples as meeting_samples
from handlers.on_call.views import lists as on_call_lists
from handlers.on_call.views import messages as on_call_messages
from handlers.on_call.views import samples as on_call_samples
from handlers.policy_proposal.views import policy as policy_views
from handlers.policy_proposal.views import samples as proposal_samples
from handlers.problem.views import card as problem_card
from handlers.problem.views import samples as problem_samples
from handlers.records import menus
from handlers.records.paging import Query
from handlers.records.standard_actions import reading
from handlers.register.views import card as register_card
from handlers.register.views import samples as register_samples
from handlers.report.views import issued as issued_views
from handlers.request_catalogue.views import card as request_card
from handlers.request_catalogue.views import samples as request_samples
from handlers.review.views import card as review_card
from handlers.review.views import samples as review_samples
from handlers.sla.views import board as sla_board
from handlers.sla.views import samples as sla_samples
from handlers.survey.views import samples as survey_samples
from handlers.survey.views import survey as survey_views
from storage.record_links import LinkKind
from storage.tables import AlertGroup, AlertSource, AuditSample, IssuedReport, RecordLink

MANY = 101
AMPERSANDS, QUOTED = "&" * 3000, '&<!channel>"\\ <@U1> *b* `c` ' * 120


def _policy_text(letters: str) -> str:
    name = json.dumps(letters)[1:-1]
    service = 'owner = "service-desk"\nchannel = "service-desk"\ncriticality = "high"'
    services = [f'[services.s{n}]\nname = "{n} {name}"\ndescription = "{name * 3}"\n{service}\n' for n in range(MANY)]
    groups = [f'[groups.g{n}]\ntitle = "{n} {name}"\nusergroup = "group-{n}"\n' for n in range(MANY)]
    rotas = [
        f'[rotas.r{n}]\ntitle = "{n} {name[:40]}"\nzone = "UTC"\n[[rotas.r{n}.layers]]\nturn = "1 week"\n'
        'from = "2026-01-05T09:00"\npeople = ["U012AB3CD", "U045EF6GH"]\n'
        for n in range(MANY)
    ]
    types = [f'[ci_types.t{n}]\ntitle = "{n} {name}"\n' for n in range(MANY)]
    relations = [
        f'[ci_relations.l{n}]\ntitle = "{n} {name}"\nback = "{n} {name}"\nimpact = "none"\n' for n in range(MANY)
    ]
    items = [
        f'[requests.i{n}]\ntitle = "{n} {name}"\ndescription = "{name * 3}"\nservice = "s{n}"\n' for n in range(MANY)
    ]
    registers = [f'[registers.g{n}]\ntitle = "{n} {name}"\n' for n in range(MANY)]
    return "\n".join([*services, *groups, *rotas, *types, *relations, *items, *registers])


LETTERS = {"ampersands": "&" * 60, "quoted": '&<!channel>" <@U1>\\ é'}
TEXTS = {"ampersands": AMPERSANDS, "quoted": QUOTED[:3000]}
LONG_FIELDS = ("description", "resolution", "why", "plan", "backout", "comment")


@cache
def crowded(kind: str) -> Policy:
    """Read where it is asked for: each process of tests imports this file."""
    return parse(_policy_text(LETTERS[kind]))


def _words(kind: str) -> dict[str, str]:
    text = TEXTS[kind]
    return {"summary": text[:150], "title": text[:150], **dict.fromkeys(LONG_FIELDS, text)}


def _crowd(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Beyond the gallery: 101 of whatever stands in a list."""
    policy, words = crowded(kind), _words(kind)
    every = " ".join(policy.services)
    change = change_samples.sample(ChangeState.AUTHORISE, policy, words).model_copy(update={"touches": every})
    sheet = change_samples.sheet(change, policy, words)
    full = replace(
        sheet,
        questions=[change_samples._question(words)] * MANY,
        collisions=[Collision(CollisionKind.CHANGE, "CHG-8", words["title"], None, AT, AT)] * MANY,
        revised=sheet.revised * MANY,
        poll=change_samples._poll(ChangeState.AUTHORISE, [f"U0{n:04}" for n in range(MANY)], None, words),
    )
    window = window_samples.shown(policy, words, services=every)
    incident = incident_samples.sample(IncidentState.ACKNOWLEDGED, policy, words)
    votes = [*change_samples._votes(policy, words, full)] * MANY
    clocks = [Standing(sla_samples.clock(id=n), incident) for n in range(MANY)]
    board = Board(policy, 8, clocks, clocks, {}, clocks, clocks)
    led = major_samples.sample(major_samples._S.MONITORING, policy, words)
    told = [major_samples._told(words)] * MANY
    listed = Listed([incident] * MANY, MANY)
    waiting = [*incident_samples.waits(policy, words), *change_samples.waits(policy, words)] * MANY
    shown = calendar_samples.picture(calendar_samples.page(policy, words, Span.WEEK))
    page = calendar_samples.page(policy, words, Span.WEEK, times=MANY)
    week = CalendarQuery.at(AT.date())
    event = {"channel": "C0SERVICEDESK", "ts": "1777777777.000100", "event_ts": "1"}
    return {
        "change card": said(change_card.card(full)),
        "change revised": said(change_card.revised(full, words["why"])),
        "change list": said(change_card.listing(Query(Noun.CHANGE), [change] * MANY, {}, MANY, 10, policy).message()),
        "approval request": said(approval_messages.request(full, APPROVER, 2, 1)),
        "approvals": said(approval_messages.waiting(votes)),
        "standard changes": said(
            standard_changes.listing(
                Query(Noun.STANDARD),
                [change_samples._template(t, policy, words) for t in standard_changes.TemplateState] * MANY,
                {},
                policy,
            ).message()
        ),
        "window": said(window_card.card(window)),
        "windows": said(window_card.listing(Query(Noun.WINDOW), [window] * MANY, manages=True).message()),
        "change held": said(window_card.held(change, window, None)),
        "report form": report_form.report_form(
            policy, report_form.drafted(policy, words["why"], service="s7"), [incident] * MANY
        ),
        "promises": said(sla_board.board(board)),
        "promises of a service": said(sla_board.service_board(board, "s7")),
        "excuse form": sla_board.excuse_form(incident, [one.clock for one in clocks], policy, UTC),
        "handover": said(major_messages.handover(led, major_samples._passed(words), told)),
        "calendar": said(calendar_agenda.agenda(page)),
        "calendar in a modal": calendar_agenda.agenda_view(page),
        "home": home_view.home(
            Home(
                policy,
                [],
                waiting,
                [change] * MANY,
                {},
                [one.record for one in request_samples.waits(words)] * MANY,
                listed,
                listed,
                dict.fromkeys(HomeSection, MANY),
                week,
                AT,
                shown,
            ),
            nouns.waiting_rows(),
            nouns.lines(),
        ).view,
        "mention": said(mentions.offer(event, words["why"])),
    }


def _crowd_of_later_nouns(kind: str) -> Mapping[str, Any]:
    """The same of the nouns that came later: cards with 101 of all that stands on them."""
    policy, words = crowded(kind), _words(kind)
    refs = [f"INC-{number}" for number in range(1, MANY + 1)]
    problem, error = problem_samples.sample(ProblemState.INVESTIGATING, words), problem_samples.known_error(words)
    links = [RecordLink(subject="PRB-2", other=one, kind=LinkKind.CAUSED, by=AGENT, at=AT) for one in refs]
    causes = problem_samples.causes(words) * (MANY // 4)
    audit, found = audit_samples.sample(AuditState.UNDER_WAY, words), audit_samples.finding(FindingState.OPEN, words)
    sample = AuditSample(
        audit=3, number=1, population="incidents", period=words["title"], size=MANY, word="", seed="s",
        population_hash="p", refs=" ".join(refs), at=AT,
    )  # fmt: skip
    entry = register_samples.sample(EntryState.OPEN, words)
    document = document_samples.sheet(document_samples.sample(DocumentState.DRAFT, words), policy)
    request = request_samples.sheet(request_samples.sample(RequestState.DOING, words), policy)
    review = review_samples.sheet(review_samples.sample(ReviewState.DRAFT, words), policy, words)
    action = action_samples.sample(ActionState.OPEN, words)
    item = item_samples.sample(CiState.LIVE, words)
    return {
        "problem card": said(problem_card.card(problem, policy, problem_card.Beside(links, [error] * MANY, causes))),
        "causes": said(problem_card.causes_message(problem, causes, policy)),
        "audit card": said(audit_card.card(audit_card.Sheet(audit, policy, {}, [found] * MANY, [sample] * MANY, refs))),
        "finding card": said(audit_card.finding_card(found, policy, refs)),
        "register entry": said(register_card.card(replace(register_samples.sheet(entry, policy), links=refs))),
        "document card": said(document_card.card(replace(document, clauses=["8.6.1"] * MANY, links=refs))),
        "request card": said(request_card.card(replace(request, tasks=[*request.tasks] * 34, links=refs))),
        "review card": said(review_card.card(replace(review, hints=[*review.hints] * 15, links=refs))),
        "digest": said(action_card.digest(Digest(AT.date(), [action] * MANY, [action] * MANY), policy)),
        "item card": said(item_card.card(Sheet(item, [], [("uses", item.name)] * MANY, {}, [], refs), policy)),
    }


def _crowd_of_the_latest_nouns(kind: str) -> Mapping[str, Any]:
    """The same of surveys, complaints, registers, rotas, alerts, reports, reviews and services: 101 of each."""
    policy, words = crowded(kind), _words(kind)
    refs = [f"INC-{number}" for number in range(1, MANY + 1)]
    action = action_samples.sample(ActionState.OPEN, words)
    survey = survey_samples.sample(SurveyState.CLOSED, words, few=False)
    complaint = complaint_samples.sample(ComplaintState.RECEIVED, words)
    review = review_samples.sample(ReviewState.DRAFT, words)
    proposal = proposal_samples.sample(ProposalState.PROPOSED, words)
    entry = register_samples.sample(EntryState.OPEN, words)
    meeting = meeting_samples.sample(MeetingState.HELD, words)
    title, turn = words["title"][:60], on_call_samples._turn(1)
    standing = OnWatch("vpn", title, "UTC", turn, turn, [(AT, AT + on_call_samples.WEEK)] * MANY)
    over, offer = on_call_samples._override(words["why"][:150]), on_call_samples._offer(words["why"][:150])
    laid = on_call_lists.laid_over(Laid({"vpn": title}, [over] * MANY, [offer] * MANY), AGENT)
    load = Load(AGENT, 3, 168, 63, 48, 24)
    alert = alert_views._sample(policy, words, 1)
    group = AlertGroup(id=7, source="prom", group_key="g", incident=None)
    sources = {f"s{n}": AlertSource(name=f"s{n}", heard_at=AT, deliveries=3, faults=2, muted=1) for n in range(MANY)}
    issued = IssuedReport(
        number=3, state="issued", report="weekly", every="week", first_day="2026-02-23", title=words["title"],
        zone="UTC", starts_at=AT, ends_at=AT, room="service-desk", due_at=AT, made_at=AT,
    )  # fmt: skip
    return {
        "survey card": said(survey_views.card(survey_views.Sheet(Answered(survey, MANY, ()), policy, [action] * MANY))),
        "survey list": said(survey_views.listing([(survey, 12)] * MANY)),
        "survey, written": reading.view(RecordVersion.of(survey), survey_views.written([Said(words["why"])] * MANY)),
        "complaint card": said(complaint_card.card(complaint, refs)),
        "complaint list": said(
            complaint_card.listing(Query(Noun.COMPLAINT), [complaint] * MANY, MANY, 15, AT).message()
        ),
        "registers": said(register_card.registers(policy.registers, dict.fromkeys(policy.registers, 7))),
        "register list": said(register_card.listing(Query(Noun.ENTRY), [entry] * MANY, MANY, 15, policy, AT).message()),
        "review list": said(review_card.listing(Query(Noun.REVIEW), [review] * MANY, MANY, 15, policy, AT).message()),
        "meeting card": said(meeting_card.card(meeting_card.Sheet(meeting, [meeting_samples.decision(words)] * MANY))),
        "meeting list": said(
            meeting_card.listing(Query(Noun.MANAGEMENT_REVIEW), [meeting] * MANY, MANY, 15).message()
        ),
        "rotas": said(on_call_lists.now_and_next([standing] * MANY)),
        "rota's weeks": said(on_call_lists.weeks(Weeks("vpn", title, "UTC", AT, AT, [turn] * MANY, standing.gaps))),
        "rota's load": said(on_call_lists.loads(Loads(title, "UTC", AT, AT, [load] * MANY))),
        "my turns": said(on_call_lists.mine(Mine([(title, turn)] * MANY, [over] * MANY))),
        "rotas changed": said(laid),
        "calendars of rotas": said(on_call_lists.subscribed("https://desk.example.com/c/a", ["vpn"] * MANY)),
        "form of a rota": on_call_messages.span_form(
            {key: one.title for key, one in policy.rotas.items()}, Form.ON_CALL_AWAY, "Away", "Save", "A hint",
            key="", at=AT,
        ),
        "alerts": said(alert_views.listing(Alerts(policy, [(alert, group)] * MANY, MANY, sources), "")),
        "alert line": said(alert_views.line(Told(policy, group, [alert] * MANY, None), [AGENT] * MANY)),
        "reports": said(issued_views.listing([issued] * MANY)),
        "services": said(service_views.listing(dict.fromkeys(policy.services, Bearing()), policy)),
        "services now": said(now_views.now(dict.fromkeys(policy.services, Bearing()), policy, AT)),
        "policy": said(policy_views.overview(8, AT, policy, False, [proposal] * MANY)),
    }  # fmt: skip


@cache
def drawn(kind: str) -> dict[str, Any]:
    """All that is drawn under this policy."""
    drawn_ones = gallery(crowded(kind), list(home.TABLES), **_words(kind))
    crowds = (_crowd, _crowd_of_later_nouns, _crowd_of_the_latest_nouns)
    return {**drawn_ones, **{f"101: {name}": view for one in crowds for name, view in one(kind).items()}}


_OURS = re.compile(r"<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+|!date\^\d+\^[^<>]*|https?://[^<>|]*(?:\|[^<>]*)?)>")


def _inside(view: Any) -> Iterator[dict[str, Any]]:
    if isinstance(view, dict):
        yield view
    for one in view.values() if isinstance(view, dict) else view if isinstance(view, list) else ():
        yield from _inside(one)


def _mrkdwn(view: Mapping[str, Any]) -> list[str]:
    said = [one["text"] for one in _inside(view) if one.get("type") == "mrkdwn"]
    return [*said, view["text"]] if "type" not in view else said


def _faults(view: Mapping[str, Any]) -> list[str]:
    if "type" in view:
        return check_view(view)
    return [*check_message(view["blocks"]), *(["the text is too long to redraw"] if len(view["text"]) > 4000 else [])]


def _bare(text: str) -> bool:
    """Whether it has a bracket or an ampersand that neither Slack nor we put there, or half of one that is ours."""
    rest = re.sub(r"^> ?", "", _OURS.sub("", text), flags=re.MULTILINE)
    return bool(re.search(r"[<>]|&(?!(?:amp|lt|gt);)", rest))


@pytest.mark.parametrize("kind", LETTERS)
def test_everything_fits_slack(kind: str) -> None:
    found = {name: _faults(view) for name, view in drawn(kind).items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("kind", LETTERS)
def test_nothing_is_left_unescaped_or_cut_in_half(kind: str) -> None:
    found = {name: [text for text in _mrkdwn(view) if _bare(text)] for name, view in drawn(kind).items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


READ_FIRST = {"change_approve": "change_review", "standard_approve": "standard_review"}
"""What stands in a button's place where a text is not all shown."""


def _is_button(one: Mapping[str, Any]) -> bool:
    return one.get("type") == "button"


@pytest.mark.parametrize("kind", LETTERS)
def test_a_crowd_takes_no_button_away(kind: str) -> None:
    plain = gallery(parse(""), list(home.TABLES))
    for name, view in plain.items():
        wanted = {READ_FIRST.get(one["action_id"], one["action_id"]) for one in _inside(view) if _is_button(one)}
        kept = {
            READ_FIRST.get(one["action_id"], one["action_id"]) for one in _inside(drawn(kind)[name]) if _is_button(one)
        }
        assert wanted <= kept, name


@pytest.mark.parametrize("kind", LETTERS)
def test_every_menu_of_services_and_groups_is_searched_and_answered(kind: str) -> None:
    menus = [
        one for view in drawn(kind).values() for one in _inside(view)
        if str(one.get("type")).endswith("external_select")
    ]  # fmt: skip
    assert {one["action_id"] for one in menus} == set(handlers.OPTIONS)


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("most", [50, 250])
def test_a_topic_is_escaped_and_cut_in_nothing(kind: str, most: int) -> None:
    led = major_samples.sample(major_samples._S.MONITORING, crowded(kind), _words(kind))
    topic = major_messages.topic(led, TEXTS[kind][:most])
    assert len(topic) <= 250
    assert "<" not in topic
    assert "&" not in re.sub(r"&(?:amp|lt|gt);", "", topic)


def test_what_is_shortened_says_by_how_much() -> None:
    card = drawn("ampersands")["101: change card"]
    assert "shortened by" in json.dumps(card)
    assert AGENT in json.dumps(card)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("vpn", ["VPN"]),
        ("outside office", ["VPN"]),
        ("ACCOUNTS laptops", ["Laptops & accounts"]),
        ("no such thing", []),
    ],
)
def test_what_is_typed_into_a_menu_finds_by_name_and_description(typed: str, found: list[str]) -> None:
    assert [one["text"]["text"] for one in menus.matching(service_options(parse("")), typed)] == found


def test_a_menu_offers_no_more_than_slack_takes() -> None:
    assert len(menus.matching(service_options(crowded("quoted")), "")) == 100


SOME = re.compile(
    r"and \d+ more|\(\d[\d,]* more lines?\)|\d+ more(?:[.;:]| are)|Page 1 of|There are (?:older ones|\d+ more)|"
    r"of 101\b|shortened by|which did not fit"
)
"""What says that there is more than is shown, and how much or where it is."""
NO_LISTS = ("101: excuse form", "101: mention", "101: form of a rota", "101: policy")
"""Those that hold no list of 101, or a menu that asks; of the policy, what was proposed last."""


@pytest.mark.parametrize("kind", LETTERS)
def test_a_list_of_101_shows_all_of_them_or_how_many_more_there_are(kind: str) -> None:
    silent = []
    for name, view in drawn(kind).items():
        if name.startswith("101: ") and name not in NO_LISTS:
            text = json.dumps(view, ensure_ascii=False)
            refs = set(re.findall(r"INC-\d+", text))
            if not SOME.search(text) and len(refs) < MANY:
                silent.append(name)
    assert silent == []
