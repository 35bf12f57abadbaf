"""News goes out straight, past the queue, unless something waits there."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from websockets.frames import Frame, Opcode

from services.gateway.domain.streams import Limits
from services.gateway.push.connection import Connection, Track
from services.gateway.push.hub import Line
from services.gateway.push.protocol import STRAIGHT, framed


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_is_what_the_library_makes_of_it(size: int) -> None:
    """Each of the three lengths, at both ends."""
    payload = b"x" * size
    assert framed(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


class Reader:
    """A console whose line has room or not; notes what was written straight."""

    def __init__(self) -> None:
        """There is room."""
        self.room = True
        self.written: list[bytes] = []
        socket = SimpleNamespace(scope={"extensions": {STRAIGHT: self._write}})
        who = SimpleNamespace(account="desk")
        parts = SimpleNamespace(limits=Limits())
        self.connection = Connection(cast("Any", socket), cast("Any", who), cast("Any", parts), lambda: None)
        self.track = Track(Line("d:36", "e", 0), 0, None, live=True)
        self.connection._tracks["d:36"] = self.track

    def _write(self, frames: bytes) -> bool:
        if self.room:
            self.written.append(frames)
        return self.room

    def told(self, *seqs: int) -> None:
        """News with these numbers."""
        posts = [cast("Any", SimpleNamespace(seq=seq, id=uuid4(), type="job.offered", d={})) for seq in seqs]
        payloads = [b"%d" % seq for seq in seqs]
        self.connection.told("d:36", posts, payloads, b"".join(map(framed, payloads)))

    def queued(self) -> list[str]:
        """What waits for the writer."""
        return list(self.connection._outbox._frames)


def test_news_is_written_in_one_piece_where_nothing_waits() -> None:
    """The position moves on with it."""
    reader = Reader()
    reader.told(1, 2)
    assert (reader.written, reader.queued(), reader.track.sent) == ([framed(b"1") + framed(b"2")], [], 2)


def test_nothing_overtakes_what_waits() -> None:
    """A line without room: the news waits, and what comes after waits behind it though there is room again."""
    reader = Reader()
    reader.room = False
    reader.told(1)
    reader.room = True
    reader.told(2)
    assert (reader.written, reader.queued(), reader.track.sent) == ([], ["1", "2"], 2)


def test_nothing_overtakes_what_the_writer_has_in_hand() -> None:
    """It has been taken from the queue, and is not on the line yet."""
    reader = Reader()
    reader.connection._in_hand = True
    reader.told(1)
    assert (reader.written, reader.queued()) == ([], ["1"])


def test_what_was_sent_already_is_not_written_again() -> None:
    """Half of the news is known: only the rest goes, by the queue."""
    reader = Reader()
    reader.track.sent = 1
    reader.told(1, 2)
    assert (reader.written, reader.queued(), reader.track.sent) == ([], ["2"], 2)
