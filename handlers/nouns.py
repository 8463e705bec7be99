"""What each noun answers and says in Slack, one line a noun."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from handlers.action import listeners as action
from handlers.alert import listeners as alert
from handlers.approval import listeners as approval
from handlers.audit import listeners as audit
from handlers.blocks.kit import Block
from handlers.cab import listeners as cab
from handlers.calendar import listeners as calendar
from handlers.change import listeners as change
from handlers.change_window import listeners as change_window
from handlers.complaint import listeners as complaint
from handlers.configuration_item import listeners as configuration_item
from handlers.configuration_item import service
from handlers.delivery import messages as delivery
from handlers.document import listeners as document
from handlers.incident import listeners as incident
from handlers.iso import listeners as iso
from handlers.journal import messages as journal
from handlers.mail import messages as mail
from handlers.major_incident import listeners as major_incident
from handlers.management_review import listeners as management_review
from handlers.on_call import listeners as on_call
from handlers.policy_proposal import listeners as policy_proposal
from handlers.problem import listeners as problem
from handlers.records import menus
from handlers.records.actions import Action
from handlers.records.kinds import Kind
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.register import listeners as register
from handlers.report import listeners as report
from handlers.request_catalogue import listeners as request
from handlers.review import listeners as review
from handlers.sla import listeners as sla
from handlers.survey import listeners as survey
from handlers.webhook import messages as webhook
from handlers.workflow import listeners as workflow
from handlers.workspace import events as workspace

Key = TypeVar("Key")
Found = TypeVar("Found")

NOUNS = (
    incident.REGISTRATION,
    major_incident.REGISTRATION,
    change.REGISTRATION,
    approval.REGISTRATION,
    cab.REGISTRATION,
    change_window.REGISTRATION,
    calendar.REGISTRATION,
    sla.REGISTRATION,
    action.REGISTRATION,
    problem.REGISTRATION,
    request.REGISTRATION,
    review.REGISTRATION,
    report.REGISTRATION,
    configuration_item.REGISTRATION,
    service.REGISTRATION,
    document.REGISTRATION,
    policy_proposal.REGISTRATION,
    audit.OF_AUDITS,
    audit.OF_FINDINGS,
    management_review.REGISTRATION,
    complaint.REGISTRATION,
    survey.REGISTRATION,
    register.REGISTRATION,
    iso.REGISTRATION,
    alert.REGISTRATION,
    on_call.REGISTRATION,
    workspace.REGISTRATION,
    workflow.REGISTRATION,
    journal.REGISTRATION,
    delivery.REGISTRATION,
    mail.REGISTRATION,
    webhook.REGISTRATION,
    menus.REGISTRATION,
)
"""In the order in which help shows their commands."""


def gathered(what: Callable[[Registration], Mapping[Key, Found]]) -> dict[Key, Found]:
    """Raises ValueError where two nouns answer the same: the later one would silently stand for both."""
    found: dict[Key, Found] = {}
    for one in NOUNS:
        for key, answer in what(one).items():
            if found.setdefault(key, answer) is not answer:
                raise ValueError(f"two nouns answer {key}")
    return found


def tables(beside: Callable[[], Sequence[Table]]) -> Sequence[Table]:
    """The slash commands, each with what other nouns add to it; `beside` gives them all."""
    return [_whole(one.commands, beside) for one in NOUNS if one.commands]


def _whole(table: Table, beside: Callable[[], Sequence[Table]]) -> Table:
    added = [verb for one in NOUNS for verb in one.verbs.get(table.command, ())]
    *own, rest = table.own
    return replace(table, own=[*own, *added, rest], beside=beside)


def waiting_rows() -> Mapping[Noun, Callable[[Waits, Policy], Block]]:
    """How each noun draws what waits for somebody."""
    return {noun: kind.waits for noun, kind in kinds().items() if kind.waits}


def lines() -> Mapping[Noun, Callable[[Any, Policy, datetime], Block]]:
    """How each noun draws a record of a list."""
    return {noun: kind.row for noun, kind in kinds().items() if kind.row}


def kinds() -> Mapping[Noun, Kind]:
    """What is done to records, by their noun."""
    return {one.records.noun: one.records for one in NOUNS if one.records}


def by_button() -> Mapping[str, tuple[Kind, Action]]:
    """What each button of an action does, by its id."""
    every = [kind for one in NOUNS for kind in (one.records, *one.beside) if kind]
    return {action.id: (kind, action) for kind in every for action in kind.all if action.label}
