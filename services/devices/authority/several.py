"""Several brokers as one authority: each has its own list, and all of them must say the same."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from services.devices.authority import Backend


class Everywhere:
    """Tells every broker; what one of them could not be told raises `AuthorityAwayError`, and is told again."""

    def __init__(self, brokers: Sequence[Backend]) -> None:
        """Ready as soon as one is: the devices of the others move there."""
        self._brokers = tuple(brokers)
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for one in self._brokers:
                tasks.create_task(one.run())
                tasks.create_task(self._wait_for(one))

    async def _wait_for(self, one: Backend) -> None:
        await one.ready.wait()
        self.ready.set()

    async def watch(self) -> None:
        """Count those whom any broker refuses, until cancelled."""
        await self._all(lambda one: one.watch())

    async def issue(self, device: str, county: str, secret: str, prefix: str | None) -> None:
        """Let this device in under this secret and no other."""
        await self._all(lambda one: one.issue(device, county, secret, prefix))

    async def settle(self, device: str) -> None:
        """End a connection that was made under an older secret."""
        await self._all(lambda one: one.settle(device))

    async def withdraw(self, device: str) -> None:
        """Let it in no more, and end its connection."""
        await self._all(lambda one: one.withdraw(device))

    async def _all(self, tell: Callable[[Backend], Awaitable[None]]) -> None:
        """One that is away must not keep the others from being told."""
        told = await asyncio.gather(*(tell(one) for one in self._brokers), return_exceptions=True)
        for fault in told:
            if isinstance(fault, BaseException):
                raise fault
