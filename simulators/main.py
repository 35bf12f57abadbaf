"""The simulators' process: the button page and the telephones always; people, beats and alarms unless `--quiet`."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
from pathlib import Path
from random import Random

import httpx
import uvloop

from shared.runtime.clock import SystemClock
from shared.runtime.http import serve_app
from simulators import beats
from simulators.courtesy import Courtesy
from simulators.demo import Demo
from simulators.door import http_client
from simulators.exchange import Exchange
from simulators.fleet import Fleet
from simulators.page import ButtonPage
from simulators.world import World

WEB = Path(__file__).parent.parent / "web" / "dist"
PACE = 4.0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="simulators", description=__doc__)
    parser.add_argument("--demo", type=Path, required=True, help="demo.json of a running instance")
    parser.add_argument("--quiet", action="store_true", help="only the button page: no people, no beats, no alarms")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8601, help="of the button page")
    parser.add_argument("--exchange-port", type=int, default=8605, help="of the telephones, where the demo has any")
    parser.add_argument("--web", type=Path, default=WEB, help="folder with button.html and assets")
    parser.add_argument("--pace", type=float, default=PACE, help="how much faster than life people act")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


async def run(options: argparse.Namespace) -> None:
    """Serve until cancelled."""
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, me.cancel if me else loop.stop)
    clock, draw, courtesy = SystemClock(), Random(options.seed), Courtesy()
    demo = Demo.read(options.demo)
    client = http_client(demo.http)
    fleet = Fleet(demo, clock, draw, courtesy.watch, client)
    ready = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as parts:
            page = ButtonPage(demo, fleet, courtesy, options.web).app()
            parts.create_task(serve_app(page, options.host, options.port, ready))
            parts.create_task(_announce(ready))
            if demo.exchange is not None:
                parts.create_task(_telephones(demo.exchange, clock, client, options))
            if not options.quiet:
                from simulators import people  # noqa: PLC0415  a quiet instance needs none of what they load

                parts.create_task(people.live(World(demo, clock, draw, courtesy, options.pace), fleet))
                parts.create_task(beats.Beats(fleet, clock, draw).go_on())
                parts.create_task(beats.hubs(fleet.hubs.values(), clock, draw))
    finally:
        await fleet.stop()
        await client.aclose()


async def _telephones(
    known: dict[str, str], clock: SystemClock, client: httpx.AsyncClient, options: argparse.Namespace
) -> None:
    exchange = Exchange(clock, known["secret"], known["reports"], client)
    try:
        await serve_app(exchange.app(), options.host, options.exchange_port)
    finally:
        await exchange.close()


async def _announce(ready: asyncio.Event) -> None:
    await ready.wait()
    if number := os.environ.get("YINLING_READY_FD"):
        os.write(int(number), b"1")
        os.close(int(number))


def main() -> None:
    """Run the process until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.WARNING)
    with contextlib.suppress(asyncio.CancelledError):
        uvloop.run(run(arguments()))


if __name__ == "__main__":
    main()
