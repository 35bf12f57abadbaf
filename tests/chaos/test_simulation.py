"""Our own code in imagined worlds: promises are kept, a seed is the same run again, broken builds are noticed."""

import asyncio
import gc
import json
import select
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable, Sequence

import psutil
import pytest

from bench.simulation.store import Server
from bench.simulation.world import World
from services.devices.domain.alarm import Alarm
from services.devices.domain.told import Told
from services.devices.flow.alarms import AlarmFlow, Reading, _counted
from services.devices.intake import alarms
from services.dispatch.domain import answers
from services.dispatch.store import cases
from services.gateway.domain import letters
from services.gateway.domain.heard import Standing
from services.gateway.push.hub import Hub
from shared.runtime import log
from shared.runtime.clock import Clock, woken
from shared.runtime.database import Connection, Record
from shared.runtime.log import Follower
from shared.runtime.mqtt import Consumer
from tests.instances import ROOT

Break = Callable[[pytest.MonkeyPatch], None]


def receipts_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    """A device believes what the database does not have."""
    keep = AlarmFlow.keep

    async def hasty(self: AlarmFlow, readings: Sequence[Reading]) -> list[Told]:
        self._receipts.answer([_counted(one, self._clock.now()) for one in readings if isinstance(one, Alarm)])
        return await keep(self, readings)

    async def follow(box: Consumer, flow: AlarmFlow, clock: Clock, _: float) -> None:
        while True:
            deliveries = await box.take(alarms.AT_MOST)
            box.acknowledge(deliveries)
            await flow.keep([alarms._reading(delivery, clock) for delivery in deliveries])

    patch.setattr(AlarmFlow, "keep", hasty)
    patch.setattr(alarms, "follow", follow)


def a_cursor_without_the_horizon(patch: pytest.MonkeyPatch) -> None:
    """Followers read what is committed, though something before it is not."""
    patch.setattr(Server, "horizon", property(lambda it: it._next))


def streams_written_without_their_lock(patch: pytest.MonkeyPatch) -> None:
    """Two workers decide on one case at once."""

    async def nothing(*_: object) -> None:
        await woken(asyncio.Event(), 0)

    patch.setattr(log, "lock", nothing)
    patch.setattr(cases, "LOCK_AND_LOAD", cases.LOAD)


def an_accept_without_its_condition(patch: pytest.MonkeyPatch) -> None:
    """Whoever says yes goes first, whoever else does."""
    patch.setattr(answers, "_slot", lambda *_: answers.FIRST)
    patch.setattr(answers, "_make_way", lambda _: None)


def hints_as_the_only_wake_up(patch: pytest.MonkeyPatch) -> None:
    """A follower that never looks by itself whether there is something new."""

    async def told(self: Follower, sleeper: asyncio.Event) -> None:
        await woken(sleeper, log.POLL_S if self._stands_by else 3600)

    patch.setattr(Follower, "_rest", told)


def a_cursor_that_does_not_commit_with_its_effect(patch: pytest.MonkeyPatch) -> None:
    """A batch is handled again after each kill."""
    move = Follower._move

    async def sometimes(self: Follower, connection: Connection, last: Record) -> None:
        if last["position"] % 7:
            await move(self, connection, last)

    patch.setattr(Follower, "_move", sometimes)


def only_its_own_posts(patch: pytest.MonkeyPatch) -> None:
    """A gateway that never looks what another one has written."""

    async def nothing(_: Hub) -> None:
        await woken(asyncio.Event(), 0)

    patch.setattr(Hub, "_sweep", nothing)


def a_word_that_nothing_takes_back(patch: pytest.MonkeyPatch) -> None:
    """Letters do not say which alarms an incident has taken in, and nobody asks."""
    patch.setattr(letters, "TAKES_IN", frozenset())
    patch.setattr(Standing, "lingering", lambda *_: [])


BROKEN = (
    (receipts_before_the_commit, (11, *range(1, 41))),
    (a_cursor_without_the_horizon, range(1, 9)),
    (streams_written_without_their_lock, range(1, 9)),
    (an_accept_without_its_condition, range(1, 9)),
    (hints_as_the_only_wake_up, range(1, 9)),
    (a_cursor_that_does_not_commit_with_its_effect, range(1, 9)),
    (only_its_own_posts, range(1, 9)),
    (a_word_that_nothing_takes_back, range(1, 9)),
)


KEPT = (105, 262, 3984, 4579, 5965, 6369, 6738)


@pytest.mark.timeout(420)
def test_worlds_keep_every_promise() -> None:
    """Three hundred seeds, by the command anybody gives."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cli", "prove", "simulation", "--seeds", "300", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["seeds"], report["violations"], done.returncode) == (300, 0, 0), report["broken"]
    assert report["complete"]
    assert report["faults"] > 900
    assert report["accepted"] > 400


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_ended_early_it_tells_what_it_has(way: signal.Signals) -> None:
    """Of the seeds it has lived, and that they are not all."""
    command = [sys.executable, "-m", "bench.cli", "prove", "simulation", "--seeds", "10000", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        while not psutil.Process(process.pid).children():
            select.select([], [], [], 0.02)
        process.send_signal(way)
        told, _ = process.communicate(timeout=60)
    report = json.loads(told)
    assert (report["complete"], report["ok"], process.returncode) == (False, False, 1)
    assert 0 < report["seeds"] < 10_000
    assert report["violations"] == 0


def test_a_world_leaves_nothing_behind() -> None:
    """Thousands are lived through in one process."""

    def lived() -> weakref.ref[object]:
        world = World(5)
        world.run()
        return weakref.ref(world.loop)

    loop = lived()
    gc.collect()
    assert loop() is None


def test_a_seed_is_the_same_run_again() -> None:
    """To the last entry of the diary and the last imagined millisecond."""
    runs = [World(5), World(5)]
    for world in runs:
        world.run()
    assert runs[0].diary.entries == runs[1].diary.entries
    assert runs[0].loop.time() == runs[1].loop.time()
    assert World(6).run() != World(5).run()


@pytest.mark.parametrize("seed", KEPT)
def test_what_once_went_wrong_does_not(seed: int) -> None:
    """A follower begun twice at the same moment; a desk told of an alarm whose incident it had by another gateway."""
    assert World(seed).run().offences == ()


@pytest.mark.parametrize(("broken", "seeds"), BROKEN)
def test_a_broken_build_is_noticed(broken: Break, seeds: Sequence[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """By one of a few seeds."""
    broken(monkeypatch)
    assert any(World(seed).run().offences for seed in seeds)
