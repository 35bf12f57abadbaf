"""More people for a story: helpers of other kinds, seats of other levels."""

from typing import Any

import httpx

from tests.story.town import HASH, KEYS, STREET, Console, Town

HELPER = """
INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, on_duty, reachable, phone_only)
VALUES ($1, $2, $3, $4, '1', 25.6 + $5::float8, 115.79, true, NOT $6, $6)
"""
ACCOUNT = """
INSERT INTO gateway.account (id, username, password_hash, name, role, kind, division, responder_id)
VALUES ($1, $1, $7, $2, $3, $4, $5, $6)
"""
INBOX = "INSERT INTO gateway.inbox (id, division, epoch) VALUES ($1, $2, 'e1') ON CONFLICT DO NOTHING"


async def helper(town: Town, who: str, name: str, kind: str, *, far: float = 0.001, phone_only: bool = False) -> None:
    """Somebody on duty in the street, so many degrees north of her home; without an account if only a telephone."""
    await town.value(HELPER, who, STREET, kind, name, far, phone_only)
    if not phone_only:
        await town.value(ACCOUNT, who, name, "responder", kind, STREET, who, HASH)
        await town.value(INBOX, f"u:{who}", STREET)


async def seat(town: Town, who: str, name: str, division: str, role: str = "desk") -> None:
    """A seat over a division, with the division's inbox."""
    await town.value(ACCOUNT, who, name, role, None, division, None, HASH)
    for inbox in (f"u:{who}", f"d:{division}"):
        await town.value(INBOX, inbox, division)


async def told(town: Town, template: str) -> list[str]:
    """Messages of this template as "channel whom", in the order in which they were wanted."""
    found = await town.value(
        "SELECT array_agg(channel || ' ' || to_id ORDER BY wanted_at, channel, to_id) FROM dispatch.message"
        " WHERE template = $1",
        template,
    )
    return list(found or [])


async def put(console: Console, path: str, body: dict[str, Any]) -> httpx.Response:
    """Lay something down over HTTP."""
    headers = {"Authorization": f"Bearer {console.token}", "Idempotency-Key": f"{console.name}-{next(KEYS)}"}
    return await console.http.put(f"/api/v1{path}", json=body, headers=headers)
