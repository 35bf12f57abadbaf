"""Two corrections of uvicorn's WebSocket: a close never waits for a reader who has stopped, nor lingers."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

CLOSING_S = 5


class Socket(WebSocketsSansIOProtocol):
    """Writes the close frame behind whatever is buffered, and aborts when no answer comes."""

    async def send(self, message: Any) -> None:
        """Send, unless it is a close, only when the peer has room."""
        if message["type"] != "websocket.close":
            await super().send(message)
            return
        self.writable.set()
        await super().send(message)
        if self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(CLOSING_S, self.transport.abort)


OPTIONS: dict[str, Any] = {
    "ws": Socket,
    "ws_max_size": 1024 * 1024,
    "ws_per_message_deflate": False,
}
"""For `serve_app`. Compression is off: it costs 64 KiB a socket and frames are small."""
