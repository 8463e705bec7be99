"""The table of a run, as docs/reliability.md has it."""

from dataclasses import dataclass, field

from checks.observation import COLUMNS, Finding


@dataclass
class Table:
    rows: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, name: str, database: str, found: Finding) -> None:
        self.findings.append(found)
        self.rows.append(_row(f"{name}, {database}", found))

    @property
    def clean(self) -> bool:
        return all(one.clean for one in self.findings)

    def lines(self) -> list[str]:
        heads = ("campaign", "messages", "faults", "in flight", *COLUMNS, "recovery")
        total = Finding()
        for one in self.findings:
            total.messages, total.faults = total.messages + one.messages, total.faults + one.faults
            total.taken_over += one.taken_over
            total.counts.update(one.counts)
            total.recovery = max(total.recovery, one.recovery)
        rule = "|".join(["---"] + ["--:"] * (len(heads) - 1))
        return ["| " + " | ".join(heads) + " |", f"|{rule}|", *self.rows, _row("**all**", total)]


def _row(name: str, found: Finding) -> str:
    counts = (found.taken_over, *(found.counts[one] for one in COLUMNS))
    cells = [name, f"{found.messages:,}", f"{found.faults:,}", *counts]
    recovery = f"{found.recovery:.2f}" if found.recovery else ""
    return "| " + " | ".join(map(str, [*cells, recovery])) + " |"
