"""Two of each service: their own classes, put together as their `main` does, over the imagined ways."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from bench.simulation.broker import Broker
from bench.simulation.links import ImaginedDatabase
from bench.simulation.loop import IN_THE_OPEN, PROCESS, DrawnLoop, ImaginedClock, Process, pause
from bench.simulation.meanings.rows import GOING
from bench.simulation.store import Server
from bench.simulation.wire import Socket
from services.devices.flow.alarms import AlarmFlow
from services.devices.intake import alarms
from services.devices.intake.news import NewsDesk
from services.devices.outbox import Receipts
from services.devices.store.keys import Keys, Sealer
from services.devices.store.leases import Lease
from services.dispatch import intake, timers
from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.matching import Candidate, Roster
from services.dispatch.domain.policy import Policy
from services.dispatch.domain.situation import Situation
from services.dispatch.flow.cases import Cases
from services.dispatch.flow.house import House
from services.dispatch.registry.situations import Situations
from services.gateway.domain.people import Identity
from services.gateway.domain.streams import Limits
from services.gateway.intake import Inboxes
from services.gateway.push.connection import Parts
from services.gateway.push.heard import Heard
from services.gateway.push.hub import Hub
from services.gateway.push.screens import Screens
from services.gateway.push.sockets import Sockets
from shared.contracts.commands import Command
from shared.runtime.log import Wakeup
from shared.runtime.mqtt import Consumer
from shared.vocabulary.geo import Position

FOLLOWED = frozenset({"dispatch.alarms", "dispatch.screens"})
HOME = Position(25.6, 115.79)
PROCESSES = ("devices-1", "devices-2", "dispatch-1", "dispatch-2", "gateway-1", "gateway-2")


@dataclass
class City:
    """What all processes share."""

    loop: DrawnLoop
    draw: Random
    server: Server
    broker: Broker
    people: Mapping[str, Identity]
    policy: Policy
    running: dict[str, Process] = field(default_factory=dict)
    houses: dict[str, tuple[Process, House]] = field(default_factory=dict)
    doors: dict[str, tuple[Process, Sockets]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    hints: list["Hints"] = field(default_factory=list)
    sockets: list[Socket] = field(default_factory=list)

    def clock(self) -> ImaginedClock:
        """A host's clock that follows the database's, and is off by less than the checker's millisecond."""
        return ImaginedClock(self.loop, self.draw.uniform(-0.0004, 0.0004))

    def start(self, name: str) -> None:
        """Start a process anew."""
        process = self.running[name] = Process(name)
        task = within(process, self._live(name, process))
        task.add_done_callback(lambda done: self._ended(name, process, done))

    async def _live(self, name: str, process: Process) -> None:
        await SERVES[name.partition("-")[0]](self, name, process)

    def _ended(self, name: str, process: Process, done: "asyncio.Task[None]") -> None:
        """By itself it never ends."""
        if not process.dead and not done.cancelled():
            self.ended.append(f"{name}: {done.exception()!r}")

    def kill(self, name: str) -> None:
        """SIGKILL: its connections break, its sessions stay."""
        process = self.running[name]
        process.kill()
        self.server.hang_up(process)
        self.broker.lose(process)
        self.houses.pop(name, None)
        self.doors.pop(name, None)
        self.hints = [one for one in self.hints if one.process is not process]
        for socket in self.sockets:
            if socket.process is process:
                socket.cut()


def within(process: Process, work: Awaitable[Any]) -> "asyncio.Task[Any]":
    """Begin something in a process."""
    context = copy_context()
    context.run(PROCESS.set, process)
    return asyncio.get_running_loop().create_task(cast("Any", work), context=context)


class Hints(Wakeup):
    """NOTIFY between processes: late, and sometimes never."""

    def __init__(self, city: City) -> None:
        """Listen."""
        super().__init__("")
        self.process = PROCESS.get()
        self._city = city
        city.hints.append(self)

    def ring(self, *streams: str) -> None:
        """Our own sleepers at once, the others soon or not at all."""
        super().ring(*streams)
        if self.process.dead:
            return
        for other in self._city.hints:
            if other is not self and self._city.draw.random() < 0.8:
                delay_s = self._city.draw.uniform(0.0005, 0.01)
                self._city.loop.call_later(delay_s, other.told, streams, context=IN_THE_OPEN)

    def told(self, streams: Sequence[str]) -> None:
        """Another process rang."""
        self._hear(None, 0, "", " ".join(streams))


