"""`deskbell audit key | verify | export | erase`; `sample` and `proof` stand in `audit_sample.py`."""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli import audit_sample
from bot.cli.errors import of_system
from bot.cli.output import say, say_json
from bot.settings import LocalSettings, SettingsFault, load_local, text_of

if TYPE_CHECKING:
    from bot.rules.journal.signing import Public
    from storage.journal.readers import Source
    from storage.journal.verification_report import KeptCheckpoint, Report

app = typer.Typer(no_args_is_help=True, help="The journal: check it, export it, and erase what a person typed.")

MOST_FAULTS = 20
CHANGED, UNCHECKED = 1, 2
"""Exit codes: something is not as it was written; it could not be looked at."""

Export = Annotated[Path | None, typer.Argument(help="An export (`deskbell audit export`); the database if left out.")]
Remembered = Annotated[
    list[str] | None,
    typer.Option("--checkpoint", help="A checkpoint's line, or a file of them; DESKBELL_AUDIT_FILE if left out."),
]
Keys = Annotated[
    list[str] | None,
    typer.Option("--public-key", help="In base64, or a PEM file; the one of DESKBELL_AUDIT_KEY if left out."),
]


@app.command()
def key(
    public: Annotated[
        bool, typer.Option("--public", help="Tell the public half of DESKBELL_AUDIT_KEY instead.")
    ] = False,
) -> None:
    """Make a key that signs checkpoints, and say its public half, which an auditor keeps."""
    from bot.rules.journal import signing

    settings = load_local() if public else None
    if settings is not None and settings.audit_key is None:
        _stop("DESKBELL_AUDIT_KEY is not set; `deskbell audit key` makes one.")
    seed = settings.audit_key.get_secret_value() if settings and settings.audit_key else signing.new_seed()
    half = signing.signer(seed).public
    if not public:
        say(f"DESKBELL_AUDIT_KEY={seed}")
    say(f"# public key {half.text}, id {half.id}")


