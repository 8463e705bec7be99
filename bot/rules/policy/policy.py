"""The desk's own rules as one validated model: a line a section, each declared by its noun in `policy_<section>.py`.

`parse` reads a file that says what differs from the shipped default; `Policy.text` is the whole that results, which
storage keeps as a version and `restore` reads back whatever a later Deskbell ships. A section that comes later has a
default in its type, for the versions that were kept before.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import TypeVar

from pydantic import Field, ValidationError

from bot.rules.action.policy import Actions
from bot.rules.alert.policy import Sources
from bot.rules.audit.policy import Audits
from bot.rules.cab.policy import Cab
from bot.rules.change.policy import Approvals, Changes, RiskRules
from bot.rules.complaint.policy import Complaints
from bot.rules.configuration.dependencies import Criticality, Service, Services
from bot.rules.configuration.service_guess import UNSURE, guess
from bot.rules.configuration_item.policy import CiRelations, CiSources, CiTypes, Configuration
from bot.rules.delivery.policy import Delivery
from bot.rules.document.policy import Documents
from bot.rules.form.additional_fields import Fields
from bot.rules.incident.policy import Incidents, Priorities
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.iso.policy import GapAnalysis
from bot.rules.journal.policy import Audit
from bot.rules.mail.policy import Mailboxes
from bot.rules.major_incident.policy import Major
from bot.rules.management_review.policy import ManagementReviews
from bot.rules.on_call.calendars import RotaCalendars
from bot.rules.on_call.policy import Rotas
from bot.rules.policy.errors import in_shape, unknown
from bot.rules.policy.unseen_text import unseen_texts
from bot.rules.policy_format.document import Path, Table, merged, without, without_replaced, written
from bot.rules.policy_format.faults import Fault, Place, PolicyFaults, Sensed, at
from bot.rules.policy_format.files import join, load
from bot.rules.policy_format.sections import checked, file_checked, removable, sections, without_lapsed
from bot.rules.policy_format.types import Rule, duration_text
from bot.rules.policy_proposal.policy import Proposals
from bot.rules.problem.policy import Problems, Trends
from bot.rules.register.policy import Registers
from bot.rules.report.policy import Customers, Reports
from bot.rules.request.policy import Requests
from bot.rules.review.policy import Reviews
from bot.rules.sla.clocks import ClockKind, Party
from bot.rules.sla.ola_policy import Suppliers, TargetsByGroup, owed
from bot.rules.sla.policy import Alarms, Promises, WarnAt
from bot.rules.sla.targets import Goal, PriorityTargets, Targets, TargetsByService, cadence, goal
from bot.rules.survey.policy import Surveys
from bot.rules.time.policy import Calendars
from bot.rules.webhook.policy import Webhooks
from bot.rules.workspace.policy import Channel, ChannelKey, Channels, Group, GroupKey, Groups
from bot.rules.workspace.rota_names import rota_in

__all__ = [
    "Channel",
    "ChannelKey",
    "Criticality",
    "Fault",
    "Group",
    "GroupKey",
    "Policy",
    "PolicyFaults",
    "Service",
    "Targets",
    "amend",
    "default_text",
    "duration_text",
    "parse",
    "parse_files",
    "restore",
]


PARSED = 16
"""Policies that are kept once they have been read."""


class Policy(Rule):
    warn_at: WarnAt
    groups: Groups
    channels: Channels
    services: Services
    priorities: Priorities
    targets: PriorityTargets
    service_targets: TargetsByService = Field(default_factory=dict)
    operational_targets: TargetsByGroup = Field(default_factory=dict)
    suppliers: Suppliers = Field(default_factory=dict)
    calendars: Calendars
    alarms: Alarms
    sla: Promises
    audit: Audit
    major: Major
    incidents: Incidents
    approvals: Approvals
    changes: Changes
    risk: RiskRules
    cab: Cab
    delivery: Delivery
    actions: Actions = Field(default_factory=Actions)
    rotas: Rotas = Field(default_factory=dict)
    problems: Problems = Field(default_factory=Problems)
    trends: Trends = Field(default_factory=dict)
    fields: Fields = Field(default_factory=dict)
    requests: Requests = Field(default_factory=dict)
    customers: Customers = Field(default_factory=dict)
    reports: Reports = Field(default_factory=dict)
    surveys: Surveys = Field(default_factory=dict)
    alerts: Sources = Field(default_factory=dict)
    reviews: Reviews = Field(default_factory=Reviews)
    mailboxes: Mailboxes = Field(default_factory=dict)
    webhooks: Webhooks = Field(default_factory=dict)
    management_reviews: ManagementReviews = Field(default_factory=ManagementReviews)
    rota_calendars: RotaCalendars = Field(default_factory=dict)
    registers: Registers = Field(default_factory=dict)
    gap_analysis: GapAnalysis = Field(default_factory=dict)
    audits: Audits = Field(default_factory=Audits)
    complaints: Complaints = Field(default_factory=Complaints)
    documents: Documents = Field(default_factory=Documents)
    proposals: Proposals = Field(default_factory=Proposals)
    configuration: Configuration = Field(default_factory=Configuration)
    ci_types: CiTypes = Field(default_factory=dict)
    ci_relations: CiRelations = Field(default_factory=dict)
    ci_sources: CiSources = Field(default_factory=dict)

    def priority(self, impact: Impact, urgency: Urgency) -> Priority:
        return self.priorities[impact][urgency]

    def target(self, priority: Priority) -> Targets:
        return self.targets[priority]

    def goal(self, service: str, priority: Priority, kind: ClockKind) -> Goal:
        """What is promised; the most specific target wins."""
        return goal(self.targets, self.service_targets, service, priority, kind)

    def cadence(self, service: str, priority: Priority) -> timedelta:
        """The longest time between two updates of a major incident."""
        return cadence(self.major.updates, self.service_targets, service, priority)

    def owed(self, party: Party, priority: Priority, kind: ClockKind) -> Goal | None:
        """What a group or a supplier owes; None where that is nothing."""
        return owed(self.operational_targets, self.suppliers, party, priority, kind)

    def group(self, key: str) -> Group:
        """Raises KeyError where there is none."""
        return self.groups[key]

    def service(self, key: str) -> Service:
        """Raises KeyError for a service that the policy does not have, or no longer."""
        return self.services[key]

    @property
    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """What each service depends on itself."""
        return {key: service.depends_on for key, service in self.services.items()}

    def service_name(self, key: str) -> str:
        """As people know it; of a service that the policy no longer has, its key."""
        if key == UNSURE:
            return "Not sure which service"
        return self.services[key].name if key in self.services else key

    def service_names(self, keys: Iterable[str]) -> str:
        """In their order; windows that name none are for all."""
        return ", ".join(map(self.service_name, keys)) or "all services"

    def service_named_in(self, text: str) -> str | None:
        """The key of the service that the text is about, by its words; None where they do not tell."""
        return guess(text, self.services)

    def channel(self, key: str) -> str:
        """The channel's name in Slack, without #. Raises KeyError where there is none."""
        return self.channels[key].name

    def room_of(self, service: str, *, private: bool) -> str:
        """Where an incident's card and reminders are shown, by its name in Slack."""
        return self.channel(self.incidents.private.channel) if private else self.channel_of(service)

    def channel_of(self, service: str) -> str:
        """The service's channel by its name in Slack; the service desk's for one that the policy no longer has."""
        known = self.services.get(service)
        return self.channel(known.channel if known else ChannelKey.SERVICE_DESK)

    def rota_of(self, service: str, *, private: bool = False) -> str | None:
        """“rota:KEY” of whoever is given the incidents of a service as they are reported; None where it is nobody."""
        if private:
            return self.groups[self.incidents.private.group].on_call
        known = self.services.get(service)
        owner = self.groups[known.owner if known else GroupKey.SERVICE_DESK]
        return (known.on_call if known else None) or owner.on_call

    def rotas_called(self, service: str) -> list[str]:
        """Keys of the rotas whose people may be called for a service's incidents."""
        told = (one for rung in self.alarms.values() for one in (*rung.to, *rung.calls))
        keys = (rota_in(name) for name in (self.rota_of(service), *told) if name)
        return list(dict.fromkeys(key for key in keys if key))

    @property
    def channel_names(self) -> list[str]:
        """Each once, as Slack has them."""
        return list(dict.fromkeys(channel.name for channel in self.channels.values()))

    @cached_property
    def text(self) -> str:
        """The whole policy as TOML, always the same for the same rules: what a version keeps."""
        return written(self.model_dump(mode="json", exclude_none=True)) + "\n"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


