"""One socket after its hello: reads, writes, and brings each inbox up to date."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from services.gateway.accounts import Accounts
from services.gateway.domain import streams
from services.gateway.domain.heard import key_of, taken_in
from services.gateway.domain.people import Identity
from services.gateway.domain.streams import FRAME_COST, Allowance, Limits, Reason, SeenRef
from services.gateway.flow.inbox import Resume, ref_of, seen_refs, snapshot
from services.gateway.flow.wire import encode, frame
from services.gateway.push import frames
from services.gateway.push.hub import Hub, Line
from services.gateway.push.outbox import Outbox
from services.gateway.push.protocol import straight
from services.gateway.push.screens import Screens
from services.gateway.push.seats import Seats
from services.gateway.store import inboxes
from services.gateway.store.inboxes import Post
from shared.contracts.console import Ack, Auth, Bye, Err, Live, Ping, Pong, Seen, Sub, Sync
from shared.runtime.clock import Clock, stopwatch, woken
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

PAGE = 250
AGAIN_S = 0.5
PARTING_S = 1
TOPICS = frozenset({"platform"})
NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every connection works with; `turns` keeps a storm of hellos from starving the database."""

    database: Database
    clock: Clock
    accounts: Accounts
    hub: Hub
    screens: Screens
    limits: Limits
    turns: asyncio.Semaphore
    seats: Seats


@dataclass(slots=True)
class Track:
    """How far one inbox was sent. Until `live`, only the catching-up task sends."""

    line: Line
    sent: int
    whole: Reason | None
    live: bool = False


