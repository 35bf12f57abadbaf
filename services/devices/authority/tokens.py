"""The JSON web tokens of a NATS authorization callout, signed with ed25519 (nkeys)."""

import base64
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import nkeys
import orjson
from cryptography import x509
from cryptography.x509.oid import NameOID

from services.devices.domain.permissions import Grant, subjects

ACCOUNT = "YL"
UNLIMITED = -1


@dataclass(frozen=True, slots=True)
class Request:
    """What the broker asks: whether this client may connect, under this name, with this secret."""

    server: str
    user_key: str
    client_id: str | None
    user: str
    secret: str
    certificate: str | None = None
    """Common name of the certificate that the broker has verified; None if the client showed none."""


def read_request(token: bytes) -> Request:
    """Read the broker's question; its signature is not checked, since only the broker may publish there."""
    body = orjson.loads(_decoded(token.split(b".")[1]))["nats"]
    client, options = body["client_info"], body["connect_opts"]
    return Request(
        body["server_id"]["id"], body["user_nkey"], client.get("mqtt_id"),
        options.get("user", ""), options.get("pass", ""), _common_name(body.get("client_tls") or {}),
    )  # fmt: skip


def _common_name(tls: dict[str, Any]) -> str | None:
    """Name on the client's own certificate; empty if it bears none, which is nobody's."""
    chains = tls.get("verified_chains") or []
    if not chains:
        return None
    subject = x509.load_pem_x509_certificate(chains[0][0].encode()).subject
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


class Signer:
    """Signs answers with the issuer's seed."""

    def __init__(self, seed: str) -> None:
        """Read an account seed (`SA…`)."""
        self._keys = nkeys.from_seed(seed.encode())
        self._issuer = self._keys.public_key.decode()

    def allow(self, request: Request, grant: Grant, at: datetime) -> bytes:
        """Answer: yes, and only this."""
        user = self._signed(
            {
                "sub": request.user_key,
                "aud": ACCOUNT,
                "name": request.user,
                "nats": {
                    "pub": {"allow": _subjects(grant.publish)},
                    "sub": {"allow": _subjects(grant.subscribe)},
                    "subs": UNLIMITED,
                    "data": UNLIMITED,
                    "payload": UNLIMITED,
                    "allowed_connection_types": ["MQTT"],
                    "type": "user",
                    "version": 2,
                },
            },
            at,
        )
        return self._answer(request, {"jwt": user.decode()}, at)

    def refuse(self, request: Request, why: str, at: datetime) -> bytes:
        """Answer: no."""
        return self._answer(request, {"error": why}, at)

    def _answer(self, request: Request, verdict: dict[str, str], at: datetime) -> bytes:
        nats = {**verdict, "type": "authorization_response", "version": 2}
        return self._signed({"sub": request.user_key, "aud": request.server, "nats": nats}, at)

    def _signed(self, claims: dict[str, Any], at: datetime) -> bytes:
        body = orjson.dumps({**claims, "iss": self._issuer, "iat": int(at.timestamp())})
        stamped = orjson.dumps({**orjson.loads(body), "jti": base64.b32encode(sha256(body).digest()).decode()})
        text = HEADER + b"." + _encoded(stamped)
        return text + b"." + _encoded(self._keys.sign(text))


def _subjects(filters: tuple[str, ...]) -> list[str]:
    return [subject for topic_filter in filters for subject in subjects(topic_filter)]


def _encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _decoded(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


HEADER = _encoded(orjson.dumps({"typ": "JWT", "alg": "ed25519-nkey"}))
