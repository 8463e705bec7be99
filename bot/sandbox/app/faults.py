"""Faults on demand: what a network and a busy Slack do to a caller, chosen by a test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class Fault:
    """One way in which the next `times` calls of a method go wrong (None: until cleared)."""

    method: str
    status: int | None = None
    retry_after: int | None = None
    error: str | None = None
    drop: bool = False
    delay: float = 0.0
    accept: bool = False
    times: int | None = 1
    match: Callable[[Mapping[str, Any]], bool] | None = None

    def concerns(self, method: str, args: Mapping[str, Any]) -> bool:
        """Whether it is still armed and meant for this call."""
        return self.times != 0 and self.method in (method, "*") and (self.match is None or self.match(args))


class Faults:
    """The faults that are armed, first come first served."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []

    def add(
        self,
        method: str = "*",
        *,
        status: int | None = None,
        retry_after: int | None = None,
        error: str | None = None,
        drop: bool = False,
        delay: float = 0.0,
        accept: bool = False,
        times: int | None = 1,
        match: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> Fault:
        """Arm a fault: an HTTP status, an `ok:false` error, a dropped connection, or a delay in seconds.

        With `accept` the call is carried out all the same and only its answer is lost.
        """
        fault = Fault(method, status, retry_after, error, drop, delay, accept, times, match)
        self.armed.append(fault)
        return fault

    def clear(self) -> None:
        self.armed.clear()

    def take(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The fault that this call meets, if any; one of its times is used up."""
        for fault in self.armed:
            if fault.concerns(method, args):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
