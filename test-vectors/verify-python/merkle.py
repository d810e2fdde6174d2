"""Merkle trees of RFC 9162 (CON-8 to CON-10, BAT-2, BAT-5)."""

import hashlib

import cbor
import cose
from refusal import need


def leaf(algorithm, data):
    return cose.digest(algorithm, b"\x00" + data)


def node(algorithm, left, right):
    return cose.digest(algorithm, b"\x01" + left + right)


def root(algorithm, leaves):
    """The root over hashed leaves: pairs level by level, an odd last one moves up."""
    if not leaves:
        return hashlib.new(cose.HASHES[algorithm], b"").digest()
    while len(leaves) > 1:
        paired = [node(algorithm, *leaves[at : at + 2]) for at in range(0, len(leaves) - 1, 2)]
        leaves = paired + (leaves[-1:] if len(leaves) % 2 else [])
    return leaves[0]


def _sides(index, tree_size):
    """From the leaf up: whether the sibling of each step stands left (RFC 9162, 2.1.3.2)."""
    sides = []
    last = tree_size - 1
    while last > 0:
        if index & 1:
            sides.append(True)
        elif index != last:
            sides.append(False)
        # an even last index has no sibling on this level
        index >>= 1
        last >>= 1
    return sides


def root_of_proof(algorithm, hashed, index, tree_size, path):
    """The root to which an inclusion proof leads; what isn't a proof by its form is `batch-structure`."""
    need(index < tree_size, "batch-structure", "index")
    sides = _sides(index, tree_size)
    need(len(path) == len(sides), "batch-structure", "length of the path")
    need(all(len(one) == cose.HASH_BYTES[algorithm] for one in path), "batch-structure", "digests of the path")
    for sibling, on_the_left in zip(path, sides):
        hashed = node(algorithm, sibling, hashed) if on_the_left else node(algorithm, hashed, sibling)
    return hashed


def batch_leaf(algorithm, label, message, salt):
    """BAT-2."""
    return leaf(algorithm, cbor.encode([label, message, salt]))
