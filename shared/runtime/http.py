"""HTTP at the edge: serve an ASGI app inside the event loop."""

import asyncio
from typing import Any

import uvicorn
from starlette.types import ASGIApp


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
