"""A stranger tampers with a pack, and asks the verifier that lies in it: each sort of change is found."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from types import ModuleType

import pytest
from pack_reader import Read, problems
from pack_steps import packed_in, resealed, rewritten, swapped, written

from bot.rules.journal import signing

RECORDS, OTHERS = "records/incidents-0001.jsonl", "records/actions-0001.jsonl"
POLICY = "policies/version-1.toml"
SIG = "manifest.sig"


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """Of a desk that signs."""
    return packed_in(tmp_path_factory.mktemp("signed"), 3, DESKBELL_AUDIT_KEY=signing.new_seed())


@pytest.fixture(scope="module")
def verifier(pack, tmp_path_factory):
    """Out of the pack, in a Python that finds nothing of ours: whether it says that a pack is as it was written."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "verify.py").write_bytes(Read(pack).files["verify.py"])

    def run(data, *told):
        (folder / "some.zip").write_bytes(data)
        run = [sys.executable, "-I", "-S", "verify.py", "some.zip", *told]
        done = subprocess.run(run, capture_output=True, text=True, cwd=folder, env={}, check=False)
        assert "Traceback" not in done.stderr
        assert ("NOT as it was written" in done.stdout + done.stderr) is (done.returncode == 1)
        return done.returncode == 0

    return run


@pytest.fixture(scope="module")
def judged(pack):
    """The same verifier in this process, for what is tried many times."""
    module = ModuleType("verify")
    exec(compile(Read(pack).files["verify.py"], "verify.py", "exec"), module.__dict__)  # noqa: S102 - it is ours

    def run(data):
        try:
            return not module.judge(data, [])[0]
        except (OSError, LookupError, TypeError, AttributeError, ValueError, RecursionError, struct.error):
            return False

    return run


def test_the_pack_itself_is_as_it_was_written(pack, verifier, judged):
    assert verifier(pack)
    assert judged(pack)
    assert problems(pack) == []
    assert SIG in Read(pack).files