P = TypeVar("P", bound=Policy)


def default_text() -> str:
    return resources.files("bot.rules.policy").joinpath("default.toml").read_text(encoding="utf-8")


@cache
def _default() -> Table:
    """Read once a process, and never changed: reading it is half of what reading a policy costs."""
    return load(default_text())


def parse(text: str) -> Policy:
    """The policy of a file that says what differs from the default. Raises PolicyFaults with all of them."""
    return parse_files({"": text})


def parse_files(texts: Mapping[str, str]) -> Policy:
    """The policy that files make together, by their names; a single one needs none. Raises PolicyFaults."""
    return _parsed(tuple(texts.items()))


@lru_cache(maxsize=PARSED)
def _parsed(texts: tuple[tuple[str, str], ...]) -> Policy:
    """The same object for the same texts: nobody can change it, and it knows its whole text and digest already."""
    return parse_as(Policy, dict(texts))


def amend(text: str, change: str) -> Policy:
    """A whole policy, as `Policy.text` has it, with what a change says instead. Raises PolicyFaults, by the lines of
    the change."""
    return _laid_over(load(text), {"": change}, Policy)


def restore(text: str) -> Policy:
    """The policy of a whole text, as `Policy.text` has it. Raises PolicyFaults.

    What this release has no word for is passed over: the one after it may have adopted it, while replicas are replaced.
    """
    return restore_as(Policy, text)


