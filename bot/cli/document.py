"""`deskbell document`: controlled documents at the terminal: listed, read, begun, written from a file, compared."""

import hashlib
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.output import say, say_json, say_table
from bot.cli.transaction import run
from bot.rules.record.facts import OPERATOR
from bot.rules.record.refs import Noun, Ref

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from storage.tables import ControlledDocument

    Work = Callable[[AsyncSession, str, datetime], Awaitable[Any]]

app = typer.Typer(no_args_is_help=True, help="Controlled documents: policies, plans, processes.")
FILE_MOST = 20_000_000

Which = Annotated[str, typer.Argument(help="Which one, like DOC-1.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command("list")
def list_(
    words: Annotated[list[str] | None, typer.Argument(help="late, in-force, a clause like 8.6.3, all, …")] = None,
    as_json: AsJson = False,
) -> None:
    """Name the documents that stand, or those that the words say. Reads only."""
    found = run(lambda tx, now: _listed(tx, " ".join(words or ()), now))
    if as_json:
        say_json(found)
        return
    rows = [(o["ref"], o["title"], o["sort"], o["state"], str(o["version"]), o["review_on"] or "", o["owner"] or "")
            for o in found]  # fmt: skip
    say_table(("document", "title", "what", "state", "version", "review by", "owner"), rows)


@app.command()
def show(
    ref: Which,
    version: Annotated[int | None, typer.Option("--version", min=1, help="One that was approved.")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="As it is written now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print its text: of the version in force, or of the draft where none is. Reads only."""
    found = run(lambda tx, _now: _shown(tx, _ref(ref), version, draft=draft))
    if as_json:
        say_json(found)
        return
    say(found["text"].rstrip("\n"))


@app.command()
def new(
    sort: Annotated[str, typer.Argument(help="What it is: policy, scope, process, audit programme, …")],
    title: Annotated[str, typer.Option("--title", help="That of its template if left out.")] = "",
    clauses: Annotated[str, typer.Option("--clauses", help="It is evidence for these: “8.6.1 8.6.3”.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="Its text in Markdown; a template if left out.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="A Slack id; the managers' group if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Begin a document. Its text is a template, filled from the policy in force, or a file."""
    text = None if file is None else _text(_bytes(file), file)
    made = run(lambda tx, now: _begun(tx, (sort, title, clauses, text, owner), OPERATOR, now), writes=True)
    if as_json:
        say_json(made)
    else:
        say(f"{made['ref']} {made['title']} is a draft for {', '.join(made['clauses']) or 'no clause yet'}.")


@app.command()
def put(
    ref: Which,
    file: Annotated[Path, typer.Argument(help="Its text in Markdown; any other file with --kept-at.")],
    kept_at: Annotated[str, typer.Option("--kept-at", help="Where the file is kept: its SHA-256 is recorded.")] = "",
) -> None:
    """Write a draft from a file."""
    read = _bytes(file)
    digest = hashlib.sha256(read).hexdigest() if kept_at else ""
    text = f"The file {file.name}, kept at {kept_at}. SHA-256: {digest}\n" if kept_at else _text(read, file)
    found = run(lambda tx, now: _put(tx, _ref(ref), (text, kept_at, digest), OPERATOR, now), writes=True)
    say(f"{found['ref']} has this text now. Put it to review: `/document submit {found['ref']}`.")


@app.command()
def diff(
    ref: Which,
    before: Annotated[int | None, typer.Option("--from", min=0, help="A version; the one before if left out.")] = None,
    after: Annotated[int | None, typer.Option("--to", min=1, help="A version; the draft if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print how two versions differ, line by line. Reads only."""
    lines = run(lambda tx, _now: _compared(tx, _ref(ref), before, after))
    if as_json:
        say_json(lines)
        return
    for line in lines or ["They say the same."]:
        say(line)


@app.command()
def readers(ref: Which, as_json: AsJson = False) -> None:
    """Say who was asked to read the version in force, and who has. Reads only."""
    found = run(lambda tx, _now: _readers(tx, _ref(ref)))
    if as_json:
        say_json(found)
        return
    rows = [(o["name"], o["asked_at"] or "unasked", o["read_at"] or "not yet") for o in found]
    say_table(("person", "asked", "read and understood"), rows)


@app.command()
def template(
    sort: Annotated[str, typer.Argument(help="policy, scope, process, audit programme, …")],
    clause: Annotated[str, typer.Option("--clause", help="Of a process: the clause that it is for.")] = "",
) -> None:
    """Print a template, filled from the policy in force. Reads only."""
    say(run(lambda tx, _now: _template(tx, sort, clause)).rstrip("\n"))


async def _listed(tx: "AsyncSession", typed: str, now: datetime) -> list[dict[str, Any]]:
    from bot.rules.document.list_filter import read
    from storage.document import documents as stored

    found = await stored.page(tx, read(typed), OPERATOR, now.date().isoformat(), 10_000)
    return [await _as_dict(tx, one) for one in found]


async def _as_dict(tx: "AsyncSession", one: "ControlledDocument") -> dict[str, Any]:
    from bot.rules.iso.wording import zulu
    from bot.usecases.document import access
    from storage.document import documents as stored

    asked, read = await stored.how_many_read(tx, one.number, one.version)
    return {
        "ref": str(one.ref), "title": one.title, "sort": one.sort, "state": one.state, "owner": one.owner,
        "group": one.owner_group, "version": one.version, "in_force": access.is_in_force(one),
        "since": zulu(one.since) if one.since else None, "review_on": one.review_on or None,
        "clauses": await stored.clauses(tx, one.number), "readers": one.readers.split(), "asked": asked, "read": read,
    }  # fmt: skip


async def _shown(tx: "AsyncSession", ref: Ref, number: int | None, *, draft: bool) -> dict[str, Any]:
    from bot.rules.document.text import digest
    from bot.rules.iso.wording import zulu
    from bot.usecases.document import access, reading
    from storage.document import documents as stored

    document = await access.find(tx, ref)
    if number is not None and not draft:
        await reading.version(tx, document, number)
    text = document.text if draft else await reading.shown(tx, document, number)
    versions = [
        {"version": one.version, "digest": one.digest, "summary": one.summary, "written_by": one.writers.split(),
         "approved_by": one.approved_by.split(), "approved_at": zulu(one.approved_at),
         "effective_at": zulu(one.effective_at) if one.effective_at else None,
         "ended_at": zulu(one.ended_at) if one.ended_at else None}
        for one in await stored.versions(tx, ref.number)
    ]  # fmt: skip
    return await _as_dict(tx, document) | {"versions": versions, "digest": digest(text), "text": text}


async def _begun(
    tx: "AsyncSession", typed: tuple[str, str, str, str | None, str | None], by: str, now: datetime
) -> dict[str, Any]:
    from bot.rules.document.templates import sort_named
    from bot.usecases.document import documents

    sort, title, clauses, text, owner = typed
    begun = documents.Begun(title, sort_named(sort), clauses, text, owner)
    return await _as_dict(tx, await documents.begin(tx, begun, by=by, now=now))


async def _put(tx: "AsyncSession", ref: Ref, read: tuple[str, str, str], by: str, now: datetime) -> dict[str, Any]:
    from bot.usecases.document import documents

    text, kept_at, digest = read
    found = await documents.write(tx, ref, text, kept_at=kept_at, file_digest=digest, by=by, now=now)
    return {"ref": str(found.ref)}


async def _compared(tx: "AsyncSession", ref: Ref, before: int | None, after: int | None) -> list[str]:
    from bot.usecases.document import access, reading

    return await reading.differences(tx, await access.find(tx, ref), before, after)


async def _readers(tx: "AsyncSession", ref: Ref) -> list[dict[str, Any]]:
    from bot.rules.iso.wording import zulu
    from bot.usecases.document import access
    from storage.document import documents as stored
    from storage.workspace import people

    document = await access.find(tx, ref)
    rows = await stored.readings(tx, ref.number, document.version)
    names = {one.id: one.name for one in await people.several(tx, [row.person for row in rows])}
    return [
        {"person": one.person, "name": names.get(one.person, one.person), "version": one.version,
         "asked_at": zulu(one.asked_at) if one.asked_at else None,
         "read_at": zulu(one.read_at) if one.read_at else None}
        for one in rows
    ]  # fmt: skip


async def _template(tx: "AsyncSession", sort: str, clause: str) -> str:
    from bot.rules.document.templates import sort_named
    from bot.usecases.document import documents

    found = documents.clauses_named(clause)
    return await documents.template(tx, sort_named(sort), found[0] if found else None)


def _ref(typed: str) -> Ref:
    """Raises UnknownReference."""
    return Ref.parse(typed, Noun.DOCUMENT)


def _bytes(file: Path) -> bytes:
    try:
        read = sys.stdin.buffer.read(FILE_MOST + 1) if str(file) == "-" else file.read_bytes()
    except OSError as fault:
        say(f"{file} cannot be read: {fault.strerror}.", error=True)
        raise typer.Exit(1) from None
    if len(read) > FILE_MOST:
        say(f"{file} has more than {FILE_MOST:,} bytes.", error=True)
        raise typer.Exit(1)
    return read


def _text(read: bytes, file: Path) -> str:
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError:
        say(f"{file} is no text in UTF-8. Give --kept-at WHERE, and its SHA-256 is recorded instead.", error=True)
        raise typer.Exit(1) from None
