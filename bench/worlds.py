"""Generated worlds for `./yinling replay`: answers drawn from published percentiles of volunteer alerting schemes.

36 % accept, 44 % refuse, 20 % stay silent; an answer takes 15 to 113 s, 40 in the middle; people are spread evenly
over a kilometre, move at 2.3 m/s on ways 1.3 times the distance; an ambulance comes after 6.5 min in the middle and
11 at the ninetieth percentile. Sources: docs/replay.md.
"""

from math import cos, exp, hypot, log, pi, sin, sqrt
from random import Random
from typing import Any

METRES_PER_DEGREE = 111_195.0
RADIUS_M, SPEED_MPS, DETOUR = 1000.0, 2.3, 1.3
ACCEPT, REFUSE = 0.36, 0.44
DELAY_S, DELAY_SPREAD, DELAY_LEAST_S, DELAY_MOST_S = 40.0, 0.48, 15.0, 113.0
AMBULANCE_S, AMBULANCE_SPREAD = 390.0, 0.41


def world(episodes: int, around: int, seed: int) -> dict[str, Any]:
    """A world file's content with `around` people about each incident."""
    draw = Random(seed)
    return {
        "v": 1, "seed": seed, "ambulance": True,
        "episodes": [_episode(f"e{n}", around, draw) for n in range(1, episodes + 1)],
    }  # fmt: skip


def asking_everyone(episode: dict[str, Any]) -> float:
    """Seconds until the first help if everybody around were asked at once: nothing can be quicker."""
    arrivals = [
        person["delay_s"] + hypot(person["lat"], person["lon"]) * METRES_PER_DEGREE * DETOUR / SPEED_MPS
        for person in episode["responders"] if person["answer"] == "accept"
    ]  # fmt: skip
    return float(min([*arrivals, episode["ends_s"]]))


def _episode(name: str, around: int, draw: Random) -> dict[str, Any]:
    return {
        "id": name, "priority": 1, "lat": 0.0, "lon": 0.0,
        "ends_s": round(exp(draw.gauss(log(AMBULANCE_S), AMBULANCE_SPREAD)), 1),
        "responders": [_person(f"r{n}", draw) for n in range(1, around + 1)],
    }  # fmt: skip


def _person(name: str, draw: Random) -> dict[str, Any]:
    metres, angle, luck = RADIUS_M * sqrt(draw.random()), 2 * pi * draw.random(), draw.random()
    return {
        "id": name, "lat": metres * cos(angle) / METRES_PER_DEGREE, "lon": metres * sin(angle) / METRES_PER_DEGREE,
        "speed_mps": SPEED_MPS, "detour": DETOUR, "delay_s": _delay(draw),
        "answer": "accept" if luck < ACCEPT else "refuse" if luck < ACCEPT + REFUSE else "silent",
    }  # fmt: skip


def _delay(draw: Random) -> float:
    while not DELAY_LEAST_S <= (delay := exp(draw.gauss(log(DELAY_S), DELAY_SPREAD))) <= DELAY_MOST_S:
        pass
    return round(delay, 1)
