"""A tenth of the traffic is of no use: devices that have gone mad say what no device would."""

import asyncio
import contextlib
from random import Random

import orjson

from bench.proofs.history import History
from shared.runtime.clock import Clock
from simulators.demo import Demo
from simulators.mqtt import LOST, session

WITHIN_S = 5.0
NONSENSE = (
    b"", b"{", b"\xff\xfe\x00", b"null", b"[1,2,3]", b'"sos"', b"0" * 70_000, b"[" * 3000,
    orjson.dumps({"v": 1}), orjson.dumps({"v": 99, "kind": "sos", "seq": "x", "boot": [], "ts": "yesterday"}),
    orjson.dumps({"v": 1, "kind": "sos", "boot": -1, "seq": 2**70 % 2**62, "ts": 10**18}),
    orjson.dumps({"v": 1, "kind": {"a": {"b": {}}}, "boot": 1, "seq": 1, "ts": 0, "mac": 7}),
    orjson.dumps({"v": 1, "kind": "不认识", "boot": 1, "seq": 1, "ts": None, "path": "x" * 5000}),
)  # fmt: skip


class Poison:
    """Says nonsense in the name of these devices, which press nothing themselves."""

    def __init__(self, demo: Demo, devices: tuple[str, ...], clock: Clock, draw: Random, history: History) -> None:
        """Nobody is connected yet."""
        self._identities = [demo.identity(device) for device in demo.devices if device["id"] in devices]
        self._clock = clock
        self._draw = draw
        self._history = history

    async def flow(self, rate: float) -> None:
        """So many a second until cancelled; what the broker has confirmed stands in the history."""
        async with asyncio.TaskGroup() as speaking:
            while True:
                await self._clock.sleep(self._draw.expovariate(rate))
                speaking.create_task(self._say(self._draw.choice(NONSENSE)))

    async def _say(self, payload: bytes) -> None:
        identity = self._draw.choice(self._identities)
        with contextlib.suppress(*LOST, asyncio.CancelledError):
            async with asyncio.timeout(WITHIN_S), session(identity.broker, None, lambda *_: None) as link:
                await link.publish(identity.topic("up/alarm"), payload)
                self._history.note(identity.id, "poison", {"size": len(payload)})
