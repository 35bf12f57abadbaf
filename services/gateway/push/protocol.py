"""Our own on uvicorn's WebSocket: a close waits for no reader who has stopped, nor lingers; news goes out straight.

What every desk of a county is shown is made into a frame once, and written to each socket as it is.
"""

from collections.abc import Callable
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

CLOSING_S = 5
SWITCHING = 101
STRAIGHT = "yinling.straight"
TEXT, TWO_BYTES, EIGHT_BYTES = 0x81, 126, 127

Straight = Callable[[bytes], bool]
"""Writes whole frames behind everything written before; False when there is no room, and nothing was written."""


def framed(payload: bytes) -> bytes:
    """A text frame, the same for all readers: what a server sends is not masked (RFC 6455, 5.2)."""
    size = len(payload)
    if size < TWO_BYTES:
        return bytes((TEXT, size)) + payload
    if size < 1 << 16:
        return bytes((TEXT, TWO_BYTES)) + size.to_bytes(2, "big") + payload
    return bytes((TEXT, EIGHT_BYTES)) + size.to_bytes(8, "big") + payload


def straight(scope: Scope) -> Straight | None:
    """The way past the queue, where the server has one."""
    way: Straight | None = scope.get("extensions", {}).get(STRAIGHT)
    return way


class Socket(WebSocketsSansIOProtocol):
    """Writes the close frame behind whatever is buffered, and aborts when no answer comes."""

    def handle_connect(self, event: Any) -> None:
        """Offer the application the straight way; its task begins after this."""
        super().handle_connect(event)
        if self.response.status_code == SWITCHING:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[STRAIGHT] = self.write_straight

    def write_straight(self, frames: bytes) -> bool:
        """Write at once if the reader has room."""
        open_ = self.handshake_complete and not (self.close_sent or self.disconnected or self.transport.is_closing())
        if open_ and self.writable.is_set():
            self.transport.write(frames)
            return True
        return False

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
