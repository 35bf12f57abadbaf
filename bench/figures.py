"""Percentiles and medians of measured values."""

from collections.abc import Sequence
from math import ceil
from statistics import median
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least that share of all are not above (nearest rank); NaN of nothing."""
    if not values:
        return float("nan")
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def milliseconds(seconds: float) -> float:
    """Milliseconds with two decimals."""
    return round(seconds * 1000, 2)


def summary(values: Sequence[float], prefix: str = "") -> dict[str, float]:
    """p50, p99 and maximum in milliseconds."""
    return {
        f"{prefix}p50_ms": milliseconds(percentile(values, 0.5)),
        f"{prefix}p99_ms": milliseconds(percentile(values, 0.99)),
        f"{prefix}max_ms": milliseconds(max(values, default=float("nan"))),
    }


def median_of(runs: Sequence[dict[str, Any]], name: str) -> float:
    """The middle one of several runs."""
    return round(float(median(run[name] for run in runs)), 2)
