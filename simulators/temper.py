"""How people answer: pure draws, from what volunteers and caregivers did in published trials."""

from dataclasses import dataclass
from math import log
from random import Random
from typing import Literal

from shared.vocabulary.geo import Position

Answer = Literal["accept", "refuse", "silent"]

ACCEPTS, REFUSES = 0.36, 0.44
FASTEST_S, MEDIAN_S, SLOWEST_S = 15.0, 40.0, 113.0
SPREAD = 0.55
REASONS = ("busy", "busy", "too_far", "no_transport", "unwell", "other")
OUTCOMES = ("helped",) * 6 + ("false_press",) * 3 + ("hospital",)


@dataclass(frozen=True, slots=True)
class Intention:
    """What somebody will say to an offer, and how long they take, in seconds."""

    answer: Answer
    after_s: float


def intention(draw: Random) -> Intention:
    """36 % accept, 44 % refuse, 20 % stay silent; 15 to 113 s, half of them within 40 s."""
    chance = draw.random()
    answer: Answer = "accept" if chance < ACCEPTS else "refuse" if chance < ACCEPTS + REFUSES else "silent"
    return Intention(answer, delay_s(draw))


def delay_s(draw: Random) -> float:
    """Log-normal round the median, within what was seen."""
    return min(SLOWEST_S, max(FASTEST_S, draw.lognormvariate(log(MEDIAN_S), SPREAD)))


def on_the_way(start: Position, goal: Position, share: float) -> Position:
    """Where somebody is after that share of a straight way."""
    return Position(start.lat + (goal.lat - start.lat) * share, start.lon + (goal.lon - start.lon) * share)
