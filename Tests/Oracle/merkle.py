"""RFC 6962 trees, as slowly and plainly as section 2.1 has them."""
import hashlib
from collections.abc import Sequence


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def largest_power_below(count: int) -> int:
    """The largest power of two that is smaller than `count`."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaves that are hashed already."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = largest_power_below(len(hashes))
    return hashlib.sha256(b"\x01" + tree_root(hashes[:split]) + tree_root(hashes[split:])).digest()


def root(leaves: Sequence[bytes]) -> str:
    return tree_root([leaf_hash(leaf) for leaf in leaves]).hex()


def subtrees(leaves: Sequence[bytes]) -> list[str]:
    """The roots of the complete subtrees, largest first: one for each bit of the number of leaves."""
    hashes, found, start = [leaf_hash(leaf) for leaf in leaves], [], 0
    for bit in reversed(range(len(hashes).bit_length())):
        if len(hashes) & 1 << bit:
            found.append(tree_root(hashes[start:start + (1 << bit)]).hex())
            start += 1 << bit
    return found
