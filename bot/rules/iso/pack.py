"""What stands in an evidence pack, and how its manifest tells of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.rules.iso.clauses import CLAUSES, SOURCE
from bot.rules.iso.criteria import Axis, Criterion, Planned, Records
from bot.rules.iso.wording import zulu
from bot.rules.journal.checkpoints import Checkpoint
from bot.rules.report.periods import Period

FORMAT = "deskbell-pack/1"
MANIFEST, SEAL, SIGNATURE = "manifest.json", "manifest.sha256", "manifest.sig"
_line = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True)
class Part:
    """A file of the pack."""

    path: str
    content: bytes | Iterable[bytes]
    """Whole, or in pieces where it is large."""
    what: str
    clauses: Sequence[str] = ()
    effective: str | None = None
    """Since when what it says is so; None where that is the period."""

    @property
    def pieces(self) -> Iterable[bytes]:
        return (self.content,) if isinstance(self.content, bytes) else self.content


@dataclass(frozen=True)
class LeftOut:
    what: str
    why: str
    records: Sequence[str] = ()


def clauses_of(population: str) -> Sequence[str]:
    """The clauses that ask for records of this population."""
    return [
        one.number
        for one in CLAUSES.values()
        if any(_asks_for(each, population) for axis in Axis for each in one.criteria(axis))
    ]


def _asks_for(one: Criterion, population: str) -> bool:
    if isinstance(one, Planned):
        return one.kept_by == population
    return isinstance(one, Records) and one.population == population


def lines(values: Iterable[Any]) -> bytes:
    """JSON Lines, always the same for the same values."""
    return "".join(f"{_line(one)}\n" for one in values).encode()


def pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


@dataclass(frozen=True)
class About:
    """What the whole pack is about."""

    named: str
    """The period as it was typed."""
    period: Period
    point: Checkpoint
    word: str

    @property
    def dates(self) -> dict[str, str]:
        """Of every file: the period, and when its contents were gathered."""
        first, after = zulu(self.period.start), zulu(self.period.end)
        return {"period": self.named, "from": first, "to": after, "gathered": zulu(self.point.at)}


def entry(part: Part, digest: str, size: int, about: About) -> dict[str, Any]:
    """A file's line in the manifest."""
    return {
        "path": part.path,
        "sha256": digest,
        "bytes": size,
        "clause": list(part.clauses),
        "what": part.what,
        "effective": part.effective or about.dates["from"],
        **about.dates,
    }


def manifest(about: About, files: Sequence[Mapping[str, Any]], left_out: Sequence[LeftOut]) -> bytes:
    told = [{"what": one.what, "why": one.why, "records": list(one.records)} for one in left_out]
    return pretty(
        {
            "format": FORMAT,
            **about.dates,
            "checkpoint": about.point.line,
            "word": about.word,
            "note": SOURCE,
            "files": files,
            "left_out": told,
        }
    )


def seal(content: bytes, signature: bytes | None) -> bytes:
    """Of the manifest, and of its signature where there is one; as `sha256sum -c` reads it."""
    sealed = {MANIFEST: content} | ({} if signature is None else {SIGNATURE: signature})
    return "".join(f"{sha256(one).hexdigest()}  {name}\n" for name, one in sealed.items()).encode()


def how_to_verify(about: About) -> bytes:
    return f"""# How to check this pack

Nothing of Deskbell is needed. With Python 3.9 or later:

    python3 verify.py PACK.zip

`verify.py` is in the pack. It is short: read it first, or write your own from what follows. Whoever can write a whole
pack anew can make it fit itself. So ask by another way than with the pack for the digest of its manifest
(`deskbell iso pack` prints it) and for a checkpoint of the journal (they stand in the audit channel and in a file), and
give both:

    python3 verify.py PACK.zip SHA256 "deskbell-checkpoint/1 size=… root=… at=…"

## What is checked

1. **The container.** A zip file of stored entries, without times and comments: each byte follows from the contents.
2. **The seal.** `{SEAL}` has the SHA-256 of `{MANIFEST}`. Where there is a key, `{SIGNATURE}` is the Ed25519 signature
   over its bytes, and the seal has the SHA-256 of that too:
   `openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in {MANIFEST} -sigfile {SIGNATURE}`.
3. **Each file.** The manifest has path, SHA-256, size, clauses, what it is, period, since when it is so (`effective`)
   and when it was gathered. No file is missing, added, doubled or moved, and no name leads out of the folder.
4. **The journal.** `journal/leaves.txt` has the hash of each fact, `journal/checkpoints.txt` the checkpoints. The root
   of the Merkle tree over the first `size` leaves is the checkpoint's (RFC 9162, 2.1: a node is SHA-256 of a byte 1 and
   its two halves).
5. **Each fact.** Its hash is SHA-256 of a zero byte and the JSON array, without spaces, of seq, prev_hash, id, subject,
   kind, at (microseconds since 1970), by, data, words_commitment, policy_version. It is the leaf of its place.
6. **Samples.** Each drawn record's facts have the path to the root (RFC 9162, 2.1.3). seed = SHA-256(root, line feed,
   word); the rank of a record = SHA-256(seed, line feed, reference); the smallest ranks are the sample.

## What a checkpoint does not say

That what people entered is true. It says that nobody changed it since. The newest checkpoint of this pack is

    {about.point.line}

{SOURCE}
""".encode()
