"""Consoles that measure: each notes when it could ring for an alarm, when its incident came, and what came twice."""

import asyncio
from collections.abc import Sequence
from itertools import cycle, islice
from random import Random
from typing import Any

from shared.runtime.clock import Clock, stopwatch
from simulators.console import Console
from simulators.demo import Demo
from simulators.door import Door
from simulators.inbox import Frame, Inbox

SOCKETS_A_USER = 8
COUNTY_DIGITS = 6
LIVE_WITHIN_S = 60.0


class Arrivals:
    """When each device's alarm reached a screen, and how often one came twice.

    `rang` is when a screen knew who calls and where; `arrivals` when it had the incident, with people asked.
    """

    def __init__(self) -> None:
        """Nothing has come yet."""
        self.rang: dict[str, float] = {}
        self.arrivals: dict[str, float] = {}
        self.duplicates = 0

    def rings(self, device: str) -> None:
        """Note the first word of an alarm."""
        self.rang.setdefault(device, stopwatch())

    def arrived(self, device: str) -> None:
        """Note the first; count every further one."""
        self.duplicates += device in self.arrivals
        self.rings(device)
        self.arrivals.setdefault(device, stopwatch())

    def forget(self) -> None:
        """Begin the next run."""
        self.duplicates = 0
        self.rang.clear()
        self.arrivals.clear()


class Watcher(Arrivals):
    """One desk screen that answers `seen` and nothing else."""

    def __init__(self, door: Door, demo: Demo, clock: Clock, draw: Random) -> None:
        """Prepare the console."""
        super().__init__()
        self.console = Console(door, demo.sockets, clock, draw, self._show, self._told)
        self.incidents: dict[str, int] = {}
        self.task: asyncio.Task[None] | None = None
        self._shown: set[tuple[str, str]] = set()

    def forget(self) -> None:
        """Begin the next run."""
        super().forget()
        self.incidents.clear()

    def _told(self, frame: Frame) -> None:
        if frame["k"].startswith("alarm/") and frame["d"]:
            self.rings(frame["d"]["device"])

    def _show(self, inbox: Inbox, frame: Frame) -> None:
        if frame["t"] == "snap":
            self.incidents |= {row["incident"]: row["ver"] for row in frame["d"].get("incidents", [])}
        if frame["t"] != "ev" or not frame["type"].startswith("incident."):
            return
        again = (inbox.id, frame["id"]) in self._shown
        self._shown.add((inbox.id, frame["id"]))
        row = frame["d"]
        if frame["type"] == "incident.opened" and not again:
            self.arrived(row["device"])
        self.duplicates += again
        self.incidents[row["incident"]] = max(row["ver"], self.incidents.get(row["incident"], 0))


def seats(demo: Demo, wanted: int) -> list[dict[str, Any]]:
    """Accounts that see the whole county, each as often as it may have sockets; ValueError when too few."""
    county = [a for a in demo.accounts("desk", "supervisor", "admin") if len(a["division"]) <= COUNTY_DIGITS]
    if wanted > len(county) * SOCKETS_A_USER:
        raise ValueError(f"the demo has seats for {len(county) * SOCKETS_A_USER} consoles")
    return list(islice(cycle(county), wanted))


async def opened(demo: Demo, doors: Sequence[Door], clock: Clock, group: asyncio.TaskGroup) -> list[Watcher]:
    """Open one console a door and return when all are live."""
    made = [Watcher(door, demo, clock, Random(number)) for number, door in enumerate(doors)]
    for watcher in made:
        watcher.task = group.create_task(watcher.console.stay())
    async with asyncio.timeout(LIVE_WITHIN_S):
        await asyncio.gather(*(watcher.console.live.wait() for watcher in made))
    return made
