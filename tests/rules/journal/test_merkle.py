"""The tree is the one of RFC 9162, grows without being built anew, and proves what is in it."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.journal import merkle
from bot.rules.journal.merkle import EMPTY_ROOT, Frontier, leaf_hash, levels, node_hash, path, root_by, subtrees

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""As Certificate Transparency's own tests have them for these entries."""


def leaves(count):
    return [leaf_hash(b"%d" % number) for number in range(count)]


def by_definition(hashes):
    """RFC 9162, section 2.1.1, to the letter."""
    if not hashes:
        return sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(by_definition(hashes[:split]), by_definition(hashes[split:]))


@pytest.mark.parametrize(("size", "root"), KNOWN_ROOTS.items())
def test_roots_are_those_that_certificate_transparency_has(size, root):
    grown = Frontier().with_leaves(leaf_hash(bytes.fromhex(one)) for one in ENTRIES[:size])
    assert grown.root.hex() == root


@pytest.mark.parametrize("size", range(70))
def test_a_tree_that_grew_is_the_one_that_the_definition_gives(size):
    hashes = leaves(size)
    assert Frontier().with_leaves(hashes).root == by_definition(hashes)
    if size:
        assert levels(hashes)[-1] == [by_definition(hashes)]


def test_nothing_has_a_root_too():
    assert Frontier().root == EMPTY_ROOT == sha256(b"").digest()


@given(st.integers(1, 200), st.integers(0, 200))
def test_a_tree_grows_by_whole_subtrees_as_by_leaves(total, first):
    first = min(first, total)
    hashes = leaves(total)
    whole = Frontier().with_leaves(hashes)
    assert Frontier().with_subtrees(subtrees(levels(hashes), total)) == whole
    assert Frontier().with_leaves(hashes[:first]).with_leaves(hashes[first:]) == whole


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_proved_and_no_other_place_or_leaf_is(size):
    hashes = leaves(size)
    tree, root = levels(hashes), by_definition(hashes)
    for index, leaf in enumerate(hashes):
        proof = path(tree, index)
        assert root_by(proof, leaf, index, size) == root
        assert root_by(proof, leaf_hash(b"forged"), index, size) != root
        assert all(root_by(proof, leaf, other, size) != root for other in range(-1, size + 2) if other != index)
        assert root_by([*proof, leaf], leaf, index, size) is None


def test_a_leaf_cannot_pass_for_a_node():
    left, right = leaves(2)
    assert leaf_hash(left + right) != node_hash(left, right)
    assert merkle.LEAF != merkle.NODE
