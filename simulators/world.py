"""What all simulated people share."""

from dataclasses import dataclass
from random import Random

from shared.runtime.clock import Clock
from simulators.courtesy import Courtesy
from simulators.demo import Demo
from simulators.witness import Witness, nobody


@dataclass(frozen=True, slots=True)
class World:
    """`pace` shortens people's waits and ways, for a demo that need not last as long as life."""

    demo: Demo
    clock: Clock
    draw: Random
    courtesy: Courtesy
    pace: float = 1.0
    witness: Witness = nobody
