"""What a measurement costs beside its figures: processor time, memory and the database's growth, part by part."""

from dataclasses import dataclass
from typing import Any, Protocol

import asyncpg
import psutil

from shared.runtime.clock import stopwatch

MIB = 1 << 20
SIZE = "SELECT pg_database_size(current_database())"
COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"


class Measured(Protocol):
    """What can be read: a database, and processes by name."""

    @property
    def owner_url(self) -> str:
        """The database under a role that may see its size."""
        ...

    def processes(self) -> dict[str, int]:
        """Process numbers by name, as they are now."""
        ...


@dataclass(frozen=True, slots=True)
class Usage:
    """Readings at one instant: seconds of processor and bytes by part, bytes of the database, its commits."""

    at: float
    cpu_s: dict[str, float]
    memory: dict[str, int]
    database: int
    commits: int

    def since(self, before: "Usage") -> dict[str, Any]:
        """What was used in between, by part; memory is that of now, commits are those of a second."""
        took = self.at - before.at
        cpu = {name: used - before.cpu_s.get(name, 0.0) for name, used in self.cpu_s.items()}
        return {
            "took_s": round(took, 2),
            "cpu_s": {name: round(used, 2) for name, used in cpu.items()},
            "cores": round(sum(cpu.values()) / took, 2),
            "cores_by_part": {name: round(used / took, 2) for name, used in cpu.items()},
            "memory_mib": {name: size // MIB for name, size in self.memory.items()},
            "database_grew_mib": round((self.database - before.database) / MIB, 1),
            "commits_per_s": round((self.commits - before.commits) / took),
        }


async def usage(it: Measured) -> Usage:
    """Read it as it is now."""
    database = await asyncpg.connect(it.owner_url)
    try:
        size, commits = await database.fetchval(SIZE), await database.fetchval(COMMITS)
    finally:
        await database.close()
    return read(it.processes(), size, commits)


def read(processes: dict[str, int], size: int, commits: int) -> Usage:
    """Read processes by name, each with its children; one that has just ended counts nothing."""
    cpu: dict[str, float] = {}
    memory: dict[str, int] = {}
    for name, number in processes.items():
        family = _family(number)
        cpu[name] = sum(_cpu_s(one) for one in family)
        memory[name] = sum(_memory(one) for one in family)
    return Usage(stopwatch(), cpu, memory, size, commits)


def _family(number: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(number)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu_s(process: psutil.Process) -> float:
    """Its own time and that of its children that have ended; those that live are read by themselves."""
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(used.user + used.system + used.children_user + used.children_system)


def _memory(process: psutil.Process) -> int:
    """What it has alone: PostgreSQL's processes share most of theirs."""
    try:
        return int(process.memory_full_info().uss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
