"""The Merkle tree over the journal's facts, hashed as RFC 9162 says (section 2.1).

Leaves and nodes are hashed with different first bytes, so that neither can pass for the other. A `Frontier` holds the
roots of the perfect subtrees that a tree consists of: enough to add leaves to it, however many are in it already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

LEAF = b"\0"
NODE = b"\1"
HASH_BYTES = 32

EMPTY_ROOT = sha256().digest()

Levels = Sequence[Sequence[bytes]]


def leaf_hash(entry: bytes) -> bytes:
    return sha256(LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    size: int = 0
    peaks: tuple[bytes, ...] = ()
    """Roots of perfect subtrees, the largest first: one for each bit that is set in `size`."""

    def with_leaves(self, leaves: Iterable[bytes]) -> "Frontier":
        return self.with_subtrees((leaf, 0) for leaf in leaves)

    def with_subtrees(self, subtrees: Iterable[tuple[bytes, int]]) -> "Frontier":
        """Roots of perfect subtrees and their heights; each must begin at a multiple of its own size."""
        size, peaks = self.size, list(self.peaks)
        for root, height in subtrees:
            carry = size >> height
            while carry & 1:
                root = node_hash(peaks.pop(), root)
                carry >>= 1
            peaks.append(root)
            size += 1 << height
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        *others, root = self.peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root


def levels(leaves: Sequence[bytes]) -> Levels:
    """The whole tree from its leaves up; a node without a neighbour stands in the next level as it is."""
    level = list(leaves)
    found = [level]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(NODE + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level += odd
        found.append(level)
    return found


def subtrees(tree: Levels, size: int) -> list[tuple[bytes, int]]:
    """The perfect subtrees, with their heights, that the first `size` leaves consist of."""
    heights = (height for height in reversed(range(size.bit_length())) if size >> height & 1)
    return [(tree[height][(size >> height) - 1], height) for height in heights]


def path(tree: Levels, index: int) -> list[bytes]:
    """What has to be hashed with a leaf, one after another, to come to the root (section 2.1.3.1)."""
    found = []
    for level in tree[:-1]:
        neighbour = index ^ 1
        if neighbour < len(level):
            found.append(level[neighbour])
        index >>= 1
    return found


def root_by(proof: Iterable[bytes], leaf: bytes, index: int, size: int) -> bytes | None:
    """The root that a leaf and its path come to (section 2.1.3.2); None where they cannot be of such a tree."""
    if not 0 <= index < size:
        return None
    last, root = size - 1, leaf
    for neighbour in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = node_hash(neighbour, root)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            root = node_hash(root, neighbour)
        index, last = index >> 1, last >> 1
    return root if last == 0 else None