@app.command()
def verify(
    file: Export = None,
    checkpoint: Remembered = None,
    public_key: Keys = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Check that nothing on record was changed, taken out, put in, moved or cut off. Exit code 1 if anything was.

    Exit code 2 if it could not be looked at. Reads only, and speaks to nobody.
    """
    from storage.journal import export as journal_export
    from storage.journal import verify as journal_verify

    with _lookable():
        settings = load_local()
        witnesses, keys = _witnesses(checkpoint, settings), _keys(public_key, settings)
        if file is not None:
            report = journal_export.verify(file, witnesses, keys)
        else:
            report = journal_verify.verify(source_of(settings), witnesses, keys)
    if as_json:
        say_json({"sound": not report.faults, "facts": report.facts, "root": report.root, "faults": report.faults})
    else:
        for line in _told(report, remembered=bool(witnesses), keyed=bool(keys)):
            say(line)
    raise typer.Exit(CHANGED if report.faults else 0)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write JSON Lines; “-” for standard output.")],
    words: Annotated[bool, typer.Option(help="With what people typed, or without.")] = True,
) -> None:
    """Write all that is sealed to a file that can be verified without the database."""
    from storage.journal import export as journal_export

    with _lookable():
        source = source_of(load_local())
        if str(file) == "-":
            journal_export.write(source, sys.stdout, words=words)
            return
        with file.open("w", encoding="utf-8", newline="\n") as out:
            count = journal_export.write(source, out, words=words)
    say(f"{count:,} facts {'with' if words else 'without'} words are in {file}.")
    say(f"To check it: deskbell audit verify {file}")


@app.command()
def erase(
    person: Annotated[
        str,
        typer.Argument(help="A Slack id, like U012AB3CD, or the address by which somebody without Slack wrote."),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Forget for good what a person typed, and their name. The journal still verifies; their id stays in it."""
    if not yes:
        typer.confirm(f"Erase what {person} typed? This cannot be taken back.", abort=True)
    say(asyncio.run(_erased(person, load_local())))


app.command()(audit_sample.sample)
app.command()(audit_sample.proof)


async def _erased(person: str, settings: LocalSettings) -> str:
    from bot.cli.database import require
    from bot.cli.transaction import desk
    from bot.rules.record.facts import SYSTEM
    from bot.usecases.mail import erasing

    require(settings.database_url.get_secret_value())
    async with desk(settings) as database, database.begin() as tx:
        gone = await erasing.erase(tx, person, by=SYSTEM, now=datetime.now(UTC))
    if "@" in person:
        named = "their address" if gone.known or gone.messages else "no address, for nobody wrote by it"
    else:
        named = "their name" if gone.known else "no name, for they were not in the directory"
    mails = f", {gone.messages} e-mails" if gone.messages else ""
    return f"Erased of {person}: the words of {gone.facts} facts, {gone.texts} other texts{mails}, {named}."


@contextmanager
def _lookable() -> Iterator[None]:
    """What cannot be looked at is told from what was changed, by another exit code."""
    from storage.journal.readers import Unreadable

    try:
        yield
    except (Unreadable, SettingsFault) as fault:
        _stop(str(fault))
    except OSError as fault:
        _stop(of_system(fault))
    except sqlite3.Error as fault:  # a damaged page is found where it is read
        _stop(f"The database cannot be read to its end: {fault}. `deskbell restore FILE` puts a copy in its place.")


def _stop(sentence: str) -> NoReturn:
    say(sentence, error=True)
    raise typer.Exit(UNCHECKED)


def source_of(settings: LocalSettings) -> "Source":
    from sqlalchemy import make_url

    from storage.journal.readers import Source

    where = make_url(settings.database_url.get_secret_value())
    if where.get_backend_name() == "sqlite":
        return Source(where.database or "", is_sqlite=True)
    return Source(where.set(drivername="postgresql").render_as_string(hide_password=False), is_sqlite=False)


def _witnesses(given: list[str] | None, settings: LocalSettings) -> list["KeptCheckpoint"]:
    from bot.rules.journal.checkpoints import found_in
    from storage.journal.verification_report import KeptCheckpoint as Witness

    if not given and settings.audit_file is not None and settings.audit_file.is_file():
        given = [str(settings.audit_file)]
    found = []
    for one in given or ():
        path = None if "size=" in one else Path(one)
        points = list(found_in(one if path is None else text_of(path)))
        if not points:
            _stop(f"There is no checkpoint in “{one}”. It is a line that begins with deskbell-checkpoint/1.")
        found += [Witness(str(path or "what was given"), point) for point in points]
    return found


def _keys(given: list[str] | None, settings: LocalSettings) -> list["Public"]:
    from bot.rules.journal import signing

    try:
        if given:
            return [signing.public(text_of(Path(one)) if one.endswith(".pem") else one) for one in given]
    except signing.UnfitKey as fault:
        _stop(f"The public key {fault}.")
    return [signing.signer(settings.audit_key.get_secret_value()).public] if settings.audit_key else []


def _told(report: "Report", *, remembered: bool, keyed: bool) -> Iterator[str]:
    if report.faults:
        yield f"NOT as it was written: {_count(len(report.faults), 'fault')} in a journal of {report.facts:,} facts."
        yield from (f"  {_printable(fault)}" for fault in report.faults[:MOST_FAULTS])
        if len(report.faults) > MOST_FAULTS:
            yield f"  … and {len(report.faults) - MOST_FAULTS} more."
    else:
        yield f"{_count(report.facts, 'fact')} verified: each is as it was sealed, and none is missing between two."
    for where, count in report.fitting.items():
        yield f"{_count(count, 'checkpoint')} of {where}: fitting."
    if report.newest is not None:
        yield f"The newest that fits counts {report.newest.size:,} facts, at {report.newest.at:%Y-%m-%d %H:%M:%S} UTC."
    if report.erased:
        yield f"{_count(report.erased, 'fact')} without words: erased, as is on record."
    if report.unsealed:
        yield f"{_count(report.unsealed, 'fact')} not sealed yet: nothing vouches for the newest but the database."
    if not remembered:
        yield "No checkpoint was given: whoever recomputed the whole chain goes unnoticed. Give one with --checkpoint."
    if not keyed:
        yield "Signatures were not looked at. Give the public key with --public-key."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _printable(text: str) -> str:
    """What somebody put into a database need not be text."""
    return text.encode(errors="backslashreplace").decode()
