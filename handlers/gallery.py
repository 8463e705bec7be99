"""Every view that Deskbell draws, with samples in it: `deskbell preview` prints them, tests hold them to the limits."""

from collections.abc import Mapping, Sequence

from bot.rules.calendar.calendar import CalendarQuery, Span
from bot.rules.change.flow import ChangeState
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.waiting import Waits
from bot.usecases.change.overdue_approvals import Owed
from bot.usecases.home import Home, HomeSection, Listed
from bot.usecases.on_call.lists import OnCallNow
from handlers import add_message, home_view
from handlers.action.views import samples as action_samples
from handlers.alert import views as alert_views
from handlers.audit.views import samples as audit_samples
from handlers.blocks import help_screen, kit
from handlers.blocks.kit import Message
from handlers.blocks.samples import AT, Drawn, said
from handlers.cab.views import samples as cab_samples
from handlers.calendar.views import samples as calendar_samples
from handlers.change.views import samples as change_samples
from handlers.change_window.views import samples as change_window_samples
from handlers.complaint.views import samples as complaint_samples
from handlers.configuration_item.views import samples as configuration_item_samples
from handlers.delivery.views import samples as delivery_samples
from handlers.document.views import samples as document_samples
from handlers.incident.views import samples as incident_samples
from handlers.iso.views import samples as iso_samples
from handlers.journal.views import samples as journal_samples
from handlers.major_incident.views import samples as major_incident_samples
from handlers.management_review.views import samples as management_review_samples
from handlers.nouns import lines, waiting_rows
from handlers.on_call.views import samples as on_call_samples
from handlers.policy_proposal.views import samples as policy_samples
from handlers.problem.views import samples as problem_samples
from handlers.records import suggestion_question
from handlers.records.suggestion_question import Carried
from handlers.register.views import samples as register_samples
from handlers.report.views import samples as report_samples
from handlers.request_catalogue.views import samples as request_samples
from handlers.review.views import samples as review_samples
from handlers.sla.views import samples as sla_samples
from handlers.survey.views import samples as survey_samples
from handlers.webhook.views import samples as webhook_samples


def gallery(policy: Policy, tables: Sequence[help_screen.CommandTable], **words: str) -> dict[str, Drawn]:
    """By name. `words` fill the records' texts: the tests make them long and hostile."""
    change = change_samples.sample(ChangeState.AUTHORISE, policy, words)
    week = CalendarQuery.at(AT.date())
    shown = calendar_samples.picture(calendar_samples.page(policy, words, Span.WEEK))
    waits = waiting(policy, words)
    listed = incident_samples.on_home(policy, words)
    crowd = Home(
        policy,
        [Owed(change, AT)] * 2,
        waits * 2,
        [change] * 11,
        {},
        [request_samples.waits(words)[0].record] * 11,
        listed,
        listed,
        dict.fromkeys(HomeSection, 37),
        week,
        AT,
        on_call=[OnCallNow("VPN", AT), OnCallNow(words.get("summary", "Network")[:60], None, 1)],
        picture=shown,
        dashboard=report_samples.management_dashboard(),
    )
    nothing = Home(policy, [], [], [], {}, [], Listed([], 0), Listed([], 0), {}, week, AT)
    return {
        **incident_samples.drawn(policy, words),
        **major_incident_samples.drawn(policy, words),
        **sla_samples.drawn(policy, words),
        **configuration_item_samples.drawn(policy, words),
        **change_samples.drawn(policy, words),
        **journal_samples.drawn(),
        **calendar_samples.drawn(policy, words),
        **change_window_samples.drawn(policy, words),
        **cab_samples.drawn(policy, words),
        **delivery_samples.drawn(),
        **webhook_samples.drawn(),
        **action_samples.drawn(policy, words),
        **problem_samples.drawn(policy, words),
        **request_samples.drawn(policy, words),
        **report_samples.drawn(policy, words),
        **review_samples.drawn(policy, words),
        **document_samples.drawn(policy, words),
        **policy_samples.drawn(policy, words),
        **audit_samples.drawn(policy, words),
        **management_review_samples.drawn(policy, words),
        **complaint_samples.drawn(policy, words),
        **survey_samples.drawn(policy, words),
        **register_samples.drawn(policy, words),
        **iso_samples.drawn(policy),
        **alert_views.drawn(policy, words),
        **on_call_samples.drawn(policy, words),
        "home": home_view.home(crowd, waiting_rows(), lines()).view,
        "home, empty": home_view.home(nothing, waiting_rows(), lines()).view,
        "add a message": add_message.form(words.get("comment", "It drops again"), Ref(Noun.INCIDENT, 12)),
        "help": help_screen.everything(tables),
        "help, first": said(help_screen.short([(table, ("[summary]", "[title]")) for table in tables])),
        "did you mean": said(
            suggestion_question.question(
                Carried("/incident", "ack INC-1"), Carried("/incident", "akc 1"), "No, report it"
            )
        ),
        "a button that opens a card": said(Message("INC-1", [kit.actions(kit.open_button("INC-1"))])),
        "note": kit.note_view("Not done", "INC-1 was already resolved by agent."),
    }


def waiting(policy: Policy, words: Mapping[str, str]) -> list[Waits]:
    """Something of each noun of which anything waits for somebody."""
    return [
        *incident_samples.waits(policy, words),
        *change_samples.waits(policy, words),
        *request_samples.waits(words),
        *action_samples.waits(words),
        *problem_samples.waits(words),
        *review_samples.waits(words),
        *document_samples.waits(words),
        *policy_samples.waits(words),
        *audit_samples.waits(words),
        *management_review_samples.waits(words),
        *complaint_samples.waits(words),
        *survey_samples.waits(words),
        *register_samples.waits(words),
        *configuration_item_samples.waits(words),
    ]