def test_one_bit_in_each_file_is_found_in_place_and_in_a_container_that_is_written_anew(pack, judged):
    files = Read(pack).files
    assert len(files) > 50
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        bodies = {one.filename: one.header_offset + 30 + len(one.filename) for one in archive.infolist()}
    for name, content in files.items():
        for spot in sorted({0, len(content) // 2, len(content) - 1} if content else ()):
            changed = bytearray(pack)
            changed[bodies[name] + spot] ^= 1 << spot % 8
            flipped = content[:spot] + bytes([content[spot] ^ 1 << spot % 8]) + content[spot + 1 :]
            for tampered in (bytes(changed), rewritten(pack, lambda f, n=name, c=flipped: {**f, n: c})):
                assert not judged(tampered), f"byte {spot} of {name}"
                assert problems(tampered), f"byte {spot} of {name}"


def renamed(files, name, to):
    return {to if one == name else one: content for one, content in files.items()}


def listed_as(files, name, to):
    """The same, with the manifest made to fit."""
    told = json.loads(files["manifest.json"])
    for one in told["files"]:
        one["path"] = to if one["path"] == name else one["path"]
    return resealed({**renamed(files, name, to), "manifest.json": json.dumps(told).encode()})


def added(files, name):
    """A file more, which the manifest lists."""
    told = json.loads(files["manifest.json"])
    told["files"].append({**told["files"][0], "path": name})
    last = ("manifest.json", "manifest.sha256", SIG)
    first = {one: content for one, content in files.items() if one not in last}
    more = {**first, name: b"x", **{one: files[one] for one in last}}
    return resealed({**more, "manifest.json": json.dumps(told).encode()})


def keys_turned(content):
    """The same JSON, its keys the other way round."""
    turned = [dict(reversed(json.loads(line).items())) for line in content.splitlines()]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in turned).encode()


def manifest_turned(files):
    told = dict(reversed(json.loads(files["manifest.json"]).items()))
    return {**files, "manifest.json": json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"}


WRITTEN_ANEW = {
    "two contents swapped": lambda f: {**f, RECORDS: f[OTHERS], OTHERS: f[RECORDS]},
    "two files swapped": lambda f: swapped(f, RECORDS, OTHERS),
    "one removed": lambda f: {name: content for name, content in f.items() if name != POLICY},
    "the signature removed": lambda f: {name: content for name, content in f.items() if name != SIG},
    "one added": lambda f: {"extra.txt": b"x", **f},
    "an empty one added last": lambda f: {**f, "extra.txt": b""},
    "upper case": lambda f: renamed(f, POLICY, POLICY.upper()),
    "upper case that is listed beside": lambda f: added(f, POLICY.upper()),
    "a name that leads out": lambda f: renamed(f, POLICY, f"../{POLICY}"),
    "a name that leads out and is listed": lambda f: listed_as(f, POLICY, f"policies/../../{POLICY}"),
    "a name from the root that is listed": lambda f: listed_as(f, POLICY, f"/{POLICY}"),
    "a name of Windows that is listed": lambda f: listed_as(f, POLICY, "policies\\..\\..\\version-1.toml"),
    "a name that is hidden and listed": lambda f: added(f, ".profile"),
    "keys of records turned": lambda f: {**f, RECORDS: keys_turned(f[RECORDS])},
    "keys of the manifest turned": manifest_turned,
    "line ends of Windows": lambda f: {**f, POLICY: f[POLICY].replace(b"\n", b"\r\n")},
}


@pytest.mark.parametrize("change", WRITTEN_ANEW.values(), ids=WRITTEN_ANEW)
def test_a_container_that_is_written_anew(pack, verifier, change):
    tampered = rewritten(pack, change)
    assert tampered != pack
    assert not verifier(tampered)
    assert problems(tampered)


def ends_with(data, comment):
    """With a comment of the archive, as the format has it."""
    return data[:-2] + struct.pack("<H", len(comment)) + comment


def with_descriptor(data, place):
    """A file whose sizes follow it: bit 3 is set, and a descriptor inserted. The directory is moved along."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.infolist()[0]
        start = archive.start_dir
    body = 30 + len(info.filename)
    descriptor = b"PK\x07\x08" + struct.pack("<III", info.CRC, info.file_size, info.file_size)
    changed = bytearray(data)
    changed[6] |= 8
    changed[start + 8] |= 8
    if place == "flag alone":
        return bytes(changed)
    at = body + info.file_size
    moved = bytearray(bytes(changed[:at]) + descriptor + bytes(changed[at:]))
    end = len(moved) - 22
    moved[end + 16 : end + 20] = struct.pack("<I", start + len(descriptor))
    where = start + len(descriptor)
    for number in range(struct.unpack("<H", moved[end + 10 : end + 12])[0]):
        offset, length = struct.unpack("<I", moved[where + 42 : where + 46])[0], moved[where + 28]
        moved[where + 42 : where + 46] = struct.pack("<I", offset + (len(descriptor) if number else 0))
        where += 46 + length + moved[where + 29] * 256
    return bytes(moved)


def doubled(data):
    """The same name twice, the first with other contents: which one is read differs from reader to reader."""
    files = list(Read(data).files.items())
    at = [name for name, _ in files].index(POLICY)
    return written([*files[:at], (POLICY, b"# Another policy\n"), *files[at:]])


def in_python(data):
    """Packed again by Python's own tool: the same files, compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in Read(data).files.items():
            archive.writestr(name, content)
    return out.getvalue()


BYTES = {
    "trailing byte": lambda d: d + b"\0",
    "another archive behind": lambda d: d + d,
    "leading byte": lambda d: b"\0" + d,
    "cut off": lambda d: d[:-1],
    "comment": lambda d: ends_with(d, b"Checked by the auditor"),
    "comment that is none": lambda d: d[:-2] + b"\1\0",
    "comment that looks like an end": lambda d: ends_with(d, d[-22:]),
    "name in upper case in the directory alone": lambda d: d[: d.rindex(b"policies/")]
    + b"POLICIES/" + d[d.rindex(b"policies/") + 9 :],
    "name in upper case before the file alone": lambda d: d.replace(b"VERIFY.md", b"verify.md", 1),
    "flag of a data descriptor": lambda d: with_descriptor(d, "flag alone"),
    "data descriptor": lambda d: with_descriptor(d, "whole"),
    "doubled name": doubled,
    "packed again": in_python,
    "nothing": lambda _d: b"",
    "an empty archive": lambda _d: b"PK\5\6" + b"\0" * 18,
}  # fmt: skip


@pytest.mark.parametrize("change", BYTES.values(), ids=BYTES)
def test_bytes_of_the_container(pack, verifier, change):
    tampered = change(pack)
    assert tampered != pack
    assert not verifier(tampered)
    assert problems(tampered)


def test_the_descriptor_that_was_put_in_is_one_that_others_read(pack):
    """So that what is tried above is a well-formed archive, and not found for another reason."""
    with zipfile.ZipFile(io.BytesIO(with_descriptor(pack, "whole"))) as archive:
        assert archive.testzip() is None


def test_a_pack_that_was_made_to_fit_itself_is_found_by_the_digest_that_was_told(pack, verifier):
    digest = Read(pack).files["manifest.sha256"].split()[0].decode()
    assert verifier(pack, digest)
    turned = rewritten(pack, lambda f: resealed({**f, POLICY: f[POLICY] + b"# more\n"}))
    assert not verifier(turned, digest)
