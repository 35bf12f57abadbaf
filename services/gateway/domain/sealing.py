"""What a seal is: a Merkle root over a piece of the log, chained to the seal before it. SHA-256 throughout.

Leaves and branches are told apart by a first byte, as RFC 6962 has it, so that no branch can be passed off as a leaf.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

NOTHING = bytes(32)
"""What the first seal is chained to, and where the log begins."""
LEAF, BRANCH = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log, in the order in which followers read."""

    era: int
    txid: int
    position: int


START = Place(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Seal:
    """One piece of the log: the events after the seal before, up to and with `to`."""

    n: int
    to: Place
    count: int
    root: bytes
    prev: bytes
    hash: bytes
    at: datetime


def root(lines: Sequence[str]) -> bytes:
    """The Merkle root of events as the database writes them; a last odd one goes up as it is."""
    level = [hashlib.sha256(LEAF + line.encode()).digest() for line in lines]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [hashlib.sha256(BRANCH + left + right).digest() for left, right in pairs] + level[len(level) & ~1 :]
    return level[0] if level else NOTHING


def sealed(before: Seal | None, to: Place, lines: Sequence[str], at: datetime) -> Seal:
    """The seal of what came after `before`."""
    n, prev = (before.n + 1, before.hash) if before else (1, NOTHING)
    top = root(lines)
    return Seal(n, to, len(lines), top, prev, chained(n, to, len(lines), top, prev, at), at)


def chained(n: int, to: Place, count: int, top: bytes, prev: bytes, at: datetime) -> bytes:
    """The hash of a seal: over all that it says and the hash before it."""
    line = [n, to.era, to.txid, to.position, count, top.hex(), prev.hex(), at.astimezone(UTC).isoformat()]
    return hashlib.sha256(json.dumps(line, separators=(",", ":")).encode()).digest()


def fault(before: Seal | None, seal: Seal, lines: Sequence[str]) -> str | None:
    """What is wrong with a seal, in a word; None when nothing is: `chain`, `seal`, `count`, `content`."""
    n, prev = (before.n + 1, before.hash) if before else (1, NOTHING)
    if (seal.n, seal.prev) != (n, prev):
        return "chain"
    if seal.hash != chained(seal.n, seal.to, seal.count, seal.root, seal.prev, seal.at):
        return "seal"
    if seal.count != len(lines):
        return "count"
    return None if seal.root == root(lines) else "content"
