"""JSON as it leaves the house: times in UTC with milliseconds."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from services.gateway.domain.wording import stamp
from services.gateway.store.inboxes import Post


def encode(value: Any) -> bytes:
    """Encode any JSON-like value, instants and models included."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True)
    raise TypeError(type(value).__name__)


def frame(post: Post, *, replay: bool = False) -> dict[str, Any]:
    """An `ev` frame: the same over the socket and by long poll."""
    return {
        "t": "ev",
        "i": post.inbox,
        "seq": post.seq,
        "id": post.id,
        "type": post.type,
        "at": post.at,
        "replay": replay,
        "exp": post.exp,
        "d": post.d,
    }