async def serve_devices(city: City, name: str, _: Process) -> None:
    """One worker of devices."""
    database, clock, wakeup = ImaginedDatabase(city.server), city.clock(), Hints(city)
    box = cast("Consumer", city.broker.session(name))
    keys = Keys(database, Sealer(""))
    receipts = Receipts(box, keys, clock)
    news = NewsDesk(database, clock, receipts)
    flow = AlarmFlow(database, clock, wakeup, receipts, keys, actor=name)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(alarms.follow(box, flow, clock, 0.0 if name == "devices-1" else alarms.COPIES_WAIT_S))
        tasks.create_task(news.follow(wakeup))
        tasks.create_task(news.deliver())
        tasks.create_task(Lease(database, clock, "receipts", name).run(news.sweep))


async def serve_dispatch(city: City, name: str, process: Process) -> None:
    """One worker of dispatch."""
    database, clock, wakeup = ImaginedDatabase(city.server), city.clock(), Hints(city)
    house = House(database, clock, Cases(database, clock, Around(database, clock, city)))
    city.houses[name] = (process, house)
    async with asyncio.TaskGroup() as tasks:
        for follower, hears in intake.followers(house):
            if follower.name in FOLLOWED:
                work = follower.run(wakeup, hears=hears, tells=["incident"], after=house.planned.set)
                tasks.create_task(work)
        tasks.create_task(timers.keep(house, wakeup))


async def serve_gateway(city: City, name: str, process: Process) -> None:
    """One gateway."""
    database, clock, wakeup = ImaginedDatabase(city.server), city.clock(), Hints(city)
    hub = Hub(database, wakeup.sleeper("inbox"))
    screens = Screens(database, clock, lambda: wakeup.ring("screen"))
    quiet: Any = Quiet()
    accounts: Any = Accounts(city.people)
    parts = Parts(database, clock, accounts, hub, screens, Limits(), asyncio.Semaphore(6), quiet)
    sockets = Sockets(parts, quiet, ())
    city.doors[name] = (process, sockets)
    inboxes = Inboxes(database, clock, hub.deliver)
    heard = Heard(database, clock, hub, wakeup.sleeper("device"))
    async with asyncio.TaskGroup() as tasks:
        for work in (inboxes.run(wakeup), hub.run(), heard.run(), screens.run(), sockets.run()):
            tasks.create_task(work)


SERVES: Mapping[str, Callable[[City, str, Process], Awaitable[None]]] = {
    "devices": serve_devices, "dispatch": serve_dispatch, "gateway": serve_gateway,
}  # fmt: skip


class Around(Situations):
    """Everybody lives around one corner; whoever is not going may be asked."""

    def __init__(self, database: ImaginedDatabase, clock: ImaginedClock, city: City) -> None:
        """Look into what is committed."""
        super().__init__(database, clock)
        self._city = city

    async def of_alarms(self, alarms: Sequence[Pressed]) -> list[Situation]:
        """The same for each."""
        await pause(self._city.server.delay_s())
        return [self._around() for _ in alarms]

    async def of_incidents(self, incidents: Sequence[str], place: Position | None = None) -> dict[str, Situation]:  # noqa: ARG002
        """The same for each."""
        await pause(self._city.server.delay_s())
        return {name: self._around() for name in incidents}

    async def of_command(self, command: Command) -> Situation:  # noqa: ARG002
        """Whatever is asked."""
        await pause(self._city.server.delay_s())
        return self._around()

    def _around(self) -> Situation:
        going = {
            row["responder_id"] for row in self._city.server.tables["assignment"].values() if row["state"] in GOING
        }
        people = [
            Candidate(
                name, "王", "caregiver", Position(HOME.lat + n / 900, HOME.lon), 1.4, 3, 1, reachable=row["reachable"]
            )
            for n, (name, row) in enumerate(sorted(self._city.server.tables["responder"].items()))
        ]  # fmt: skip
        roster = Roster(tuple(one for one in people if one.id not in going))
        return Situation(HOME, self._city.policy, roster)


class Accounts:
    """Everybody is who they say they are."""

    def __init__(self, people: Mapping[str, Identity]) -> None:
        """By token, which here is the name."""
        self._people = people

    async def admit(self, token: str) -> Identity | None:
        """Let in."""
        await pause(0.001)
        return self._people.get(token)

    async def still(self, sessions: Iterable[bytes]) -> Mapping[bytes, Identity]:
        """All of them stand."""
        await pause(0.001)
        return {one.session: one for one in self._people.values() if one.session in set(sessions)}


class Quiet:
    """What a gateway tells of the platform and of its seats; nobody asks here."""

    def on_change(self, _: Callable[[], None]) -> None:
        """Nothing changes."""

    def frame(self) -> str:
        """All is well."""
        return '{"t":"state","k":"platform","ver":1,"d":{}}'

    def present(self, _: Identity, *, heard: bool) -> None:
        """A seat is there."""

    def absent(self, _: Identity) -> None:
        """A seat is gone."""
