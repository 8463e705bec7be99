"""Packs of a small desk, and ways to tamper with them that leave a well-formed container."""

import asyncio
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from databases import fresh_sqlite
from pack_reader import Read

from bot.cli import main
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from bot.usecases.action.actions import Promise, add
from bot.usecases.incident.incidents import Report, log
from storage.db import schema
from storage.db.database import Database
from storage.iso.container import Container
from storage.tables import Person
from storage.workspace import people

JANUARY = datetime(2026, 1, 5, 9, tzinfo=UTC)
SECRET = "Phished: the password was «hunter2»"


async def lived(url, count=30):
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by="U1", now=JANUARY)
        await people.upsert(tx, Person(id="U1", name="Author", seen_at=JANUARY))
        for number in range(count):
            now = JANUARY + timedelta(days=number)
            await log(tx, Report("Mail <slow> & “odd” ساعة", "", "email", Impact.LOW, Urgency.LOW), by="U1", now=now)
        private = Report(SECRET, SECRET, "email", Impact.LOW, Urgency.LOW, private=True)
        await log(tx, private, by="U1", now=JANUARY)
        await add(tx, Promise("Mend it", (JANUARY + timedelta(days=9)).date()), by="U1", now=JANUARY)
    await database.close()


def packed_in(folder, count, **environment):
    """The bytes of a pack of a desk with so many incidents."""
    url = fresh_sqlite(folder)
    schema.migrate(url)
    asyncio.run(lived(url, count))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in {"DESKBELL_DATABASE_URL": url, **environment}.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit):
            main(["iso", "pack", "--period", "2026-Q1", "pack.zip"])
    return (folder / "pack.zip").read_bytes()


def written(files):
    """A whole container of ours of these names and contents: what somebody makes who knows how."""
    out = io.BytesIO()
    container = Container(out)
    for name, content in files:
        container.add(name, [content])
    container.close()
    return out.getvalue()


def rewritten(pack, change):
    return written(change(dict(Read(pack).files)).items())


def resealed(files):
    """The manifest made to fit, and sealed anew."""
    manifest = json.loads(files["manifest.json"])
    for one in manifest["files"]:
        content = files[one["path"]]
        one["sha256"], one["bytes"] = hashlib.sha256(content).hexdigest(), len(content)
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
    sealed = [name for name in ("manifest.json", "manifest.sig") if name in files]
    seal = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sealed)
    return files | {"manifest.sha256": seal.encode()}


def swapped(files, one, other):
    names = list(files)
    at, to = names.index(one), names.index(other)
    names[at], names[to] = names[to], names[at]
    return {name: files[name] for name in names}
