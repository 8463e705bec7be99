"""What is done to a record of any noun. A value completes “can …”: the only place that says it."""

from enum import StrEnum


class RecordAct(StrEnum):
    NOTE = "write a note on {ref}"
    INFORM = "add information to {ref}"
    """Those whom it concerns may, without working on it."""
    UPDATE = "write an update on {ref}"
    LINK = "link {ref} to another record"
    ACT = "add an action to {ref}"
    PROBLEM = "raise a problem from {ref}"
    DRAW = "have {ref} drawn"
    UNLINK = "undo a link of {ref}"
    REVIEW = "ask for a review of {ref}"
    SHARE = "have somebody told about {ref}"
    """Of a public record any member may; of a private one it lets somebody see it."""
