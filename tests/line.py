"""A wire that a test may cut."""

import asyncio
import contextlib

from tests.conftest import free_port


class Line:
    """A wire between a service and its database that a test may cut."""

    def __init__(self, url: str) -> None:
        """Lead to this database."""
        self._host, self._port = "127.0.0.1", int(url.rsplit(":", 1)[1].split("/", 1)[0])
        self._url = url
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """The database's address at our end."""
        return self._url.replace(f":{self._port}/", f":{self.port}/")

    async def join(self) -> None:
        """Let through."""
        self._server = await asyncio.start_server(self._carry, self._host, self.port)

    async def cut(self) -> None:
        """Hang up and refuse."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        self._ends.add(far_writer)
        if writer.transport.is_closing():
            far_writer.transport.abort()
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
