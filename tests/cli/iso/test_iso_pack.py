"""`deskbell iso pack`: the same bytes for the same records, and a pack that says when anything in it was changed."""

import asyncio
import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_reader import Read, problems
from pack_steps import JANUARY, lived, packed_in, resealed, rewritten, swapped

from bot.rules.document.flow import DocumentStep
from bot.rules.document.text import digest
from bot.rules.iso import verify_pack
from bot.rules.iso.criteria import Document
from bot.rules.journal import signing
from bot.rules.record.facts import OPERATOR, SYSTEM
from bot.usecases.document import coming_into_force, documents
from bot.usecases.records.declared import Deed
from storage.db import schema
from storage.db.database import Database
from storage.document import documents as stored_documents
from storage.tables import DocumentVersion


@pytest.fixture
def desk(deskbell, monkeypatch, tmp_path, sqlite_url):
    schema.migrate(sqlite_url)
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    asyncio.run(lived(sqlite_url))
    return deskbell


def packed(desk, name="pack.zip", *arguments):
    code, out, err = desk("iso", "pack", "--period", "2026-Q1", name, *arguments)
    assert (code, err) == (0, ""), err
    return out


def contents(path):
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {one.filename: file.read(one) for one in file.infolist()}


def verified(tmp_path, pack, *told):
    """By the verifier out of the pack, in a Python that finds nothing of ours."""
    script = tmp_path / "alone" / "verify.py"
    script.parent.mkdir(exist_ok=True)
    script.write_bytes(contents(tmp_path / "pack.zip")["verify.py"])
    run = [sys.executable, "-I", "-S", str(script), str(pack), *told]
    done = subprocess.run(run, capture_output=True, text=True, cwd=script.parent, env={}, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_same_records_give_the_same_bytes_and_others_give_others(desk, tmp_path, sqlite_url):
    out = packed(desk)
    first = (tmp_path / "pack.zip").read_bytes()
    assert packed(desk, "again.zip").replace("again.zip", "pack.zip") == out
    assert (tmp_path / "again.zip").read_bytes() == first
    packed(desk, "word.zip", "--word", "Blue horse")
    assert (tmp_path / "word.zip").read_bytes() != first
    asyncio.run(lived(sqlite_url, 1))
    packed(desk, "more.zip")
    assert (tmp_path / "more.zip").read_bytes() != first
    assert not list(tmp_path.glob("*.part"))


def test_it_holds_what_an_auditor_asks_for(desk, tmp_path):
    packed(desk, "pack.zip", "--word", "Blue horse")
    files = contents(tmp_path / "pack.zip")
    manifest = json.loads(files["manifest.json"])
    assert {one["path"] for one in manifest["files"]} == set(files) - {"manifest.json", "manifest.sha256"}
    for one in manifest["files"]:
        assert one["sha256"] == hashlib.sha256(files[one["path"]]).hexdigest()
        assert {"path", "sha256", "clause", "what", "period", "effective", "gathered"} <= set(one)
        assert (one["period"], one["from"], one["to"]) == ("2026-Q1", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")
    records = next(one for one in manifest["files"] if one["path"] == "records/incidents-0001.jsonl")
    assert "8.6.1" in records["clause"]
    assert len(json.loads(files["clauses.json"])) == 45
    incidents = [json.loads(line) for line in files["records/incidents-0001.jsonl"].splitlines()]
    assert [one["ref"] for one in incidents] == [f"INC-{number}" for number in range(1, 32)]
    assert "Mail &lt;slow&gt; &amp; “odd”" in files["records/incidents-0001.html"].decode()
    assert b"[services" in files["policies/version-1.toml"]
    sample = json.loads(files["samples/incidents.json"])
    assert (len(sample["sample"]), len(sample["population"]), sample["word"]) == (25, 31, "Blue horse")
    assert all(one["proof"] for one in sample["facts"])
    assert "figures/response-kept.json" in files
    drawn = json.loads(desk("audit", "sample", "--population", "incidents", "--period", "2026-Q1", "--word",
                            "Blue horse", "--json")[1])  # fmt: skip
    assert drawn["sample"] == sample["sample"]
    whole = b"".join(files.values()).decode().casefold()
    assert "we are compliant" not in whole
    assert "helps you prepare" in whole


def test_private_words_are_left_out_and_listed_as_left_out(desk, tmp_path):
    packed(desk)
    files = contents(tmp_path / "pack.zip")
    assert not [name for name, content in files.items() if b"hunter2" in content]
    left_out = json.loads(files["manifest.json"])["left_out"]
    private = next(one for one in left_out if "private records" in one["what"])
    assert (private["records"], "summary" in private["what"]) == (["INC-31"], True)
    assert any("rating_comment" in one["what"] for one in left_out)


def test_both_verifiers_find_a_fresh_pack_as_it_was_written(desk, tmp_path):
    out = packed(desk)
    digest = next(line for line in out.splitlines() if line.startswith("Manifest ")).split()[1].rstrip(":")
    point = next(line for line in out.splitlines() if line.startswith("Checkpoint ")).removeprefix("Checkpoint ")
    code, said = verified(tmp_path, tmp_path / "pack.zip", digest, point)
    assert (code, "As it was written" in said) == (0, True), said
    assert digest in said
    assert problems((tmp_path / "pack.zip").read_bytes()) == []
    code, said = verified(tmp_path, tmp_path / "pack.zip", "0" * 64)
    assert (code, "The manifest is not the one with the digest" in said) == (1, True)
    other = point.replace("root=", "root=0")[:60] + point[61:]
    assert verified(tmp_path, tmp_path / "pack.zip", other)[0] == 1
    assert verified(tmp_path, tmp_path / "nothing.zip")[0] == 1
    assert verified(tmp_path, __file__)[0] == 1


def test_the_verifier_is_short_and_needs_nothing(desk):
    text = __import__("pathlib").Path(verify_pack.__file__).read_text()
    assert len(text.splitlines()) <= 150
    names = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert names <= set(sys.stdlib_module_names)


def test_a_key_signs_the_manifest(desk, tmp_path, monkeypatch):
    seed = signing.new_seed()
    monkeypatch.setenv("DESKBELL_AUDIT_KEY", seed)
    packed(desk)
    files = contents(tmp_path / "pack.zip")
    assert signing.signer(seed).sign_bytes(files["manifest.json"]) == files["manifest.sig"]
    assert verified(tmp_path, tmp_path / "pack.zip")[0] == 0


def found(data):
    """Whether either verifier says nothing; both must say something of whatever was changed."""
    try:
        first = verify_pack.judge(data, [])[0]
    except (KeyError, IndexError, TypeError, ValueError, verify_pack.struct.error) as fault:
        first = [repr(fault)]
    return bool(first), bool(problems(data))


@pytest.fixture
def pack(desk, tmp_path):
    packed(desk)
    return (tmp_path / "pack.zip").read_bytes()


def test_a_flip_of_any_sort_of_byte_is_found(pack):
    """Each byte of the container's own, and some of each file, a bit at a time."""
    assert found(pack) == (False, False)
    with zipfile.ZipFile(io.BytesIO(pack)) as file:
        infos = file.infolist()
    spots = set(range(len(pack) - 22, len(pack)))
    central = file.start_dir
    spots |= set(range(central, min(central + 250, len(pack))))
    for one in infos:
        begin = one.header_offset
        body = begin + 30 + len(one.filename)
        spots |= set(range(begin, body, 7)) | set(range(body, body + one.file_size, max(one.file_size // 3, 1)))
        spots |= {body + one.file_size - 1}
    spots |= set(range(infos[0].header_offset, infos[0].header_offset + 40))
    for spot in sorted(spots):
        changed = bytearray(pack)
        changed[spot] ^= 1 << spot % 8
        assert found(bytes(changed)) == (True, True), f"byte {spot} of {len(pack)}"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_byte_is_flipped_taken_out_or_put_in(tampered, data):
    spot = data.draw(st.integers(0, len(tampered) - 1))
    how = data.draw(st.sampled_from(["flip", "cut", "insert", "tail", "head"]))
    changed = {
        "flip": lambda: tampered[:spot] + bytes([tampered[spot] ^ (1 + spot % 255)]) + tampered[spot + 1 :],
        "cut": lambda: tampered[:spot] + tampered[spot + 1 :],
        "insert": lambda: tampered[:spot] + b"\0" + tampered[spot:],
        "tail": lambda: tampered + b"\0",
        "head": lambda: b"\0" + tampered,
    }[how]()
    assert found(changed) == (True, True)


@pytest.fixture(scope="module")
def tampered(tmp_path_factory):
    """One pack for all examples."""
    return packed_in(tmp_path_factory.mktemp("tampered"), 3)


RECORDS = "records/incidents-0001.jsonl"


@pytest.mark.parametrize(
    "change",
    [
        lambda f: {name: content for name, content in f.items() if name != RECORDS},
        lambda f: {"extra.txt": b"x", **f},
        lambda f: {**f, "zzz.txt": b"x"},
        lambda f: swapped(f, "VERIFY.md", "verify.py"),
        lambda f: {**f, "VERIFY.md": f["verify.py"], "verify.py": f["VERIFY.md"]},
        lambda f: {**f, RECORDS: b"".join(f[RECORDS].splitlines(keepends=True)[1:])},
        lambda f: {**f, RECORDS: b"".join(reversed(f[RECORDS].splitlines(keepends=True)))},
        lambda f: {**f, "manifest.sha256": b"0" * 64 + b"  manifest.json\n"},
        lambda f: {**f, "manifest.json": f["manifest.json"].replace(b"2026-Q1", b"2026-Q2")},
    ],
    ids=["removed", "added", "added last", "moved", "swapped", "a line removed", "lines swapped", "seal", "manifest"],
)
def test_what_is_removed_added_or_swapped_is_found(tampered, change):
    assert found(rewritten(tampered, change)) == (True, True)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: {**f, RECORDS: f[RECORDS].replace(b"incident_opened", b"incident_closed", 1)},
        lambda f: {**f, RECORDS: f[RECORDS].replace(b'"seq":', b'"seq":1', 1)},
        lambda f: {**f, "journal/leaves.txt": b"".join(f["journal/leaves.txt"].splitlines(keepends=True)[:-1])},
        lambda f: {**f, "journal/leaves.txt": b"".join(reversed(f["journal/leaves.txt"].splitlines(keepends=True)))},
        lambda f: {**f, "journal/checkpoints.txt": f["journal/checkpoints.txt"].replace(b"root=", b"root=00")},
        lambda f: {
            **f,
            "samples/incidents.json": f["samples/incidents.json"].replace(b'"sample":["', b'"sample":["INC-9'),
        },
        lambda f: {**f, "samples/incidents.json": f["samples/incidents.json"].replace(b'"word":""', b'"word":"x"')},
        lambda f: {**f, "samples/incidents.json": f["samples/incidents.json"].replace(b'"proof":["', b'"proof":["00')},
    ],
    ids=["fact", "place", "leaf gone", "leaves swapped", "checkpoint", "sample", "word", "proof"],
)
def test_what_contradicts_the_journal_is_found_though_the_manifest_was_made_to_fit(tampered, change):
    files = dict(Read(tampered).files)
    changed = rewritten(tampered, lambda _f: resealed(change(files)))
    assert changed != tampered
    assert found(changed) == (True, True)


def test_bad_input_is_answered_by_a_sentence(deskbell, monkeypatch, sqlite_url):
    monkeypatch.setenv("DESKBELL_DATABASE_URL", sqlite_url)
    schema.migrate(sqlite_url)
    for arguments, said in (
        (("--period", "2026-Q9", "x.zip"), "“2026-Q9” is no period"),
        (("--period", "2026-Q1", "x.zip"), "The journal holds no fact yet"),
    ):
        code, out, err = deskbell("iso", "pack", *arguments)
        assert (code, out) == (1, "")
        assert said in err, err
    assert deskbell("iso", "pack", "x.zip")[0] == 2
    asyncio.run(lived(sqlite_url, 1))
    code, _, err = deskbell("iso", "pack", "--period", "2026-Q1", "nowhere/x.zip")
    assert (code, "nowhere/x.zip cannot be used" in err) == (1, True), err
    assert deskbell("iso", "pack", "--period", "2019", "empty.zip")[0] == 0, "of nothing too there is a pack"
    monkeypatch.setenv("DESKBELL_DATABASE_URL", "sqlite:///none.db")
    assert deskbell("iso", "pack", "--period", "2026-Q1", "x.zip")[0] == 1


def test_documents_in_force_stand_in_it_as_they_were_approved(desk, tmp_path, monkeypatch, sqlite_url):
    monkeypatch.chdir(tmp_path)
    text = "# Policy\n\nWe keep what we promise.\n"

    async def approved():
        database = Database(sqlite_url)
        async with database.begin() as tx:
            begun = documents.Begun("Policy", Document.POLICY, text=text)
            one = await documents.begin(tx, begun, by=OPERATOR, now=JANUARY)
            row = DocumentVersion(document=1, version=1, title=one.title, text=one.text, digest=digest(one.text),
                                  approved_by="U1", approved_at=JANUARY)  # fmt: skip
            await stored_documents.keep(tx, row)
            one = await documents.step(tx, one, DocumentStep.SUBMIT, Deed(OPERATOR, JANUARY))
            one = await documents.step(tx, one, DocumentStep.APPROVE, Deed(SYSTEM, JANUARY))
            await coming_into_force.effect(tx, one, JANUARY)
        await database.close()

    asyncio.run(approved())
    packed(desk)
    with zipfile.ZipFile("pack.zip") as pack:
        assert pack.read("documents/DOC-1-version-1.md").decode() == text.strip()
        told = {one["path"]: one for one in json.loads(pack.read("manifest.json"))["files"]}
    assert told["documents/DOC-1-version-1.md"]["clause"] == ["5.1", "5.2"]
    assert subprocess.run([sys.executable, "-m", "zipfile", "-t", "pack.zip"], check=False).returncode == 0
