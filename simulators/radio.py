"""A bad radio between a device and the broker: what is sent may be lost, late, doubled, overtaken, or shut out.

The same seed gives the same bad luck. Pure: a message becomes the waits after which its copies leave.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad. Shares are of messages, from 0 to 1; times are seconds.

    `reorder` messages wait `overtaken_s` longer, so that later ones arrive first. Within every `gap_every_s` nothing
    gets out for `gap_s`. `clock_off_s` is how wrong the device's own clock is.
    """

    loss: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    duplicates: float = 0.0
    reorder: float = 0.0
    overtaken_s: float = 2.0
    gap_every_s: float = 0.0
    gap_s: float = 0.0
    clock_off_s: float = 0.0


GOOD = Weather()
KINDS: Mapping[str, Weather] = MappingProxyType(
    {
        "good": GOOD,
        "bad": Weather(loss=0.3, delay_s=0.4, jitter_s=0.6, duplicates=0.3, reorder=0.2),
        "gaps": Weather(loss=0.05, delay_s=0.1, gap_every_s=900, gap_s=600),
        "wrong_clock": Weather(clock_off_s=-3 * 365 * 86_400),
    }
)
"""Weathers by the names that the button page offers."""


class Radio:
    """One device's radio."""

    def __init__(self, weather: Weather, draw: Random, begun: datetime) -> None:
        """Gaps are counted from `begun`, each radio's at an instant of its own."""
        self.weather = weather
        self._draw = draw
        self._begun = begun
        self._phase_s = draw.uniform(0, weather.gap_every_s)
        self.lost = 0

    def flights(self, now: datetime) -> list[float]:
        """Seconds after which each copy of a message leaves; none if it is lost."""
        it = self.weather
        if self.shut(now) or self._draw.random() < it.loss:
            self.lost += 1
            return []
        copies = 2 if self._draw.random() < it.duplicates else 1
        return [self._late() for _ in range(copies)]

    def shut(self, now: datetime) -> bool:
        """Whether nothing gets out at this instant."""
        it = self.weather
        if it.gap_every_s <= 0:
            return False
        return ((now - self._begun).total_seconds() + self._phase_s) % it.gap_every_s < it.gap_s

    def _late(self) -> float:
        it = self.weather
        overtaken = it.overtaken_s if self._draw.random() < it.reorder else 0.0
        return it.delay_s + self._draw.uniform(0, it.jitter_s) + overtaken
