"""Gateway and dispatch as processes of their own over a database: the door without broker, devices and screens."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from bench.ring import KEYS
from shared.runtime.clock import SystemClock

ROOT = Path(__file__).parents[1]
SERVICES = ("gateway", "dispatch")
SECRET = "only-for-the-time-of-a-proof"  # noqa: S105  of processes that end with it
WITHIN_S = 60


@asynccontextmanager
async def doors(urls: Mapping[str, str], folder: Path) -> AsyncIterator[str]:
    """The address of the gateway; what both say goes to files in `folder`."""
    http, inner, nobody = _ports(3)
    named = {
        "gateway_database": urls["gateway"], "dispatch_database": urls["dispatch"], "service_secret": SECRET,
        "gateway_port": http, "dispatch_port": inner, "dispatch_url": f"http://127.0.0.1:{inner}",
        "devices_urls": json.dumps([f"http://127.0.0.1:{nobody}"]), "demo": "true",
    }  # fmt: skip
    settings = KEYS | {f"YINLING_{name.upper()}": str(value) for name, value in named.items()}
    async with AsyncExitStack() as stack:
        for name in SERVICES:
            await stack.enter_async_context(_process(name, settings, folder))
        url = f"http://127.0.0.1:{http}"
        await _answering(f"{url}/readyz")
        yield url


def faults(folder: Path) -> list[str]:
    """What the processes have called an error, with its trace."""
    lines = (line for name in SERVICES for line in (folder / f"{name}.log").read_text("utf-8").splitlines())
    return [line for line in lines if '"level":"error"' in line]


def _ports(many: int) -> Iterable[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(many)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@asynccontextmanager
async def _process(name: str, settings: Mapping[str, str], folder: Path) -> AsyncIterator[None]:
    with (folder / f"{name}.log").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"services.{name}.main", cwd=ROOT, env={**os.environ, **settings}, stderr=said
        )
        try:
            yield
        finally:
            process.terminate()
            await process.wait()


async def _answering(url: str) -> None:
    clock = SystemClock()
    async with asyncio.timeout(WITHIN_S), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(url) as answer:
                    if answer.ok:
                        return
            except aiohttp.ClientError:
                pass
            await clock.sleep(0.1)
