"""Whether somebody says yes: what her own answers say, corrected by what a county's answers have in common.

A logistic model with a prior: without answers it says what the person's own counts say. A few hundred answers move it
little; thousands move it to where they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log

import numpy as np
from numpy.typing import NDArray

LEAST_P, MOST_P = 0.02, 0.98
ENOUGH = 1_000
"""Fewer answers than this in a county, and only the person's own counts are believed."""
DOUBT = 5.0
"""How many answers' worth of evidence each weight needs before it leaves the prior."""
ROUNDS = 25
SETTLED = 1e-6
USUAL_MIN, SPREAD_MIN, FAR = 5.0, 5.0, 3.0


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What is known when somebody is asked: her own share of yes, seconds to the door, other questions she has."""

    own: float
    arrival_s: float
    night: bool
    life: bool
    pending: int

    @property
    def row(self) -> tuple[float, ...]:
        """The figures that the weights belong to."""
        away = min(FAR, (self.arrival_s / 60 - USUAL_MIN) / SPREAD_MIN)
        return 1.0, log(self.own / (1 - self.own)), away, float(self.night), float(self.life), float(self.pending)


@dataclass(frozen=True, slots=True)
class Willing:
    """The weights of a county. The prior believes the person's own counts and nothing else."""

    weights: tuple[float, ...] = (0.0, 1.0, 0.0, 0.0, 0.0, 0.0)

    def p(self, asked: Circumstance) -> float:
        """Probability of a yes, never sure of either."""
        if self == ALONE:
            return asked.own
        sum_ = sum(w * x for w, x in zip(self.weights, asked.row, strict=True))
        return bounded(1 / (1 + exp(-max(-30.0, min(30.0, sum_)))))


ALONE = Willing()


def bounded(p: float) -> float:
    """As sure as one may be of anybody."""
    return min(MOST_P, max(LEAST_P, p))


def fit(asked: Sequence[Circumstance], yes: Sequence[bool]) -> Willing:
    """The weights that a county's answers speak for; the prior where there are too few, or they make no sense."""
    if len(asked) < ENOUGH:
        return ALONE
    x = np.array([one.row for one in asked])
    weights = _climb(x, np.array(yes, dtype=float))
    found = tuple(round(float(w), 4) for w in weights)
    return Willing(found) if all(map(isfinite, found)) else ALONE


def _climb(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Newton's way to the most likely weights under the prior."""
    prior = np.array(ALONE.weights)
    weights = prior.copy()
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (y - p) - DOUBT * (weights - prior)
        bend = (x.T * (p * (1 - p))) @ x + DOUBT * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < SETTLED:
            break
    return weights
