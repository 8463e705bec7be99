"""What is said of promises where an incident's story is told, after the name of who did it."""

from bot.rules.facts import FactKind

SAID = {
    FactKind.SLA_STARTED: "started the clock “{clock}”",
    FactKind.SLA_PAUSED: "paused the clock “{clock}”",
    FactKind.SLA_RESUMED: "resumed the clock “{clock}”",
    FactKind.SLA_RETARGETED: "gave the clock “{clock}” another target",
    FactKind.SLA_WARNED: "told that “{clock}” stands at {threshold} %",
    FactKind.SLA_BREACHED: "recorded the breach of “{clock}”",
    FactKind.SLA_MET: "kept “{clock}”",
    FactKind.SLA_MISSED: "was late with “{clock}”",
    FactKind.SLA_CANCELLED: "ended the clock “{clock}”",
    FactKind.SLA_REOPENED: "had the clock “{clock}” run on",
    FactKind.SLA_TAKEN: "has it",
    FactKind.SLA_EXCUSED: "excused the breach of “{clock}”",
}
