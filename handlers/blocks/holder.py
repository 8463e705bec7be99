"""Who has a record, in words: the one place that says it, for cards, lists, reminders and boards."""

from collections.abc import Callable
from typing import Any

from bot.rules.approval.voting import Standing
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact
from handlers.blocks import kit
from storage.tables import Approval


def from_seat(fact: Fact) -> str:
    """Behind what is said of a vote that a stand-in gave: “, for @approver”."""
    seat = fact.data.get("seat")
    return f", for {kit.mention(str(seat))}" if seat and seat != fact.by else ""


def voter(seat: Approval) -> str:
    """“@approver”, or “@engineer for @approver” of a vote that a stand-in gave."""
    own = seat.voted_by in (None, seat.approver)
    return kit.mention(seat.approver) if own else f"{kit.mention(seat.voted_by or '')} for {kit.mention(seat.approver)}"


def given_to(fact: Fact) -> str:
    """Whom a fact says it was given to: “@agent”, “the group Service desk, since @engineer has left”."""
    who, left = fact.data.get("assignee"), fact.data.get("left")
    group = f"the group {kit.esc(str(fact.data.get('group') or ''))}"
    return kit.mention(str(who)) if who else group + (f", since {kit.mention(str(left))} has left" if left else "")


def decided(fact: Fact) -> str:
    """Behind what follows an approval: “, since it was rejected”."""
    decision = fact.data.get("decision")
    return f", since it was {kit.esc(str(decision))}" if decision else ""


def with_whom(person: str | None, group: str | None, policy: Policy) -> str:
    """“with @agent”, “with Service desk”, “with nobody yet”. A person comes before their group."""
    return f"with {whose(person, group, policy)}"


def whose(person: str | None, group: str | None, policy: Policy) -> str:
    if person:
        return kit.mention(person)
    if group:
        known = policy.groups.get(group)
        return kit.esc(known.title if known else group)
    return "nobody yet"


def given(person: str, group: str = "") -> Callable[[Any, Policy], str]:
    """The answer to who gave a record to somebody; `person` and `group` are the columns that say to whom."""
    return lambda one, policy: f"is {with_whom(getattr(one, person), getattr(one, group or person), policy)} now."


def awaited(now: Standing, most: int = 5) -> str:
    """Whose votes are waited for: “one of @approver, @manager”, and all who are left where all are needed."""
    named, wanted = ", ".join(kit.mention(one) for one in now.left[:most]), now.needs - now.approved
    if len(now.left) > most:
        named += f" and {len(now.left) - most} more"
    return named if wanted >= len(now.left) else f"{'one' if wanted == 1 else wanted} of {named}"


def stands_in(owner: str | None) -> str:
    """Whose vote it would be, below what is said of it."""
    return f"\n:bust_in_silhouette: You stand in for {kit.mention(owner)}" if owner else ""
