"""Leaves in one piece of memory say what a list of them says, and their paths are those of the whole tree."""

from hashlib import sha256

import pytest

from bot.rules.journal import merkle
from storage.iso.leaves import Leaves


def made(size: int) -> tuple[Leaves, list[bytes]]:
    plain = [sha256(str(number).encode()).digest() for number in range(size)]
    leaves = Leaves()
    for one in plain:
        leaves.append(one)
    return leaves, plain


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 31, 33, 100])
def test_paths_are_those_of_the_whole_tree(size: int) -> None:
    leaves, plain = made(size)
    tree = merkle.levels(plain)
    assert leaves.paths(range(size)) == {at: merkle.path(tree, at) for at in range(size)}


def test_they_are_read_as_a_list_is() -> None:
    leaves, plain = made(5000)
    assert list(leaves) == plain
    assert (leaves[-1], leaves[3:5]) == (plain[-1], plain[3:5])
    assert b"".join(leaves.lines()) == "".join(f"{one.hex()}\n" for one in plain).encode()
    with pytest.raises(IndexError):
        leaves[5000]
    assert Leaves().paths([]) == {}
