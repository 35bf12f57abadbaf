"""HTTP at the edge: serve an ASGI app inside the event loop, and call the private APIs."""

import asyncio
import logging
from typing import Any

import httpx
import orjson
import uvicorn
from starlette.types import ASGIApp

from shared.contracts.commands import SIGNATURE, Answer, Command, sign

logger = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Signals belong to the process, not to the server."""


async def serve_app(app: ASGIApp, host: str, port: int, ready: asyncio.Event | None = None, **options: Any) -> None:
    """Serve until cancelled; `ready` is set when the port is open. OSError when the port is taken."""
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, lifespan="off", server_header=False,
        date_header=False, ws_ping_interval=30, ws_ping_timeout=30, timeout_graceful_shutdown=1, **options,
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(server._serve())  # noqa: SLF001  the public method takes over signals
    try:
        while not server.started and not serving.done():
            await asyncio.wait({serving}, timeout=0.01)
        if ready is not None and server.started:
            ready.set()
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await asyncio.wait({serving}, timeout=3)
        raise


class CommandClient:
    """Passes commands to the service that owns the decision."""

    def __init__(self, url: str, secret: str) -> None:
        """Keep one pool of connections to `url`."""
        self._secret = secret
        self._client = httpx.AsyncClient(
            base_url=url, timeout=httpx.Timeout(5, connect=1), limits=httpx.Limits(max_connections=50), trust_env=False
        )

    async def send(self, command: Command) -> Answer | None:
        """Return the owner's answer, or None when it is away (the caller may repeat with the same key)."""
        body = command.model_dump_json().encode()
        headers = {SIGNATURE: sign(self._secret, body), "content-type": "application/json"}
        try:
            response = await self._client.post("/commands", content=body, headers=headers)
        except httpx.TransportError:
            logger.warning("command.owner_away", extra={"command": command.name})
            return None
        if response.is_server_error:
            logger.warning("command.owner_failed", extra={"command": command.name, "status": response.status_code})
            return None
        return Answer.model_validate(orjson.loads(response.content))

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()
