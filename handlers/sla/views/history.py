"""What is said of promises where an incident's story is told."""

from bot.rules.record.facts import FactKind

SAID = {
    FactKind.SLA_TAKEN: "is on it",
    FactKind.SLA_EXCUSED: "excused the breach of “{clock}”",
}
"""Behind the name of who did it."""