class Connection:
    """A console that has been let in. Everything but `run` returns at once."""

    def __init__(
        self, socket: WebSocket, who: Identity, parts: Parts, changed: Callable[[], None], place: str = ""
    ) -> None:
        """`changed` is called when this screen's ability to ring changes; `place` is where a duty seat is open."""
        self.number = f"c-{next(NUMBERS)}"
        self.who = who
        self.place = place
        self.ringable = True
        self.sounding = True
        self.heard_at = stopwatch()
        self._socket = socket
        self._straight = straight(socket.scope)
        self._in_hand = False
        self._parts = parts
        self._changed = changed
        self._outbox = Outbox(parts.limits.queue_frames, parts.limits.queue_chars)
        self._allowance = Allowance(parts.limits, stopwatch())
        self._tracks: dict[str, Track] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None
        self._ending: tuple[int, str] | None = None
        self._gone = False
        self._ping = Pings(parts.limits)

    async def run(self, resumes: Sequence[Resume], first: Iterable[str]) -> None:
        """Serve until the socket ends; `first` frames (welcome) go before everything else."""
        for text in first:
            self._outbox.put(text)
        try:
            async with asyncio.TaskGroup() as self._group:
                self._spawn(self._read())
                self._spawn(self._write())
                for one in resumes:
                    line = self._parts.hub.join(one.position, self)
                    self._catch_up(Track(line, one.seq, one.whole))
        finally:
            self._ending = self._ending or (streams.BYE_RESTART, "fault")
            for inbox in self._tracks:
                self._parts.hub.leave(inbox, self)
        await self._part()

    def close(self, code: int, reason: str) -> None:
        """End this connection; the first reason stands."""
        if self._ending is None:
            self._ending = (code, reason)
            self._stop()

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None or self._ending is not None:
            work.close()
            return
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _part(self) -> None:
        if self._gone or self._ending is None:
            return
        code, reason = self._ending
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
            async with asyncio.timeout(PARTING_S):
                if code == streams.BYE_RESTART:
                    await self._socket.send_text(frames.text(Bye(code=code, reason=reason, again=True)))
                await self._socket.close(code, reason)

    # Writing

    def send(self, text: str) -> None:
        """Queue a frame; a reader who is too slow for it is closed and resumes from the database."""
        if not self._outbox.put(text):
            self.close(streams.SLOW, "slow")

    def _sent_straight(self, frames: bytes) -> bool:
        """Whether they could be written at once: nothing waits before them, and the reader has room."""
        free = self._ending is None and self._outbox.empty and not self._in_hand
        return free and self._straight is not None and self._straight(frames)

    def send_state(self, key: str, text: str) -> None:
        """Queue a state frame in the place of an older one."""
        self._outbox.put_state(key, text)

    async def _write(self) -> None:
        try:
            while True:
                text = await self._outbox.next()
                self._in_hand = True
                async with asyncio.timeout(self._parts.limits.send_s):
                    await self._socket.send_text(text)
                self._in_hand = False
        except TimeoutError:
            self.close(streams.SLOW, "slow")
        except (WebSocketDisconnect, RuntimeError, OSError):
            self._lost()

    def _lost(self) -> None:
        self._gone = True
        self.close(streams.BYE_RESTART, "gone")

    def pulse(self, now: float) -> None:
        """Ping when it is time; give up on a screen that does not answer."""
        if self._ping.overdue(now):
            self.close(streams.NO_PONG, "no_pong")
        elif self._ping.due(now):
            self.send(frames.text(Ping(n=self._ping.sent(now), now=self._parts.clock.now())))

    # Inboxes

    def told(self, inbox: str, posts: Sequence[Post], payloads: Sequence[bytes], frames: bytes) -> None:
        """Send what is new, if this inbox is live here."""
        track = self._tracks.get(inbox)
        if track is None:
            return
        if posts[0].seq <= track.sent:  # they came by a replay or by another gateway, before a word that they end
            passed = (post for post in posts if post.seq <= track.sent)
            self.taken_back(alarm for post in passed for alarm in taken_in(post.type, post.d))
        if not track.live:
            return
        if posts[0].seq == track.sent + 1 and self._sent_straight(frames):
            track.sent = posts[-1].seq
            return
        for post, payload in zip(posts, payloads, strict=True):
            if post.seq == track.sent + 1:
                self.send(payload.decode())
                track.sent = post.seq
            elif post.seq > track.sent:
                self._catch_up(track)
                return

    def state(self, key: str, text: str, frames: bytes) -> None:
        """Send a state; whoever is still catching up is told what stands when that is done."""
        if any(track.live for track in self._tracks.values()) and not self._sent_straight(frames):
            self.send_state(key, text)

    def taken_back(self, alarms: Iterable[UUID]) -> None:
        """These alarms have their incidents, whatever this console was told of them."""
        for alarm in alarms:
            self.send_state(key_of(alarm), frames.state(key_of(alarm), 1, {}))

    def rebuilt(self, inbox: str) -> None:
        """Positions of this inbox are void: the console says hello again."""
        self.close(streams.POSITION_LOST, inbox)

    def _catch_up(self, track: Track) -> None:
        track.live = False
        self._tracks[track.line.inbox] = track
        self._spawn(self._catching_up(track))

    async def _catching_up(self, track: Track) -> None:
        while not track.live:
            try:
                if track.whole is not None:
                    await self._send_whole(track, track.whole)
                await self._replay(track)
            except AWAY:
                await woken(asyncio.Event(), AGAIN_S)

    async def _send_whole(self, track: Track, why: Reason) -> None:
        async with self._parts.turns:
            whole = await snapshot(self._parts.database, self.who, track.line.inbox, self._parts.clock.now())
        track.line.remember(whole.seen)
        for text in frames.snap_parts(whole, why):
            await self._outbox.put_patiently(text)
        track.sent, track.whole = whole.seq, None

    async def _replay(self, track: Track) -> None:
        while True:
            posts = await self._after(track)
            if posts and posts[0].seq != track.sent + 1:
                track.whole = "window"
                return
            for post in posts:
                await self._outbox.put_patiently(encode(frame(post, replay=True)).decode())
                track.sent = post.seq
            track.line.remember({post.id: ref for post in posts if (ref := ref_of(post)) is not None})
            if track.sent >= track.line.head:
                track.live = True
                self.send(frames.text(Live(i=track.line.inbox, seq=track.sent)))
                self._tell_standing(track.line.inbox)
                return
            if not posts:
                self.rebuilt(track.line.inbox)

    def _tell_standing(self, inbox: str) -> None:
        for word in self._parts.hub.standing.in_inbox(inbox):
            self.send_state(key_of(word.alarm), frames.heard(word))

    async def _after(self, track: Track) -> list[Post]:
        async with self._parts.turns, self._parts.database.pool.acquire(timeout=5) as connection:
            return await inboxes.after(connection, track.line.inbox, track.sent, PAGE)

    # Reading

    async def _read(self) -> None:
        try:
            while self._ending is None:
                text = await frames.receive(self._socket)
                self.heard_at = stopwatch()
                await self._take(text)
        except WebSocketDisconnect:
            self._lost()
        except frames.BadFrameError as bad:
            self.close(streams.BAD_FRAME, str(bad))

    async def _take(self, text: str) -> None:
        kind, parsed = frames.parse(text)
        if not self._allowance.spend(FRAME_COST.get(kind, 1), stopwatch()):
            self.close(streams.TOO_MANY, "rate")
        elif isinstance(parsed, Err):
            self.send(frames.text(parsed))
        elif isinstance(parsed, Pong):
            self._pong(parsed)
        elif isinstance(parsed, Auth):
            await self._auth(parsed)
        elif isinstance(parsed, Sub):
            self.refuse_topics(parsed.add)
        elif isinstance(parsed, Ack | Seen | Sync):
            self._about_inbox(parsed)

    def _about_inbox(self, given: Ack | Seen | Sync) -> None:
        track = self._tracks.get(given.i)
        if track is None:
            self.send(frames.text(Err(code="forbidden_inbox", ref=given.t, params={"i": given.i})))
        elif isinstance(given, Seen):
            self._seen(track, given)
        elif isinstance(given, Sync):
            self._sync(track, given.after)

    def _sync(self, track: Track, after: int) -> None:
        if not track.live or after > track.sent:
            return
        track.whole = "window" if track.sent - after > streams.REPLAY_AT_MOST else None
        track.sent = after
        self._catch_up(track)

    def _seen(self, track: Track, given: Seen) -> None:
        refs = {one: track.line.refs[one] for one in given.ids if one in track.line.refs}
        self._parts.screens.seen(self.who, given.i, refs, given.ring)
        forgotten = [one for one in given.ids if one not in refs]
        if forgotten:
            self._spawn(self._seen_before(given.i, forgotten, given.ring))

    async def _seen_before(self, inbox: str, ids: Sequence[UUID], ring: str) -> None:
        while True:
            try:
                refs: Mapping[UUID, SeenRef] = await seen_refs(self._parts.database, inbox, ids)
            except AWAY:
                await woken(asyncio.Event(), AGAIN_S)
            else:
                self._parts.screens.seen(self.who, inbox, refs, ring)
                return

    def _pong(self, pong: Pong) -> None:
        self._ping.answered(pong.n)
        sounding = pong.audio == "running"
        ringable = pong.vis == "visible" and sounding
        if (ringable, sounding) != (self.ringable, self.sounding):
            self.ringable, self.sounding = ringable, sounding
            self._changed()

    async def _auth(self, auth: Auth) -> None:
        try:
            who = await self._parts.accounts.admit(auth.token)
        except AWAY:
            self.send(frames.text(Err(code="database_away", ref="auth", retry=True)))
            return
        if who is None:
            self.close(streams.UNAUTHENTICATED, "unauthenticated")
        elif not who.same_rights(self.who):
            self.close(streams.FORBIDDEN, "forbidden")
        else:
            self.who = replace(self.who, session=who.session, expires_at=who.expires_at)

    def refuse_topics(self, topics: Iterable[str]) -> None:
        """Answer for each topic that is not to be had."""
        for topic in topics:
            if topic not in TOPICS:
                self.send(frames.text(Err(code="forbidden_topic", ref="sub", params={"k": topic})))


class Pings:
    """The heartbeat of one connection, in seconds of any rising clock."""

    def __init__(self, limits: Limits) -> None:
        """Start as if a ping had just been answered."""
        self._limits = limits
        self._n = 0
        self._sent_at = stopwatch()
        self._answered = True

    def due(self, now: float) -> bool:
        """Whether the next ping should go out."""
        return self._answered and now - self._sent_at >= self._limits.ping_s

    def overdue(self, now: float) -> bool:
        """Whether the last ping was not answered in time."""
        return not self._answered and now - self._sent_at > self._limits.pong_s

    def sent(self, now: float) -> int:
        """Number the next ping."""
        self._n, self._sent_at, self._answered = self._n + 1, now, False
        return self._n

    def answered(self, n: int) -> None:
        """Take an answer; an old one proves nothing."""
        self._answered = self._answered or n == self._n
