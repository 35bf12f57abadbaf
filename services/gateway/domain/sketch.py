"""Counts from which shares are exact and percentiles are off by at most one per cent, however many are added up.

A stage has 1200 slots by the logarithm of the seconds; values in one slot differ by two per cent, and the middle of the
slot stands for all of them. After the stages comes one slot that every incident fills, then one for each target that
was met. Two sketches are added slot by slot, so a sum is the sketch of both (Masson, Rim, Lee: DDSketch, VLDB 2019).
The same numbers stand in report.keys (deploy/migrations/sql/0020_reports.sql).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

BASE = 1.02
ERROR = (BASE - 1) / (BASE + 1)
SLOTS, SHIFT = 1200, 350
STAGES = ("recorded", "rung", "taken", "offered", "accepted", "departed", "arrived", "with_elder", "closed")
TARGETS: Mapping[str, tuple[tuple[int, float], ...]] = MappingProxyType(
    {
        "rung": ((1, 0.99), (10, 1.0)),
        "taken": ((10, 0.9), (30, 0.985), (60, 0.999), (180, 1.0)),
        "arrived": ((900, 0.9), (1800, 0.98), (2700, 1.0)),
        "with_elder": ((900, 0.9), (1800, 0.98), (3600, 1.0)),
    }
)
"""Seconds, and the share that should have got there by then."""
EVERY = SLOTS * len(STAGES)
_MET = {
    (stage, seconds): EVERY + 1 + n
    for n, (stage, seconds) in enumerate((stage, target[0]) for stage, some in TARGETS.items() for target in some)
}
SIZE = EVERY + 1 + len(_MET)
PERCENTILES = (0.5, 0.9, 0.95, 0.99)

Counts = npt.NDArray[np.int64]
_RAW = np.dtype(">u2")
_PACKED = np.dtype([("slot", ">u2"), ("many", ">u4")])
_MIDDLES = 2 * BASE ** (np.arange(SLOTS) - SHIFT) / (BASE + 1)


def nothing() -> Counts:
    """No incident at all."""
    return np.zeros(SIZE, np.int64)


def of_rows(keys: bytes) -> Counts:
    """Counts of incidents, from what each of them adds, one after another."""
    return np.bincount(np.frombuffer(keys, _RAW), minlength=SIZE)


def of_cells(packed: bytes) -> Counts:
    """Counts of cells, one after another."""
    cells = np.frombuffer(packed, _PACKED)
    return np.bincount(cells["slot"], cells["many"], minlength=SIZE).astype(np.int64)


def packed(counts: Counts) -> bytes:
    """Counts as a cell keeps them: the slots that are not empty."""
    slots = np.flatnonzero(counts)
    cell = np.empty(len(slots), _PACKED)
    cell["slot"], cell["many"] = slots, counts[slots]
    return cell.tobytes()


@dataclass(frozen=True, slots=True)
class Kept:
    """Cells and rows one after another, not yet counted: a tenth of the memory of counts, and added by joining."""

    cells: bytes = b""
    keys: bytes = b""

    @property
    def incidents(self) -> int:
        """How many incidents there are."""
        cells = np.frombuffer(self.cells, _PACKED)
        rows = int(np.count_nonzero(np.frombuffer(self.keys, _RAW) == EVERY))
        return rows + int(cells["many"][cells["slot"] == EVERY].sum(dtype=np.int64))

    def counts(self) -> Counts:
        """Slot by slot."""
        return of_rows(self.keys) + of_cells(self.cells)


def together(many: Iterable[Kept]) -> Kept:
    """All of them."""
    some = list(many)
    return Kept(b"".join(one.cells for one in some), b"".join(one.keys for one in some))


@dataclass(frozen=True, slots=True)
class Reached:
    """One stage of a sketch: how many reached it, the seconds of each percentile, how many within each target."""

    stage: str
    n: int
    percentiles: tuple[float | None, ...]
    within: tuple[int, ...]


def incidents(counts: Counts) -> int:
    """How many incidents there are."""
    return int(counts[EVERY])


def reached(counts: Counts) -> tuple[Reached, ...]:
    """Every stage."""
    sums = counts[:EVERY].reshape(len(STAGES), SLOTS).cumsum(axis=1)
    return tuple(
        Reached(
            stage, int(row[-1]), _percentiles(row),
            tuple(int(counts[_MET[stage, seconds]]) for seconds, _ in TARGETS.get(stage, ())),
        )
        for stage, row in zip(STAGES, sums, strict=True)
    )  # fmt: skip


def _percentiles(sums: Counts) -> tuple[float | None, ...]:
    """By nearest rank: the smallest value that at least this share does not exceed."""
    n = int(sums[-1])
    if n == 0:
        return (None,) * len(PERCENTILES)
    ranks = np.maximum(1, np.ceil(np.round(np.array(PERCENTILES) * n, 9)))
    return tuple(float(seconds) for seconds in _MIDDLES[np.searchsorted(sums, ranks)])
