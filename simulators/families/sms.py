"""Text messages as a gateway posts them over HTTP: from our own devices, and from phones of others."""

from dataclasses import dataclass
from typing import Any

import httpx

from simulators import seal
from simulators.press import Press

PATH = "/device/v1/sms"


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """A gateway with a credential of its own; `client` knows the platform's address."""

    client: httpx.AsyncClient
    name: str
    secret: str

    async def post(self, number: str, text: str, *, form: bool = False) -> httpx.Response:
        """One message, as JSON or as a form; ConnectionError when the platform is away."""
        fields = {"from": number, "text": text}
        content: dict[str, Any] = {"data": fields} if form else {"json": fields}
        try:
            return await self.client.post(PATH, auth=(self.name, self.secret), **content)
        except (httpx.TransportError, AttributeError) as fault:
            # anyio over uvloop raises AttributeError when the peer hangs up while the connection is being made
            raise ConnectionError from fault


def text_of(press: Press, key: bytes | None = None) -> str:
    """A press of one of our own devices as a text; signed over the same fields, without a time."""
    words = ["YL1", press.device, str(press.boot), str(press.seq), press.kind]
    if key is not None:
        words.append(seal.tag(key, (1, press.eid, press.kind, press.boot, press.seq, "")))
    return " ".join(words)
