"""A second verifier of evidence packs, written apart from the first: by `zipfile`, and by proofs and not by roots."""

import hashlib
import io
import json
import zipfile
import zlib
from functools import cached_property


class Read:
    def __init__(self, data):
        self.data = data

    @cached_property
    def archive(self):
        return zipfile.ZipFile(io.BytesIO(self.data))

    @cached_property
    def files(self):
        return {one.filename: self.archive.read(one) for one in self.archive.infolist()}


def written_again(read):
    """The container as Python's own writer makes it; times, modes and versions are given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in read.files.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, content)
    return out.getvalue()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def subtree(leaves):
    """RFC 9162, 2.1.1, as it is defined: the left half is the largest power of two."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + subtree(leaves[:half]) + subtree(leaves[half:])).digest()


def fact_hash(fact):
    names = (
        "seq",
        "prev_hash",
        "id",
        "subject",
        "kind",
        "at_micros",
        "by",
        "data",
        "words_commitment",
        "policy_version",
    )
    told = json.dumps([fact[name] for name in names], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + told.encode()).hexdigest()


def rooted(index, size, leaf, proof):
    """RFC 9162, 2.1.3.1, from the top: which half a leaf is in says on which side its neighbour stands."""
    if size == 1:
        return leaf if not proof else None
    if not proof:
        return None
    half = 1 << (size - 1).bit_length() - 1
    *rest, last = proof
    if index < half:
        inner = rooted(index, half, leaf, rest)
        return inner and hashlib.sha256(b"\x01" + inner + last).digest()
    inner = rooted(index - half, size - half, leaf, rest)
    return inner and hashlib.sha256(b"\x01" + last + inner).digest()


def problems(data):
    """What is wrong with a pack; empty where nothing is."""
    try:
        return list(_problems(Read(data)))
    except (zipfile.BadZipFile, zlib.error, KeyError, IndexError, TypeError, ValueError, NotImplementedError, EOFError,
            OverflowError, AttributeError, RuntimeError, OSError) as fault:  # fmt: skip
        return [repr(fault)]


def _problems(read):
    if written_again(read) != read.data:
        yield "container"
    files = read.files
    manifest = json.loads(files["manifest.json"])
    names = [one["path"] for one in manifest["files"]]
    signature = ["manifest.sig"] if "manifest.sig" in files else []
    if list(files) != [*names, "manifest.json", "manifest.sha256", *signature]:
        yield "names"
    if files["manifest.sha256"].decode().splitlines() != [
        f"{digest(files[name])}  {name}" for name in ["manifest.json", *signature]
    ]:
        yield "seal"
    if len({name.casefold() for name in files}) < len(files):
        yield "names that are one where case does not count"
    for name in files:
        parts = name.split("/")
        if not name.isascii() or "" in parts or any(part.startswith(".") or "\\" in part for part in parts):
            yield f"name {name}"
    for one in manifest["files"]:
        if digest(files[one["path"]]) != one["sha256"] or len(files[one["path"]]) != one["bytes"]:
            yield one["path"]
    yield from _journal(files, manifest)


def _journal(files, manifest):
    leaves = [bytes.fromhex(one) for one in files["journal/leaves.txt"].decode().splitlines()]
    points = []
    for line in files["journal/checkpoints.txt"].decode().splitlines():
        told = dict(part.split("=", 1) for part in line.split() if "=" in part)
        points.append((int(told["size"]), told["root"]))
    for size, root in points:
        if subtree(leaves[:size]).hex() != root or size > len(leaves):
            yield f"checkpoint {size}"
    if points[-1][0] != len(leaves) or manifest["checkpoint"] not in files["journal/checkpoints.txt"].decode():
        yield "newest"
    root = points[-1][1]
    for name, content in files.items():
        if name.endswith(".jsonl"):
            for line in content.decode().splitlines():
                for fact in json.loads(line)["facts"]:
                    if fact_hash(fact) != leaves[fact["seq"] - 1].hex():
                        yield f"{name}: fact {fact['seq']}"
        if name.startswith("samples/"):
            yield from _sample(name, json.loads(content), root, len(leaves))


def _sample(name, told, root, size):
    for fact in told["facts"]:
        proof = [bytes.fromhex(one) for one in fact["proof"]]
        climbed = rooted(fact["seq"] - 1, size, bytes.fromhex(fact_hash(fact)), proof)
        if climbed is None or climbed.hex() != root:
            yield f"{name}: proof {fact['seq']}"
    seed = digest(f"{root}\n{told['word']}".encode())
    best = sorted((digest(f"{seed}\n{ref}".encode()), ref) for ref in told["population"])
    if [ref for _, ref in best[: len(told["sample"])]] != told["sample"] or seed != told["seed"]:
        yield f"{name}: sample"
    if digest("".join(f"{ref}\n" for ref in told["population"]).encode()) != told["population_hash"]:
        yield f"{name}: population"
