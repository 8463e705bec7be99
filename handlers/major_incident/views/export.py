"""A major incident's timeline as Markdown."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.rules.incident.priority import Priority
from bot.rules.major_incident.history_text import Teller, is_told
from bot.rules.record.facts import Fact
from bot.rules.review.written_out import markdown_line
from handlers.major_incident.views.messages import MajorSeen
from storage.tables import TimelineEntry


def document(one: MajorSeen, facts: Sequence[Fact], entries: Sequence[TimelineEntry], who: Callable[[str], str]) -> str:
    """Facts and what people put beside them, in the order in which they happened; all times in UTC."""
    teller = Teller(who, lambda key: markdown_line(one.role(key)), markdown_line)
    lines = [(fact.at, f"- {_at(fact.at)} {teller.line(fact)}") for fact in facts if is_told(fact)]
    lines += [(entry.at, _entry(entry, who)) for entry in entries if entry.text is not None]
    return "\n".join([*_head(one, who), *(line for _, line in sorted(lines, key=lambda each: each[0])), ""])


def _head(one: MajorSeen, who: Callable[[str], str]) -> list[str]:
    roles = [f"- {markdown_line(one.role(key))}: {who(holder)}" for key, holder in one.roles.items()]
    ended = [f"- Over: {_at(one.major.ended_at)}"] if one.major.ended_at else []
    return [
        f"# {one.ref} {markdown_line(one.incident.summary)}",
        "",
        f"- Priority: {Priority(one.incident.priority).label}",
        f"- Service: {markdown_line(one.policy.service_name(one.incident.service))}",
        f"- Status: {one.said}",
        f"- Declared: {_at(one.major.declared_at)}, by {who(one.major.declared_by)}",
        *ended,
        *roles,
        "",
        "## Timeline (UTC)",
        "",
    ]


def _entry(entry: TimelineEntry, who: Callable[[str], str]) -> str:
    link = f" ([message]({entry.permalink}))" if entry.permalink else ""
    edited = f" (edited by {who(entry.edited_by)})" if entry.edited_by else ""
    return f"- {_at(entry.at)} {who(entry.author)}: {markdown_line(entry.text or '')}{link}{edited}"


def _at(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
