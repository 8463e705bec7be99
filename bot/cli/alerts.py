"""`deskbell alerts try`: what a source's delivery would lead to, and why."""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import policy_files
from bot.cli.output import say, say_json
from bot.cli.policy.deadline import instant_of, zulu
from bot.cli.policy.policy import checked
from bot.rules.alert.alerts import Reading
from bot.rules.alert.formats import read
from bot.rules.alert.rehearsal import Explained, Rehearsal
from bot.rules.alert.services import service_of
from bot.rules.policy.policy import Policy, restore
from bot.rules.time.local_time import zone_of
from bot.settings import LocalSettings, load_local

app = typer.Typer(no_args_is_help=True, help="Alerts of monitoring systems.")
LARGEST = 1024 * 1024


@app.callback()
def _alerts() -> None:
    """A group of commands."""


@app.command("try")
def try_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="What the source delivers, as JSON. Several come in order.")
    ],
    source: Annotated[str, typer.Option(help="A source of the policy, by its key.")],
    policy_file: Annotated[
        Path | None,
        typer.Option("--policy", help="A policy file or a folder; DESKBELL_POLICY or the policy in force if left out."),
    ] = None,
    at: Annotated[str | None, typer.Option(help="When it comes, like 2026-03-02T09:00Z; now if left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Explain what deliveries would lead to on a desk that knows of no alert yet. Changes nothing, tells nobody."""
    policy = checked(policy_file) if policy_file else _policy(load_local())
    try:
        if source not in policy.alerts:
            known = ", ".join(policy.alerts) or "none; the policy has no section [alerts.NAME]"
            raise typer.BadParameter(f"There is no source “{source}”. There are: {known}.")
        now = instant_of(at, zone_of("UTC")) if at else datetime.now(UTC)
        contents = [_content(file) for file in files]
    except typer.BadParameter as fault:
        say(str(fault), error=True)
        raise typer.Exit(1) from None
    rehearsal = Rehearsal(policy.alerts[source])
    found = [_Delivery(file, *_played(rehearsal, content, now)) for file, content in zip(files, contents, strict=True)]
    if as_json:
        say_json([_as_dict(one, delivery, policy, source) for delivery in found for one in delivery.explained])
    else:
        for line in _lines(found, policy, source):
            say(line)
    faults = [f"{one.file}: {said}." for one in found for said in one.reading.faults]
    for said in faults:
        say(said, error=True)
    raise typer.Exit(1 if faults else 0)


class _Delivery:
    def __init__(self, file: Path, reading: Reading, explained: Sequence[Explained]) -> None:
        self.file, self.reading, self.explained = file, reading, explained


def _played(rehearsal: Rehearsal, content: bytes, now: datetime) -> tuple[Reading, list[Explained]]:
    reading = read(rehearsal.source, content, made=secrets.token_hex(16))
    return reading, [rehearsal.hear(one, now) for one in reading.alerts]


def _content(file: Path) -> bytes:
    """Raises typer.BadParameter."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as fault:
        raise typer.BadParameter(f"{file} cannot be read: {fault.strerror}.") from None
    if len(content) > LARGEST:
        raise typer.BadParameter(f"{file} has more than 1 MiB; the door takes no delivery that is larger.")
    return content


def _policy(settings: LocalSettings) -> Policy:
    """The one that the next start puts in force, else the one in force, else the default."""
    if settings.policy is not None:
        return policy_files.load(settings.policy)
    from bot.cli.policy import versions

    return restore(asyncio.run(versions.in_force(settings))[1])


def _as_dict(one: Explained, delivery: _Delivery, policy: Policy, source: str) -> dict[str, object]:
    alert, rule = one.alert, policy.alerts[source]
    weight = rule.weight(alert.severity)
    return {
        "file": str(delivery.file),
        "key": alert.key,
        "group": alert.group,
        "state": alert.state.value,
        "title": alert.title,
        "severity": alert.severity,
        "service": service_of(alert, rule, policy.services),
        "priority": policy.priority(weight.impact, weight.urgency).value,
        "starts_at": zulu(alert.starts_at) if alert.starts_at else None,
        "ends_at": zulu(alert.ends_at) if alert.ends_at else None,
        "link": alert.link,
        "labels": dict(alert.labels),
        "does": one.decision.does.value,
        "incident": one.decision.incident or None,
        "because": one.decision.because,
    }


def _lines(found: Sequence[_Delivery], policy: Policy, source: str) -> Iterator[str]:
    rule = policy.alerts[source]
    for delivery in found:
        yield f"{delivery.file}: {len(delivery.explained)} read as {rule.format.value}"
        if more := delivery.reading.left_out:
            yield f"  {more} more alerts are not in it: the source left them out, or they are too many"
        if delivery.reading.confirm:
            yield "  asks to confirm a subscription; a running Deskbell does so once Amazon's signature is verified"
        for one in delivery.explained:
            shown = _as_dict(one, delivery, policy, source)
            yield f"  {one.alert.state.value}: {one.alert.title}"
            yield f"    known by {one.alert.key}, in the group {one.alert.group}"
            yield f"    about {policy.service_name(str(shown['service']))}, {shown['priority']} by {_severity(one)}"
            named = f" ({one.decision.incident})" if one.decision.incident else ""
            yield f"    {one.decision.does.value}{named}: {one.decision.because}"


def _severity(one: Explained) -> str:
    return f"the severity “{one.alert.severity}”" if one.alert.severity else "no severity"
