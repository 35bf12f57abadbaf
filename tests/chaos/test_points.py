"""Death at each instruction between a commit and what follows from it, in an imagined world."""

from pathlib import Path

import pytest

from bench.proofs.chaos import POINTS
from bench.simulation.loop import OUTSIDE, PROCESS, pause
from bench.simulation.processes import within
from bench.simulation.world import World
from shared.runtime import failpoint

ELSEWHERE = frozenset({"commands.answered", "messages.taken_up", "messages.handed_over", "messages.written"})
"""What an imagined world has not: `prove chaos` alone goes there."""
SEED = 4
AWAY_S = 0.3


class Killer:
    """Whoever passes a point for the second, the fourth and the sixth time dies there, and is started again."""

    def __init__(self, world: World, point: str) -> None:
        """Wait at this point."""
        self.passed = 0
        self._world, self._point = world, point

    def look(self, order: Path) -> None:
        """Called by each who comes to any point."""
        process = PROCESS.get()
        if order.name != self._point or process.dead:
            return
        self.passed += 1
        if self.passed in (2, 4, 6):
            self._world.city.kill(process.name)
            within(OUTSIDE, self._started_again(process.name))

    async def _started_again(self, name: str) -> None:
        await pause(AWAY_S)
        if self._world.city.running[name].dead:
            self._world.city.start(name)


@pytest.mark.parametrize("point", sorted({point for some in POINTS for point in some} - ELSEWHERE))
def test_death_there_breaks_no_promise(point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together with all else that befalls this world."""
    monkeypatch.setattr(failpoint, "FOLDER", "orders")
    world = World(SEED)
    killer = Killer(world, point)
    monkeypatch.setattr(failpoint, "_end_if_armed", killer.look)
    assert world.run().offences == ()
    assert killer.passed >= 2
