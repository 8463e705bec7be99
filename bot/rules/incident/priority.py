"""How much it matters: impact and urgency give the priority, by the policy's matrix (ISO/IEC 20000-1, 8.6.1)."""

from enum import StrEnum


class Impact(StrEnum):
    """How much of the organisation is held up."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def asked(self) -> str:
        """As somebody who reports would say it."""
        return {Impact.HIGH: "Everyone", Impact.MEDIUM: "My team", Impact.LOW: "Just me"}[self]


class Urgency(StrEnum):
    """How soon it hurts."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Priority(StrEnum):
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"

    @property
    def label(self) -> str:
        """“P1 Critical”, as people say it."""
        return f"{self.value} {_SPOKEN[self]}"


_SPOKEN = {
    Priority.P1: "Critical",
    Priority.P2: "High",
    Priority.P3: "Medium",
    Priority.P4: "Low",
    Priority.P5: "Planning",
}
