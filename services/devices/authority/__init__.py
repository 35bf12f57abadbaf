"""Who may connect to the broker, and how the broker is told."""

from typing import Protocol


class DeviceAuthority(Protocol):
    """The broker's list of who may connect. Both calls may be repeated; they raise `AuthorityAwayError`."""

    async def issue(self, device: str, county: str, secret: str, prefix: str | None) -> None:
        """Let this device in under this secret and no other, and end a connection under an older one."""

    async def withdraw(self, device: str) -> None:
        """Let it in no more, and end its connection."""


class AuthorityAwayError(Exception):
    """The broker could not be told; nothing has changed there."""
