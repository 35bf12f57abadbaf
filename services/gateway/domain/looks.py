"""What a picture looks like, in 64 bits: two pictures of the same thing differ in a few of them.

A difference hash: whether each of 8 times 8 pixels is darker than the one to its right. Smaller, brighter or newly
packed copies keep it; N. Krawetz, "Kind of Like That" (2013).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

WIDE, HIGH = 9, 8
PLAIN, DETAILS = 3, 20
"""Steps of brightness below `PLAIN` are noise; a picture with fewer `DETAILS` than this looks like any other."""
ALIKE = 3
"""Bits in which two looks may differ and still be the same picture."""
BAND = 0xFFFF


def look(pixels: Sequence[int]) -> int | None:
    """The look of a picture of 9 times 8 grey pixels, row by row, as a signed number of 64 bits; None if too plain."""
    rows = (pixels[at : at + WIDE] for at in range(0, WIDE * HIGH, WIDE))
    steps = [right - left for row in rows for left, right in pairwise(row)]
    if sum(abs(step) >= PLAIN for step in steps) < DETAILS:
        return None
    found = sum(1 << n for n, step in enumerate(steps) if step > 0)
    return found - (1 << 64) if found >> 63 else found


def apart(one: int, other: int) -> int:
    """In how many bits two looks differ."""
    return ((one ^ other) & ((1 << 64) - 1)).bit_count()


def bands(looks: Iterable[int]) -> list[int]:
    """Four parts of each look, told apart by which part it is, as the database keeps them."""
    return [(part << 16) + (one >> (16 * part) & BAND) for one in looks for part in range(4)]
