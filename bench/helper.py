"""A helper process that is told its order, says `ready` if it has to, starts at a line, and answers in lines."""

import asyncio
import json
import sys
from typing import Any

LIMIT = 1 << 26


class Helper:
    """`python -m module`, talked to by lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Wrap a started process."""
        self._process = process

    @classmethod
    async def start(cls, module: str, order: dict[str, Any]) -> "Helper":
        """Start it and give it its order (secrets go by its input, never on its command line)."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LIMIT
        )
        helper = cls(process)
        await helper.tell(json.dumps(order))
        return helper

    def say(self, line: str) -> None:
        """Write a line, without a look at whether it is read."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")

    async def tell(self, line: str = "") -> None:
        """Write a line."""
        self.say(line)
        assert self._process.stdin is not None
        await self._process.stdin.drain()

    async def line(self) -> str:
        """Read a line; empty when it has ended."""
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode().strip()

    async def rest(self) -> list[Any]:
        """Everything it still says, as JSON lines, and its end."""
        assert self._process.stdout is not None
        text = (await self._process.stdout.read()).decode()
        await self._process.wait()
        return [json.loads(line) for line in text.splitlines()]

    async def end(self) -> None:
        """End it if it still runs."""
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
