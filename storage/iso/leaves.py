"""The hashes of the journal's facts in one piece of memory: a year has a million, of 32 bytes each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import overload

from bot.rules.journal.merkle import HASH_BYTES, NODE

_AT_ONCE = 4096


class Leaves(Sequence[bytes]):
    def __init__(self) -> None:
        self._kept = bytearray()

    def append(self, digest: bytes) -> None:
        self._kept += digest

    def __len__(self) -> int:
        return len(self._kept) // HASH_BYTES

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        return bytes(self._kept[place * HASH_BYTES : (place + 1) * HASH_BYTES])

    def lines(self) -> Iterator[bytes]:
        """Each in hexadecimal on a line of its own, some thousand at once."""
        for first in range(0, len(self), _AT_ONCE):
            some = range(first, min(first + _AT_ONCE, len(self)))
            yield "".join(f"{self[one].hex()}\n" for one in some).encode()

    def paths(self, indexes: Iterable[int]) -> Mapping[int, list[bytes]]:
        """Of each of these leaves what `merkle.path` says, by a tree of which one level at a time is kept."""
        found: dict[int, list[bytes]] = {one: [] for one in indexes}
        level, height = memoryview(self._kept), 0
        while (size := len(level) // HASH_BYTES) > 1:
            for leaf, path in found.items():
                neighbour = leaf >> height ^ 1
                if neighbour < size:
                    path.append(bytes(level[neighbour * HASH_BYTES : (neighbour + 1) * HASH_BYTES]))
            level, height = memoryview(_above(level, size)), height + 1
        return found


def _above(level: memoryview, size: int) -> bytearray:
    """A node without a neighbour stands in the next level as it is."""
    pair, above = 2 * HASH_BYTES, bytearray()
    for first in range(0, size // 2 * pair, pair):
        above += sha256(NODE + level[first : first + pair]).digest()
    return above + bytearray(level[size // 2 * pair :])
