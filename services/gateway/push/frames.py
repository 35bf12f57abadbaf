"""Frames in and out: parsed once, encoded once."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from services.gateway.domain.heard import Word, key_of
from services.gateway.domain.streams import Reason
from services.gateway.flow.inbox import Snapshot
from services.gateway.flow.wire import encode
from shared.contracts.base import Message
from shared.contracts.console import MAX_FRAME, ClientFrame, Err, Snap

FRAME: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame)
KNOWN = frozenset({"hello", "ack", "seen", "sync", "sub", "auth", "pong"})
ROOM = MAX_FRAME - 1024


class BadFrameError(Exception):
    """Not a frame at all: binary, too long, or not a JSON object."""


async def receive(socket: WebSocket) -> str:
    """The next text frame. WebSocketDisconnect when it is over."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text: str | None = message.get("text")
    if text is None:
        raise BadFrameError("binary")
    if len(text) > MAX_FRAME or len(text.encode()) > MAX_FRAME:
        raise BadFrameError("too_long")
    return text


def parse(given: str) -> tuple[str, ClientFrame | Err | None]:
    """The frame's `t` and content: None for a `t` we do not know, an error to answer for a wrong field."""
    try:
        loose: Any = orjson.loads(given)
    except orjson.JSONDecodeError as fault:
        raise BadFrameError("not_json") from fault
    kind = loose.get("t") if isinstance(loose, dict) else None
    if not isinstance(kind, str):
        raise BadFrameError("not_a_frame")
    if kind not in KNOWN:
        return kind, None
    try:
        return kind, FRAME.validate_python(loose)
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"][1:])
        return kind, Err(code="bad_field", ref=kind, params={"field": where})


def text(message: Message) -> str:
    """A server frame as text."""
    return encode(message).decode()


def state(key: str, ver: int, d: dict[str, Any]) -> str:
    """A `state` frame."""
    return encode({"t": "state", "k": key, "ver": ver, "d": d}).decode()


def heard(word: Word) -> str:
    """An alarm that is in no incident yet, as a `state` frame."""
    return state(key_of(word.alarm), 0, dict(word.d))


def snap_parts(whole: Snapshot, why: Reason) -> Iterator[str]:
    """A snapshot in frames of at most 64 KiB; lists are divided, the rest is in the first part."""
    parts = list(_divided(whole.d))
    for number, d in enumerate(parts, start=1):
        part = Snap(
            i=whole.inbox, epoch=whole.epoch, seq=whole.seq, reason=why, part=number, parts=len(parts), d=d
        )  # fmt: skip
        yield text(part)


def _divided(d: dict[str, Any]) -> Iterable[dict[str, Any]]:
    part: dict[str, Any] = {name: [] if isinstance(value, list) else value for name, value in d.items()}
    size = len(encode(part))
    for name, value in d.items():
        for item in value if isinstance(value, list) else ():
            more = len(encode(item)) + 1
            if size + more > ROOM:
                yield part
                part, size = {}, 64
            part.setdefault(name, []).append(item)
            size += more
    yield part
