"""A cable between two network namespaces that can be pulled: nothing gets through then, not even a refusal.

It needs root and the `ip` command. The far end is an address in a namespace of its own; a socket that listens there
serves in this process, since a socket stays in the namespace in which it was made.
"""

import ctypes
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAMESPACES = Path("/run/netns")
NEW_NETWORK = 0x40000000
"""CLONE_NEWNET of <sched.h>."""


@dataclass(frozen=True, slots=True)
class Cable:
    """`name` is the namespace's, `address` that of its end."""

    name: str
    address: str

    def listening(self) -> socket.socket:
        """A socket at the far end; a thread goes there for it, and is gone afterwards."""
        with ThreadPoolExecutor(1) as there:
            return there.submit(self._listening).result()

    def pull(self) -> None:
        """Take it out."""
        _ip("-n", self.name, "link", "set", "eth0", "down")

    def plug(self) -> None:
        """Put it in again."""
        _ip("-n", self.name, "link", "set", "eth0", "up")

    def _listening(self) -> socket.socket:
        with (NAMESPACES / self.name).open() as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), NEW_NETWORK):
                raise OSError(ctypes.get_errno(), "setns")
        return socket.create_server((self.address, 0), backlog=4096)


@contextmanager
def cable() -> Iterator[Cable | None]:
    """Lay one, if that is allowed here, and take it away afterwards."""
    name, net = f"yl{os.getpid()}", f"10.213.{os.getpid() % 256}"
    if os.geteuid() != 0 or shutil.which("ip") is None or not _ip("netns", "add", name, check=False):
        yield None
        return
    try:
        _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("addr", "add", f"{net}.1/30", "dev", name)
        _ip("link", "set", name, "up")
        _ip("-n", name, "addr", "add", f"{net}.2/30", "dev", "eth0")
        _ip("-n", name, "link", "set", "eth0", "up")
        yield Cable(name, f"{net}.2")
    finally:
        _ip("netns", "del", name, check=False)


def _ip(*arguments: str, check: bool = True) -> bool:
    return subprocess.run(["ip", *arguments], check=check, capture_output=True).returncode == 0  # noqa: S607