def parse_as(kind: type[P], texts: Mapping[str, str]) -> P:
    """As `parse_files`, with the sections that `kind` has."""
    return _laid_over(_default(), texts, kind)


def _laid_over(default: Table, texts: Mapping[str, str], kind: type[P]) -> P:
    file, places = join(texts)
    for name, section in sections(kind).items():
        if section.one_of:
            default = without_replaced(default, file, name, section.one_of)
    whole = without_lapsed(kind, merged(default, file, removable(kind)), file)
    policy = _judged(whole, places, kind, unseen_texts(file))
    # Told by line, so each line once however many priorities fall under it.
    if found := {sensed.where: at(places, sensed) for sensed in file_checked(policy)}:
        raise PolicyFaults(found.values())
    return policy


def restore_as(kind: type[P], text: str) -> P:
    """As `restore`, with the sections that `kind` has."""
    data, places = join({"": text})
    try:
        return _judged(data, places, kind)
    except PolicyFaults:
        known = _known(data, kind)
        if known == data:
            raise
        return _judged(known, places, kind)


def _known(data: Table, kind: type[Policy]) -> Table:
    """What this release has words for."""
    try:
        kind.model_validate(data)
    except ValidationError as error:
        for path in unknown(error):
            data = without(data, path)
    return data


def _judged(data: Table, places: Mapping[Path, Place], kind: type[P], found: Iterable[Sensed] = ()) -> P:
    faults = [at(places, sensed) for sensed in (*found, *checked(kind, data))]
    try:
        policy = kind.model_validate(data)
    except ValidationError as error:
        told = {fault.where for fault in faults}
        wrong = [at(places, sensed) for sensed in in_shape(error, kind)]
        raise PolicyFaults([*faults, *(fault for fault in wrong if fault.where not in told)]) from None
    if faults:
        raise PolicyFaults(faults)
    return policy
