"""`deskbell oncall when`: who a policy file has on call, and why."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.output import say, say_json
from bot.cli.policy.deadline import instant_of, zulu
from bot.cli.policy.policy import checked
from bot.rules.on_call.load import in_words, load
from bot.rules.on_call.policy import Rota
from bot.rules.on_call.shifts import OnCallShift, gaps, shifts
from bot.rules.policy.policy import Policy
from bot.rules.time.business_hours import BeyondHorizon
from bot.rules.time.local_time import zone_of

app = typer.Typer(no_args_is_help=True, help="Who is on call.")

PolicyFile = Annotated[Path, typer.Argument(help="A policy file, or a folder of them.")]
RotaKey = Annotated[str, typer.Option(help="A rota of the policy, by its key.")]
Since = Annotated[
    str, typer.Option("--from", help="An instant, like 2026-03-02T09:00; in the rota's zone if it has no offset.")
]
Until = Annotated[str, typer.Option("--to", help="An instant after it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command()
def when(file: PolicyFile, rota: RotaKey, begin: Since, end: Until, as_json: AsJson = False) -> None:
    """Print each shift between two instants, with the reason for it, and the time that nobody is on call."""
    with _faults_said():
        found, asked = _shifts(file, rota, begin, end)
    if as_json:
        say_json([_as_dict(one) for one in found])
        return
    for line in _lines(found, gaps(found, asked.since, asked.until), asked.zone):
        say(line)


@app.command("load")
def load_of(file: PolicyFile, rota: RotaKey, begin: Since, end: Until, as_json: AsJson = False) -> None:
    """Print for how many hours everybody is on call, at night, at weekends and on public holidays."""
    with _faults_said():
        turns, asked = _shifts(file, rota, begin, end)
        found = load(turns, asked.zone, asked.rota.is_holiday)
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        say(f"{one.person}: {in_words(one)}")


@dataclass(frozen=True)
class _Asked:
    rota: Rota
    zone: ZoneInfo
    since: datetime
    until: datetime


@contextmanager
def _faults_said() -> Iterator[None]:
    """What cannot be read or lies too far away ends the command with code 1."""
    try:
        yield
    except (typer.BadParameter, BeyondHorizon) as fault:
        say(str(fault), error=True)
        raise typer.Exit(1) from None


def _shifts(file: Path, key: str, begin: str, end: str) -> tuple[Sequence[OnCallShift], _Asked]:
    """Raises typer.BadParameter, BeyondHorizon."""
    rota = _known(checked(file), key)
    zone = zone_of(rota.zone)
    asked = _Asked(rota, zone, instant_of(begin, zone), instant_of(end, zone))
    if asked.until <= asked.since:
        raise typer.BadParameter("--to is not after --from.")
    return shifts(rota, asked.since, asked.until), asked


def _known(policy: Policy, rota: str) -> Rota:
    """Raises typer.BadParameter, naming those that there are."""
    if rota not in policy.rotas:
        raise typer.BadParameter(f"There is no rota “{rota}”. There are: {', '.join(policy.rotas) or 'none'}.")
    return policy.rotas[rota]


def _as_dict(shift: OnCallShift) -> dict[str, object]:
    return {
        "start": zulu(shift.start),
        "end": zulu(shift.end),
        "people": list(shift.people),
        "layer": shift.layer,
        "because": shift.because,
    }


def _lines(found: Sequence[OnCallShift], holes: Sequence[tuple[datetime, datetime]], zone: ZoneInfo) -> Iterator[str]:
    told = [(shift.start, shift.end, f"{' and '.join(shift.people)}: {shift.because}") for shift in found]
    told += [(start, end, "nobody") for start, end in holes]
    for start, end, words in sorted(told):
        begins, ends = (at.astimezone(zone) for at in (start, end))
        yield f"{begins:%a %Y-%m-%d %H:%M %z} to {ends:%a %Y-%m-%d %H:%M %z}  {words}"
