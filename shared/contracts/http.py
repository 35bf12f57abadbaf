"""What all of `/api/v1` shares (docs/wire/http.md): problems, pages, the long poll, the state of the platform."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import Field

from shared.contracts.base import Message

T = TypeVar("T")


class Problem(Message):
    """RFC 9457 problem+json; `code` is stable, `field` names what was wrong in the request.

    `instance` (`urn:uuid:…`) is the number of this very failure in our log; what a caller can put right alone has none.
    """

    type: str = "about:blank"
    title: str
    status: int
    code: str
    field: str | None = None
    params: dict[str, Any] = Field(default_factory=dict)
    instance: str | None = None


class InboxPage(Message):
    """Answer of the long poll: `events` (`ev` frames) above the position, or `snap` (a whole `snap` frame)."""

    epoch: str
    head: int
    mode: Literal["replay", "snapshot"]
    events: tuple[dict[str, Any], ...]
    snap: dict[str, Any] | None


class Status(Message):
    """Which parts of the platform answer."""

    ok: bool
    parts: dict[str, bool]


class Page(Message, Generic[T]):
    """One page; pass `next` as `cursor` for the following one."""

    items: tuple[T, ...]
    next: str | None
