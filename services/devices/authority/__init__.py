"""Who may connect to the broker, and how the broker is told. docs/adr/0011-device-authority.md."""

import asyncio
from typing import Protocol


class DeviceAuthority(Protocol):
    """The broker's list of who may connect. All calls may be repeated; they raise `AuthorityAwayError`.

    `issue` is called before the commit of what it belongs to, `settle` and `withdraw` after it.
    """

    async def issue(self, device: str, county: str, secret: str, prefix: str | None) -> None:
        """Let this device in under this secret and no other."""

    async def settle(self, device: str) -> None:
        """End a connection that was made under an older secret."""

    async def withdraw(self, device: str) -> None:
        """Let it in no more, and end its connection."""


class Backend(DeviceAuthority, Protocol):
    """A broker behind it all."""

    ready: asyncio.Event

    async def run(self) -> None:
        """Work until cancelled; `ready` is set once the broker can be told."""

    async def watch(self) -> None:
        """What one worker does for all, under a lease, until cancelled: count those whom the broker refuses."""


class AuthorityAwayError(Exception):
    """The broker could not be told; nothing has changed there."""
