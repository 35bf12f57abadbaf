"""The database goes away and comes back; nobody needs to do anything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg

from shared.runtime.settings import Settings
from tests.conftest import TestDatabase, free_port
from tests.integration.gateway_world import COUNTY, world

DESK = f"d:{COUNTY}"
END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = $1 AND usename = 'yl_gateway' AND pid <> pg_backend_pid()
"""


class Cable:
    """A cable between gateway and database that can be pulled."""

    def __init__(self, port: int, target: int) -> None:
        """Lead from one port to another."""
        self._port = port
        self._target = target
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def plug(self) -> None:
        """Connect."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)

    async def pull(self) -> None:
        """Cut every connection and refuse new ones."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, other_writer}
        with contextlib.suppress(OSError):
            await asyncio.gather(_copy(reader, other_writer), _copy(other_reader, writer))
        self._writers -= {writer, other_writer}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@contextlib.asynccontextmanager
async def cable(settings: Settings) -> AsyncIterator[tuple[Cable, Settings]]:
    """A cable, and settings in which the gateway uses it."""
    before, _, rest = settings.gateway_database.rpartition(":")
    port, _, name = rest.partition("/")
    it = Cable(free_port(), int(port))
    await it.plug()
    yield it, settings.model_copy(update={"gateway_database": f"{before}:{it._port}/{name}"})
    await it.pull()


async def test_consoles_stay_and_are_told(settings: Settings) -> None:
    """A red banner within two seconds, 503 with retry, and every event once the database is back."""
    async with cable(settings) as (it, through), world(through) as county:
        desk = await county.log_in("desk")
        async with county.console(desk, {"id": DESK}) as seat:
            await seat.hear("live")
            loop = asyncio.get_running_loop()
            pulled = loop.time()
            await it.pull()
            while (state := await seat.hear("state"))["d"]["database"]:
                pass
            assert loop.time() - pulled < 2
            assert state["k"] == "platform"
            refused = await county.get("/incidents", desk)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            assert (await county.http.get("/readyz")).status_code == 503
            assert (await county.http.get("/api/v1/status")).json()["parts"]["database"] is False
            async with county.console(desk) as stranger:
                assert await stranger.closed() == 4001
            await county.city.open("I-1")
            await it.plug()
            heard = [await seat.hear("ev", "state") for _ in range(2)]
            heard.sort(key=lambda frame: str(frame["t"]))
            assert (heard[0]["seq"], heard[0]["d"]["incident"]) == (1, "I-1")
            assert heard[1]["d"]["database"] is True


async def test_the_server_ends_every_connection(settings: Settings, database: TestDatabase) -> None:
    """A restart of PostgreSQL ends statements in the middle; they are done again."""
    admin = await asyncpg.connect(database.server.admin_url)
    async with world(settings) as county, county.console(await county.log_in("desk"), {"id": DESK}) as seat:
        await seat.hear("live")
        for n in range(10):
            await county.city.open(f"I-{n}", elder=None)
            await admin.execute(END_ALL, database.name)
            assert (await seat.hear("ev"))["seq"] == n + 1
    await admin.close()
