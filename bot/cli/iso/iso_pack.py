"""`deskbell iso pack`: the evidence of a period in one file that can be checked without Deskbell."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.audit_sample import refusals, signing_of
from bot.cli.output import say, say_json
from bot.rules.iso import periods, sampling
from bot.rules.iso.pack import MANIFEST, SEAL, SIGNATURE, About, entry, manifest, seal
from bot.rules.iso.refusals import NothingSealed
from bot.settings import LocalSettings, load_local

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from bot.usecases.iso.packing import Packing, Progress
    from storage.db.database import Database


def pack(
    out: Annotated[Path, typer.Argument(help="The file to write, like evidence.zip.")],
    period: Annotated[str, typer.Option("--period", help="2026-Q1, 2026-03, 2026.")],
    word: Annotated[str, typer.Option("--word", help="The auditor's word, for the samples.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Write the evidence of a period: records, policies, figures, samples, checkpoints, and how to check it all.

    The same records give the same bytes. First all facts are sealed, and a checkpoint is made over them.
    """
    with refusals():
        within, settings = periods.named(period), load_local()
        said = sampling.word_of(word) if word else ""
        about, files, digest = asyncio.run(_packed(settings, out, period.strip(), said))
    if as_json:
        told = {"path": str(out), "files": files, "manifest_sha256": digest, "checkpoint": about.point.line}
        say_json(told)
        return
    say(f"{files} files of {periods.shown(within)} are in {out}.")
    say(f"Manifest {digest}: tell it to the auditor by another way than with the pack.")
    say(f"Checkpoint {about.point.line}")
    say("VERIFY.md in it says how it is checked: python3 verify.py PACK.zip")


async def _packed(settings: LocalSettings, out: Path, named: str, word: str) -> tuple[About, int, str]:
    """What it is about, how many files, and the digest of its manifest. Raises Unreadable, SchemaUnfit, BrokenTree."""
    from bot.cli.database import opened, require

    url = settings.database_url.get_secret_value()
    require(url)
    async with opened(url) as database:
        packing = await _frozen(database, settings, named, word)
        with _progress() as packing.progress:
            async with database.read(long=True) as tx:
                files, digest = await _write(tx, packing, settings, out)
    return packing.about, files, digest


async def _frozen(database: "Database", settings: LocalSettings, named: str, word: str) -> "Packing":
    """Raises NothingSealed, BrokenTree."""
    from bot.cli.audit import source_of
    from bot.usecases.iso.freezing import freeze
    from bot.usecases.iso.packing import Packing
    from storage.iso import frozen

    period = periods.named(named)
    async with database.begin() as tx:
        point = await freeze(tx, datetime.now(UTC), signing_of(settings))
    if point is None:
        raise NothingSealed
    with source_of(settings).opened() as reading:
        points = [one.point for one in reading.checkpoints() if one.point.size <= point.size]
        with closing(frozen.rows_of(reading, point.size)) as rows:
            found = frozen.read(rows, point, within=period)
    return Packing(About(named, period, point, word), found, points)


async def _write(tx: "AsyncSession", packing: "Packing", settings: LocalSettings, out: Path) -> tuple[int, str]:
    """Beside its place first, so that a pack that is not whole is never taken for one. Raises OSError."""
    from bot.usecases.iso.packing import parts
    from storage.iso.container import Container

    beside = out.with_name(f"{out.name}.part")
    try:
        with beside.open("wb") as file:
            container, files = Container(file), []
            async for part in parts(tx, packing, _verifier()):
                added = container.add(part.path, part.pieces)
                files.append(entry(part, added.sha256, added.size, packing.about))
            told = manifest(packing.about, files, packing.left_out)
            container.add(MANIFEST, [told])
            signature = _signature(settings, told)
            container.add(SEAL, [seal(told, signature)])
            if signature is not None:
                container.add(SIGNATURE, [signature])
            container.close()
        beside.replace(out)
    except OSError as fault:
        raise OSError(fault.errno, fault.strerror, str(out)) from fault
    finally:
        beside.unlink(missing_ok=True)
    return len(files), sha256(told).hexdigest()


def _verifier() -> bytes:
    return resources.files("bot.rules.iso").joinpath("verify_pack.py").read_bytes()


def _signature(settings: LocalSettings, content: bytes) -> bytes | None:
    from bot.rules.journal import signing

    key = settings.audit_key
    return None if key is None else signing.signer(key.get_secret_value()).sign_bytes(content)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Records", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
