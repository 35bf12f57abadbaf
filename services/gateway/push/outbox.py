"""What waits to be sent to one socket: bounded, and newest-only for state."""

import asyncio
from collections import deque


class Outbox:
    """A bounded queue of frames for one writer. Putting never waits."""

    def __init__(self, frames: int, size: int) -> None:
        """Hold at most so many frames, and characters in them."""
        self._most_frames = frames
        self._most = size
        self._frames: deque[str] = deque()
        self._states: dict[str, str] = {}
        self._size = 0
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    @property
    def empty(self) -> bool:
        """Whether no frame waits; a state may, which has no place in the order."""
        return not self._frames

    def put(self, frame: str) -> bool:
        """Queue a frame; False when the reader is too slow for it."""
        if len(self._frames) >= self._most_frames or self._size + len(frame) > self._most:
            return False
        self._frames.append(frame)
        self._size += len(frame)
        self._filled.set()
        return True

    def put_state(self, key: str, frame: str) -> None:
        """Replace what waits under the same key."""
        self._states[key] = frame
        self._filled.set()

    async def put_patiently(self, frame: str) -> None:
        """Queue a frame of a replay, waiting for the reader."""
        while self._frames and not self._half_empty(len(frame)):
            self._room.clear()
            await self._room.wait()
        self.put(frame)

    def _half_empty(self, more: int) -> bool:
        return len(self._frames) < self._most_frames // 2 and self._size + more <= self._most // 2

    async def next(self) -> str:
        """Take the oldest frame, or a state when nothing else waits."""
        while not self._frames and not self._states:
            self._filled.clear()
            await self._filled.wait()
        if not self._frames:
            return self._states.pop(next(iter(self._states)))
        frame = self._frames.popleft()
        self._size -= len(frame)
        self._room.set()
        return frame
