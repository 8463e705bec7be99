"""What is said of promises where an incident's story is told."""

from bot.rules.record.facts import FactKind

OF_THEMSELVES = {
    FactKind.SLA_STARTED: "the clock “{clock}” started",
    FactKind.SLA_PAUSED: "the clock “{clock}” paused",
    FactKind.SLA_RESUMED: "the clock “{clock}” runs again",
    FactKind.SLA_RETARGETED: "the clock “{clock}” has another target",
    FactKind.SLA_WARNED: "“{clock}” stands at {threshold} %",
    FactKind.SLA_BREACHED: "“{clock}” was breached",
    FactKind.SLA_MET: "“{clock}” was done in time",
    FactKind.SLA_MISSED: "“{clock}” was done late",
    FactKind.SLA_CANCELLED: "the clock “{clock}” ended: nothing more is promised",
    FactKind.SLA_REOPENED: "the clock “{clock}” runs on",
}
"""Whole sentences: a clock starts and stops by itself, whoever took the step that it follows."""
SAID = {
    FactKind.SLA_TAKEN: "is on it",
    FactKind.SLA_EXCUSED: "excused the breach of “{clock}”",
}
"""Behind the name of who did it."""
