"""A telephone and SMS exchange that is spoken to by HTTP (docs/channels.md); what became of it comes as a report."""

from http import HTTPStatus

import aiohttp
import orjson

from services.dispatch.outbox import Outcome, Parcel
from shared.contracts.channels import Outgoing

LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
FAR_TOO_LONG = 100


class Exchange:
    """One address of an exchange: its texts, or its calls."""

    reports = True
    needs_number = True

    def __init__(self, client: aiohttp.ClientSession, address: str, secret: str) -> None:
        """`secret` proves to the exchange who asks."""
        self._client = client
        self._address = address
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand it over; the number of the try lets an exchange that remembers fold a repetition."""
        body = Outgoing(id=parcel.id, to=parcel.to, text=parcel.text, keys=parcel.keys).model_dump_json()
        headers = {**self._headers, "Idempotency-Key": f"{parcel.id}:{parcel.attempt}"}
        try:
            async with self._client.post(self._address, data=body, headers=headers, allow_redirects=False) as answer:
                return _outcome(answer.status, await answer.read())
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            return Outcome("away", type(fault).__name__)


def _outcome(status: int, body: bytes) -> Outcome:
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome("taken", ref=_word(body, "ref"))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in LATER:
        return Outcome("away", f"http_{status}")
    return Outcome("refused", _word(body, "code") or f"http_{status}")


def _word(body: bytes, name: str) -> str | None:
    """A short word of a JSON body; an exchange that says nothing of the kind has still answered."""
    try:
        found = orjson.loads(body).get(name)
    except (ValueError, AttributeError):
        return None
    return str(found)[:FAR_TOO_LONG] if found is not None else None
