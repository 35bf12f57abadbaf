"""Consoles over WebSocket, `/ws`, subprotocol `yinling.v1` (docs/wire/console.md).

Client frames: hello ack seen sync sub auth pong. Server frames: welcome ev live snap state ping err bye.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message

SUBPROTOCOL = "yinling.v1"
MAX_FRAME = 64 * 1024


class ClientInfo(Message):
    """What opened the socket."""

    app: str = ""
    build: str = ""
    device: str = ""
    lang: str = ""


class InboxPosition(Message):
    """How far the client has come."""

    id: str
    epoch: str = ""
    seq: int = 0


class Hello(Message):
    """First frame, within 5 s: a session token or a single-use ticket."""

    t: Literal["hello"]
    v: Literal[1] = 1
    token: str
    client: ClientInfo = ClientInfo()
    inboxes: tuple[InboxPosition, ...] = ()
    topics: tuple[str, ...] = ()
    take: bool = True
    """Somebody has just opened this page or asked for the seat; a page that only comes back says false."""


class Ack(Message):
    """Transport acknowledgement, cumulative."""

    t: Literal["ack"]
    i: str
    seq: int


class Seen(Message):
    """Drawn for a person; `ring` is ok when it is sounding."""

    t: Literal["seen"]
    i: str
    ids: tuple[UUID, ...]
    at: datetime | None = None
    ring: Literal["ok", "blocked", "muted", "none"] = "none"


class Sync(Message):
    """Replay what follows `after`."""

    t: Literal["sync"]
    i: str
    after: int


class Sub(Message):
    """Change the state topics."""

    t: Literal["sub"]
    add: tuple[str, ...] = ()
    # `del` is a keyword
    remove: tuple[str, ...] = Field(default=(), alias="del")


class Auth(Message):
    """A fresh token before the old one ends."""

    t: Literal["auth"]
    token: str


class Pong(Message):
    """Answer to `ping`, with whether this screen can ring."""

    t: Literal["pong"]
    n: int
    vis: str = "visible"
    audio: str = "running"
    batt: float | None = None
    net: str | None = None
    lag_ms: float | None = None


ClientFrame = Annotated[Hello | Ack | Seen | Sync | Sub | Auth | Pong, Field(discriminator="t")]


class InboxMode(Message):
    """How one inbox will be brought up to date."""

    id: str
    epoch: str
    head: int
    mode: Literal["replay", "snapshot"]
    from_: int = Field(default=0, alias="from")


class Welcome(Message):
    """Answer to hello."""

    t: Literal["welcome"] = "welcome"
    v: Literal[1] = 1
    conn: str
    now: datetime
    ping_ms: int = 15_000
    pong_ms: int = 5_000
    jitter_ms: int = 3_000
    min_client: str
    token_exp: datetime
    inboxes: tuple[InboxMode, ...]


class Ev(Message):
    """One event of an inbox; `seq` is contiguous."""

    t: Literal["ev"] = "ev"
    i: str
    seq: int
    id: UUID
    type: str
    at: datetime
    replay: bool = False
    exp: datetime | None = None
    d: dict[str, Any]


class Live(Message):
    """Replay is over; everything from here is new."""

    t: Literal["live"] = "live"
    i: str
    seq: int


class Snap(Message):
    """The whole state at `seq`: incidents for a desk; offers and jobs for a responder; duty."""

    t: Literal["snap"] = "snap"
    i: str
    epoch: str
    seq: int
    reason: Literal["window", "epoch", "client"]
    part: int
    parts: int
    d: dict[str, Any]


class State(Message):
    """Only the newest counts."""

    t: Literal["state"] = "state"
    k: str
    ver: int
    d: dict[str, Any]


class AlarmHeard(Message):
    """`d` of the state `alarm/<id>`: stored, and not yet in any incident. Empty when it is."""

    alarm: UUID
    device: str
    kind: str
    priority: int
    drill: bool
    division: str
    elder: str | None
    name_masked: str
    place: str
    at: datetime


class Ping(Message):
    """Heartbeat."""

    t: Literal["ping"] = "ping"
    n: int
    now: datetime


class Err(Message):
    """A frame was refused; the connection goes on."""

    t: Literal["err"] = "err"
    code: str
    ref: str = ""
    params: dict[str, Any] = Field(default_factory=dict)
    retry: bool = False


class Bye(Message):
    """The server is about to close."""

    t: Literal["bye"] = "bye"
    code: int
    reason: str
    again: bool
    after_ms: tuple[int, int] = (0, 5000)


class ElderHint(Message):
    """As much of the elder as an offer may show before it is accepted."""

    name_masked: str


class OfferNotice(Message):
    """`d` of `job.offered`."""

    offer: UUID
    job: UUID
    incident: str
    ver: int
    priority: int
    kind: str
    drill: bool
    elder: ElderHint
    place: str
    dist_m: int
    eta_s: int
    respond_by: datetime
    ring: str
    others_asked: int = 0
    ordered: bool = False
    """A desk sends this person (指派): she counts as coming; accepting says that she has heard."""


class OfferClosed(Message):
    """`d` of `offer.closed`: accepted, declined, expired, withdrawn or taken, and by whom."""

    offer: UUID
    job: UUID
    incident: str
    why: str
    who: str | None = None


class OfferLouder(Message):
    """`d` of `offer.louder`: still no answer; the console sounds louder."""

    offer: UUID
    job: UUID
    incident: str


class JobNotice(Message):
    """`d` of `job.updated`: what a responder's own job has come to; fetch `/jobs/{id}` for the rest."""

    job: UUID
    incident: str
    ver: int
    state: str
    role: Literal["first", "second", "backup"]
    my_state: str
    presses: int
    note: str | None = None


class UnplacedNotice(Message):
    """`d` of `alarm.unplaced`: something came that could not be placed."""

    quarantine: UUID
    topic: str
    reason: str


class SettledNotice(Message):
    """`d` of `alarm.settled`: somebody has bound or looked at what could not be placed; it leaves every desk."""

    quarantine: UUID


class ButtonTested(Message):
    """`d` of `device.tested`: somebody pressed a button in a test window; nobody is rung."""

    device: str
    how: Literal["press"]
    at: datetime


class BreachNotice(Message):
    """`d` of `platform.breach`: the platform's own alarm; `place` and `kind` when it stands for an elder's alarm."""

    check: str
    detail: dict[str, Any]
    incident: str | None = None
    alarm: UUID | None = None
    place: str | None = None
    kind: str | None = None
