"""The inboxes somebody here listens to. Posts are handed on in order, without holes, and without waiting."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol
from uuid import UUID

from services.gateway.domain.heard import Standing, Word, taken_in
from services.gateway.domain.people import is_desk
from services.gateway.domain.streams import Position, SeenRef
from services.gateway.flow.inbox import ref_of
from services.gateway.flow.wire import encode, frame
from services.gateway.push.protocol import framed
from services.gateway.store import inboxes
from services.gateway.store.inboxes import Post
from shared.runtime.clock import stopwatch, woken
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

SWEEP_S = 1.0
REST = 10
REMEMBERED = 2000


class Listener(Protocol):
    """Somebody who listens to an inbox. None of these may wait."""

    def told(self, inbox: str, posts: Sequence[Post], payloads: Sequence[bytes], frames: bytes) -> None:
        """New posts in order, the payload of each, and all of them as frames in one piece."""

    def rebuilt(self, inbox: str) -> None:
        """The inbox has a new epoch; positions in it are void."""

    def state(self, key: str, text: str, frames: bytes) -> None:
        """A state that replaces an older one of the same key; also as a frame in one piece."""

    def taken_back(self, alarms: Iterable[UUID]) -> None:
        """Alarms that were told as a state and have their incidents."""


@dataclass(slots=True, eq=False)
class Line:
    """A live inbox: how far it has been handed on, to whom, and what its events stand for."""

    inbox: str
    epoch: str
    head: int
    listeners: set[Listener] = field(default_factory=set)
    refs: dict[UUID, SeenRef] = field(default_factory=dict)

    def remember(self, refs: Mapping[UUID, SeenRef]) -> None:
        """Keep what event ids stand for until they are reported as seen."""
        self.refs.update(refs)
        while len(self.refs) > REMEMBERED:
            del self.refs[next(iter(self.refs))]


class Hub:
    """Hands posts to local listeners: directly after our own commit, and by sweeps after others'."""

    def __init__(self, database: Database, hint: asyncio.Event) -> None:
        """Start with nobody listening; `hint` is set when the log may have grown."""
        self._database = database
        self._lines: dict[str, Line] = {}
        self._hint = hint
        self.standing = Standing()
        self._urgent = False
        self._swept_at = self._own_commit_at = -SWEEP_S

    def join(self, position: Position, listener: Listener) -> Line:
        """Listen to an inbox from now on; the listener catches up to `head` by itself."""
        line = self._lines.get(position.inbox)
        if line is None:
            line = self._lines[position.inbox] = Line(position.inbox, position.epoch, position.head)
        elif position.epoch != line.epoch:
            self._rebuild(line)
            line.epoch, line.head = position.epoch, position.head
        line.listeners.add(listener)
        return line

    def leave(self, inbox: str, listener: Listener) -> None:
        """Stop listening."""
        line = self._lines.get(inbox)
        if line is not None:
            line.listeners.discard(listener)
            if not line.listeners:
                del self._lines[inbox]

    @property
    def has_desks(self) -> bool:
        """Whether any desk listens here."""
        return any(map(is_desk, self._lines))

    def tell(self, inboxes: Iterable[str], key: str, text: str) -> None:
        """Tell everybody who listens to one of these inboxes, once, a state that no inbox keeps."""
        frames = framed(text.encode())
        for listener in self._at(inboxes):
            listener.state(key, text, frames)

    def take_back(self, words: Iterable[Word]) -> None:
        """Take these back from everybody who may have been told."""
        for word in words:
            for listener in self._at(word.inboxes):
                listener.taken_back((word.alarm,))

    def _at(self, inboxes: Iterable[str]) -> set[Listener]:
        return {one for inbox in inboxes if inbox in self._lines for one in self._lines[inbox].listeners}

    def deliver(self, posts: Sequence[Post]) -> None:
        """Hand on what this process has just committed."""
        self._own_commit_at = stopwatch()
        self._hand_on(posts)

    def _hand_on(self, posts: Iterable[Post]) -> None:
        for inbox, group in groupby(posts, key=lambda post: post.inbox):
            line = self._lines.get(inbox)
            if line is not None:
                self._extend(line, [post for post in group if post.seq > line.head])

    def _extend(self, line: Line, fresh: Sequence[Post]) -> None:
        if not fresh:
            return
        if fresh[0].seq != line.head + 1:
            self._urgent = True
            self._hint.set()
            return
        line.head = fresh[-1].seq
        self.standing.end(alarm for post in fresh for alarm in taken_in(post.type, post.d))
        line.remember({post.id: ref for post in fresh if (ref := ref_of(post)) is not None})
        payloads = [encode(frame(post)) for post in fresh]
        frames = b"".join(map(framed, payloads))
        for listener in tuple(line.listeners):
            listener.told(line.inbox, fresh, payloads, frames)

    def _rebuild(self, line: Line) -> None:
        line.refs.clear()
        for listener in tuple(line.listeners):
            listener.rebuilt(line.inbox)

    async def run(self) -> None:
        """Sweep at hints of other processes, at gaps, and every second."""
        while True:
            await woken(self._hint, SWEEP_S)
            if self._due():
                await self._try_sweep()

    def _due(self) -> bool:
        """While our own follower is the active one, hints are about what we have handed on already."""
        now = stopwatch()
        return self._urgent or now - self._swept_at >= SWEEP_S or now - self._own_commit_at >= SWEEP_S

    async def _try_sweep(self) -> None:
        self._urgent, self._swept_at = False, stopwatch()
        try:
            await self._sweep()
        except AWAY:
            logger.warning("hub.database_away")
        await woken(asyncio.Event(), min(SWEEP_S, REST * (stopwatch() - self._swept_at)))

    async def _sweep(self) -> None:
        more = True
        while more and self._lines:
            heads = {line.inbox: (line.epoch, line.head) for line in self._lines.values()}
            news = await inboxes.newer(self._database, heads)
            self._hand_on(news.posts)
            for inbox in news.rebuilt:
                if line := self._lines.pop(inbox, None):
                    self._rebuild(line)
            more = news.more
