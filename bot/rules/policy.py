"""The desk's own rules as one validated model; the models of its sections stand in `policy_<section>.py`.

`parse` reads a file that says what differs from the shipped default; `Policy.text` is the whole that results, which
storage keeps as a version and `restore` reads back whatever a later Deskbell ships.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.rules import policy_changes, policy_services
from bot.rules.policy_alarms import Rung, Sla
from bot.rules.policy_audit import Audit
from bot.rules.policy_cab import Cab
from bot.rules.policy_calendars import CalendarRule
from bot.rules.policy_catalogue import (
    KEYED,
    WAYS,
    Channel,
    ChannelKey,
    Criticality,
    Group,
    GroupKey,
    Service,
    keyed,
)
from bot.rules.policy_changes import ApprovalRule, ChangeRules, RiskRules
from bot.rules.policy_delivery import Delivery
from bot.rules.policy_faults import REMOVABLE, Fault, PolicyFaults, at, in_sense, in_shape
from bot.rules.policy_incidents import Incidents
from bot.rules.policy_major import Major
from bot.rules.policy_reach import out_of_reach
from bot.rules.policy_targets import (
    Goal,
    GroupTargets,
    OperationalTargets,
    OwnTargets,
    ServiceTargets,
    Targets,
    cadence,
    goal,
)
from bot.rules.policy_text import Path, Table, lines, merged, without_replaced, written
from bot.rules.policy_underpinning import Supplier, SupplierTargets, owed
from bot.rules.policy_values import Key, duration_text
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.sla import ClockKind, Party

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
    "default_text",
    "duration_text",
    "parse",
    "restore",
]


class Policy(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    warn_at: Annotated[int, Field(strict=True, ge=1, le=99)]
    """Per cent of a target after which a reminder goes out."""
    groups: dict[Key, Group]
    channels: dict[Key, Channel]
    services: dict[Key, Service]
    priorities: dict[Impact, dict[Urgency, Priority]]
    targets: dict[Priority, Targets]
    service_targets: dict[Key, OwnTargets] = Field(default_factory=dict)
    operational_targets: dict[Key, OperationalTargets] = Field(default_factory=dict)
    """What groups owe, by their keys."""
    suppliers: dict[Key, Supplier] = Field(default_factory=dict)
    calendars: dict[Key, CalendarRule]
    alarms: dict[Key, Rung]
    sla: Sla
    audit: Audit
    major: Major
    incidents: Incidents
    approvals: dict[Key, ApprovalRule]
    changes: ChangeRules
    risk: RiskRules
    cab: Cab
    delivery: Delivery

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
        return self.services[key].name if key in self.services else key

    def service_names(self, keys: Iterable[str]) -> str:
        """In their order; windows that name none are for all."""
        return ", ".join(map(self.service_name, keys)) or "all services"

    def service_named_in(self, text: str) -> str | None:
        """The key of the first service whose name stands in the text as a word of its own."""
        for key, service in self.services.items():
            if re.search(rf"(?<!\w){re.escape(service.name)}(?!\w)", text, re.IGNORECASE):
                return key
        return None

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


def default_text() -> str:
    return resources.files("bot.rules").joinpath("default_policy.toml").read_text(encoding="utf-8")


def parse(text: str) -> Policy:
    """The policy of a file that says what differs from the default. Raises PolicyFaults with all of them."""
    file = _loaded(text)
    default, found = without_replaced(_loaded(default_text()), file, "groups", WAYS), lines(text)
    policy = _judged(merged(default, file, REMOVABLE), found)
    # Told by line, so each line once however many priorities fall under it.
    if never := {path: at(found, [path], message) for path, message in out_of_reach(policy)}:
        raise PolicyFaults(never.values())
    return policy


def restore(text: str) -> Policy:
    """The policy of a whole text, as `Policy.text` has it. Raises PolicyFaults."""
    return _judged(_loaded(text), lines(text))


def _loaded(text: str) -> Table:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"\(at line ([0-9]+), column [0-9]+\)", str(fault))
        line = int(found[1]) if found else text.count("\n") + 1
        message = re.sub(r" \(at .*\)$", "", str(fault))
        raise PolicyFaults([Fault(line, "", f"this is not TOML: {message}")]) from None
    except RecursionError:
        raise PolicyFaults([Fault(None, "", "this is nested too deeply to be a policy")]) from None


def _judged(data: Table, found: Mapping[Path, int]) -> Policy:
    faults = [at(found, paths, message) for paths, message in _senses(data)]
    try:
        policy = Policy.model_validate(keyed(data))
    except ValidationError as error:
        told = {fault.where for fault in faults}
        wrong = [at(found, [path], message) for path, message in in_shape(error, _known)]
        raise PolicyFaults([*faults, *(fault for fault in wrong if fault.where not in told)]) from None
    if faults:
        raise PolicyFaults(faults)
    return policy


def _senses(data: Table) -> Iterator[tuple[list[Path], str]]:
    for sensed in (in_sense, policy_services.in_sense, policy_changes.in_sense):
        yield from sensed(data)


_SHAPES: Mapping[tuple[str, int], type[BaseModel]] = {
    **{(name, 2): entry for name, entry in KEYED.items()},
    ("targets", 2): Targets,
    ("service_targets", 3): ServiceTargets,
    ("operational_targets", 3): GroupTargets,
    ("suppliers", 2): Supplier,
    ("suppliers", 4): SupplierTargets,
    ("calendars", 2): CalendarRule,
    ("alarms", 2): Rung,
    ("sla", 1): Sla,
    ("incidents", 1): Incidents,
    ("audit", 1): Audit,
    ("major", 1): Major,
    ("cab", 1): Cab,
    ("delivery", 1): Delivery,
    **policy_changes.SHAPES,
}
"""What stands in the tables at a depth, for the hint at a misspelled key."""


def _known(path: Path) -> Iterable[str]:
    model = _SHAPES.get((str(path[0]), len(path)), Policy) if path else Policy
    return [name for name in model.model_fields if name != "key"]
