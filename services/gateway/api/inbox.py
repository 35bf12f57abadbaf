"""The long poll: the same events as over the socket, where sockets do not get through."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.gateway.api.door import Anyone, Door, Json, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.domain.people import Identity
from services.gateway.domain.streams import Position, Reason
from services.gateway.flow.inbox import resume, snapshot
from services.gateway.flow.wire import frame
from services.gateway.store import inboxes
from services.gateway.store.inboxes import Post
from shared.contracts import http
from shared.contracts.console import Snap
from shared.runtime.clock import stopwatch, woken

router = APIRouter(tags=["inbox"])

PAGE = 250
LONGEST_S = 25


class News:
    """Wakes a long poll."""

    def __init__(self) -> None:
        """Nothing new yet."""
        self.came = asyncio.Event()

    def told(self, *_: object) -> None:
        """Something came."""
        self.came.set()

    def rebuilt(self, _inbox: str) -> None:
        """The position is void: look again."""
        self.came.set()


@router.get("/inbox/{inbox}/events", response_model=http.InboxPage)
async def events(
    inbox: str,
    who: Anyone,
    door: TheDoor,
    after: Annotated[int, Query(ge=0)] = 0,
    epoch: Annotated[str, Query(max_length=64)] = "",
    wait: Annotated[float, Query(ge=0, le=LONGEST_S)] = 0,
) -> Response:
    """Events above `after`, at once or as soon as there are some within `wait` seconds; else a snapshot."""
    if inbox not in who.inboxes:
        raise ProblemError(403, "forbidden_inbox", field="inbox")
    until = stopwatch() + wait
    while True:
        [found] = await resume(door.database, who, {inbox: (epoch, after)}, door.clock.now())
        if found.whole is not None:
            return Json(await _whole(door, who, inbox, found.whole))
        posts, left = await _posts(door, found.position, after, until), until - stopwatch()
        if posts or left <= 0:
            await _still(who, door)
            return Json(_page(found.position, posts))


async def _still(who: Identity, door: Door) -> None:
    """While this one waited, the session may have been ended."""
    if who.session not in await door.accounts.still([who.session]):
        raise ProblemError(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})


async def _posts(door: Door, position: Position, after: int, until: float) -> list[Post]:
    """Events above `after`; none when the time is over or when something about the inbox changed."""
    with _listening(door, position) as news:
        async with door.database.pool.acquire(timeout=5) as connection:
            posts = await inboxes.after(connection, position.inbox, after, PAGE)
        if not posts:
            await woken(news.came, until - stopwatch())
    return posts


@contextmanager
def _listening(door: Door, position: Position) -> Iterator[News]:
    news = News()
    door.lines.join(position, news)
    try:
        yield news
    finally:
        door.lines.leave(position.inbox, news)


async def _whole(door: Door, who: Identity, inbox: str, why: Reason) -> dict[str, Any]:
    it = await snapshot(door.database, who, inbox, door.clock.now())
    snap = Snap(i=inbox, epoch=it.epoch, seq=it.seq, reason=why, part=1, parts=1, d=it.d)
    return {"epoch": it.epoch, "head": it.seq, "mode": "snapshot", "events": [], "snap": snap}


def _page(position: Position, posts: Sequence[Post]) -> dict[str, Any]:
    head = max([position.head, *(post.seq for post in posts)])
    return {
        "epoch": position.epoch, "head": head, "mode": "replay", "events": [frame(post) for post in posts],
        "snap": None,
    }  # fmt: skip
