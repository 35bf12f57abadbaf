"""`/ws`: lets consoles in, keeps their heart, and sends them away."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from services.gateway.domain import streams
from services.gateway.domain.people import Identity
from services.gateway.flow.inbox import Resume, resume
from services.gateway.push import frames
from services.gateway.push.connection import Connection, Parts
from services.gateway.push.platform import Platform
from shared.contracts.console import SUBPROTOCOL, Bye, Hello, InboxMode, Welcome
from shared.runtime.clock import stopwatch, woken
from shared.runtime.database import AWAY

logger = logging.getLogger(__name__)

LATER_MS = (500, 5000)
SEAT = "desk"


class RefusedError(Exception):
    """A hello that is not let in."""

    def __init__(self, code: int, reason: str) -> None:
        """Close code and reason."""
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Sockets:
    """Every open console of this process."""

    def __init__(self, parts: Parts, platform: Platform, origins: Iterable[str], min_client: str = "") -> None:
        """`origins` may open sockets besides our own host; pages older than `min_client` load themselves anew."""
        self._parts = parts
        self._platform = platform
        self._origins = frozenset(origins)
        self._min_client = min_client
        self._open: dict[str, list[Connection]] = {}
        platform.on_change(self._tell_platform)

    @property
    def count(self) -> int:
        """How many consoles are open."""
        return sum(len(ones) for ones in self._open.values())

    def _each(self) -> Iterator[Connection]:
        return (one for ones in tuple(self._open.values()) for one in tuple(ones))

    async def serve(self, socket: WebSocket) -> None:
        """One socket from handshake to close."""
        offered: list[str] = socket.scope["subprotocols"]
        if not self._own_origin(socket) or (offered and SUBPROTOCOL not in offered):
            await socket.close()
            return
        with contextlib.suppress(WebSocketDisconnect):
            await socket.accept(SUBPROTOCOL if offered else None)
            try:
                hello, who = await self._hello(socket)
                resumes = await self._resumes(hello, who)
                self._take_seat(hello, who)
            except RefusedError as refused:
                await _refuse(socket, refused)
            else:
                await self._run(socket, hello, who, resumes)

    def _own_origin(self, socket: WebSocket) -> bool:
        origin = socket.headers.get("origin")
        return origin is None or origin in self._origins or urlsplit(origin).netloc == socket.headers.get("host")

    async def _hello(self, socket: WebSocket) -> tuple[Hello, Identity]:
        try:
            async with asyncio.timeout(self._parts.limits.hello_s):
                _, given = frames.parse(await frames.receive(socket))
        except TimeoutError as late:
            raise RefusedError(streams.UNAUTHENTICATED, "no_hello") from late
        except frames.BadFrameError as bad:
            raise RefusedError(streams.BAD_FRAME, str(bad)) from bad
        if not isinstance(given, Hello):
            raise RefusedError(streams.BAD_FRAME, "no_hello")
        return given, await self._admit(given)

    async def _admit(self, hello: Hello) -> Identity:
        try:
            async with self._parts.turns:
                who = await self._parts.accounts.admit(hello.token)
        except AWAY as away:
            raise RefusedError(streams.BYE_RESTART, "database_away") from away
        if who is None:
            raise RefusedError(streams.UNAUTHENTICATED, "unauthenticated")
        if any(one.id not in who.inboxes for one in hello.inboxes):
            raise RefusedError(streams.FORBIDDEN, "forbidden_inbox")
        # a page in use is told by `welcome` and goes on: nobody on a job is cut off
        if hello.take and streams.older_build(hello.client.build, self._min_client):
            raise RefusedError(streams.TOO_OLD, "client_too_old")
        return who

    def _take_seat(self, hello: Hello, who: Identity) -> None:
        """A duty seat rings in one place: whoever opens it takes it, whoever merely comes back does not."""
        place = _place(hello)
        others = [one for one in self._open.get(who.account, ()) if place and one.place not in {"", place}]
        if others and not hello.take:
            raise RefusedError(streams.REPLACED, "replaced")
        for one in others:
            one.close(streams.REPLACED, "replaced")

    async def _resumes(self, hello: Hello, who: Identity) -> list[Resume]:
        given = {one.id: (one.epoch, one.seq) for one in hello.inboxes} or dict.fromkeys(who.inboxes, ("", 0))
        try:
            async with self._parts.turns:
                return await resume(self._parts.database, who, given, self._parts.clock.now())
        except AWAY as away:
            raise RefusedError(streams.BYE_RESTART, "database_away") from away

    async def _run(self, socket: WebSocket, hello: Hello, who: Identity, resumes: list[Resume]) -> None:
        connection = Connection(socket, who, self._parts, lambda: self._present(who), _place(hello))
        self._make_room(who.account)
        self._open.setdefault(who.account, []).append(connection)
        self._present(who)
        connection.refuse_topics(hello.topics)
        first = (self._welcome(connection.number, who, resumes), self._platform.frame())
        try:
            await connection.run(resumes, first)
        finally:
            self._left(connection)

    def _welcome(self, number: str, who: Identity, resumes: list[Resume]) -> str:
        limits = self._parts.limits
        welcome = Welcome(
            conn=number, now=self._parts.clock.now(), ping_ms=int(limits.ping_s * 1000),
            pong_ms=int(limits.pong_s * 1000), min_client=self._min_client, token_exp=who.expires_at,
            inboxes=tuple(_mode(one) for one in resumes),
        )  # fmt: skip
        return frames.text(welcome)

    def _make_room(self, account: str) -> None:
        """The screen silent longest gives way: on a bad line it is the one that is already dead."""
        ones = self._open.get(account, [])
        if len(ones) >= self._parts.limits.sockets_per_user:
            min(ones, key=lambda one: one.heard_at).close(streams.TOO_MANY, "too_many_sockets")

    def _left(self, connection: Connection) -> None:
        ones = self._open[connection.who.account]
        ones.remove(connection)
        if not ones:
            del self._open[connection.who.account]
        self._present(connection.who)

    def _present(self, who: Identity) -> None:
        ones = self._open.get(who.account, ())
        if ones:
            self._parts.screens.present(who, ringable=any(one.ringable for one in ones))
            self._parts.seats.present(who, heard=any(one.sounding for one in ones))
        else:
            self._parts.screens.absent(who)
            self._parts.seats.absent(who)

    async def run(self) -> None:
        """Keep hearts beating and sessions checked, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._pulse())
            tasks.create_task(self._check_sessions())

    async def _pulse(self) -> None:
        while True:
            await woken(asyncio.Event(), self._parts.limits.tick_s)
            now = stopwatch()
            for one in self._each():
                one.pulse(now)

    async def _check_sessions(self) -> None:
        while True:
            await woken(asyncio.Event(), self._parts.limits.session_s)
            if not self._open:
                continue
            asked = tuple(self._each())
            try:
                standing = await self._parts.accounts.still({one.who.session for one in asked})
            except AWAY:
                continue
            self._send_away(asked, standing)

    def _send_away(self, asked: Iterable[Connection], standing: Mapping[bytes, Identity]) -> None:
        now = self._parts.clock.now()
        for one in asked:
            found = standing.get(one.who.session)
            if found is not None and not found.same_rights(one.who):
                one.close(streams.FORBIDDEN, "rights_changed")
            elif found is None and one.who.expires_at <= now:
                one.close(streams.UNAUTHENTICATED, "expired")
            elif found is None:
                one.close(streams.REVOKED, "revoked")

    def _tell_platform(self) -> None:
        text = self._platform.frame()
        for one in self._each():
            one.send_state("platform", text)

    async def goodbye(self, at_most_s: float = 1) -> None:
        """Tell every console to come back, and wait a moment for the frames to leave."""
        for one in self._each():
            one.close(streams.BYE_RESTART, "restart")
        until = stopwatch() + at_most_s
        while self._open and stopwatch() < until:
            await woken(asyncio.Event(), 0.01)


def _place(hello: Hello) -> str:
    """The browser a duty seat is open in; its tabs share it. Empty for every other screen."""
    return hello.client.device if hello.client.app == SEAT else ""


def _mode(one: Resume) -> InboxMode:
    mode = {"mode": "snapshot" if one.whole else "replay", "from": one.position.head if one.whole else one.seq + 1}
    return InboxMode.model_validate(
        {"id": one.position.inbox, "epoch": one.position.epoch, "head": one.position.head, **mode}
    )


async def _refuse(socket: WebSocket, refused: RefusedError) -> None:
    if refused.code == streams.BYE_RESTART:
        bye = Bye(code=refused.code, reason=refused.reason, again=True, after_ms=LATER_MS)
        await socket.send_text(frames.text(bye))
    await socket.close(refused.code, refused.reason)
