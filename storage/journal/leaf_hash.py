"""What a fact's hash covers, to the byte. Imports little: the processes that verify start with it."""

from hashlib import sha256
from json.encoder import encode_basestring as quoted

GENESIS = "0" * 64
"""Stands as prev_hash of the first fact."""

SALT_DIGITS = 32


def leaf(
    seq: int,
    prev_hash: str,
    fact_id: int,
    subject: str,
    kind: str,
    at: int,
    by: str,
    data: str,
    committed: str | None,
    version: int,
) -> bytes:
    """SHA-256 of a zero byte and the JSON array of these, without spaces: link of the chain and leaf of the tree.

    `at` in microseconds since 1970. Raises TypeError and ValueError for values that the columns cannot have had.
    """
    words = "null" if committed is None else quoted(committed)
    return sha256(
        f'\0[{seq:d},"{prev_hash}",{fact_id:d},{quoted(subject)},{quoted(kind)},{at:d},{quoted(by)},'
        f"{quoted(data)},{words},{version:d}]".encode()
    ).digest()


def commitment(salt: str, words: str) -> str:
    return sha256(f"{salt}:{words}".encode()).hexdigest()
