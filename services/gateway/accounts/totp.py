"""Six digits of an authenticator app (RFC 6238: SHA-1, 30 s)."""

import base64
import os
from datetime import datetime
from hmac import compare_digest

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS, PERIOD_S, KEY_BYTES = 6, 30, 20
ISSUER = "银铃 Yinling"
DRIFT = (0, -1, 1)
"""Steps that a telephone's clock may be off."""


def new_key() -> bytes:
    """A key that nobody guesses."""
    return os.urandom(KEY_BYTES)


def digits(key: bytes, step: int) -> str:
    """What the app shows in a step."""
    return _app(key).generate(step * PERIOD_S).decode()


def step_of(key: bytes, code: str, now: datetime) -> int | None:
    """The time step in which an app with this key shows these digits; None when they are wrong."""
    present = int(now.timestamp()) // PERIOD_S
    found = [step for step in (present + off for off in DRIFT) if compare_digest(digits(key, step), code)]
    return found[0] if found else None


def spelled(key: bytes) -> str:
    """The key as it is typed where no camera is at hand."""
    return base64.b32encode(key).decode()


def address(key: bytes, username: str) -> str:
    """What an app reads from the picture."""
    return _app(key).get_provisioning_uri(username, ISSUER)


def picture(uri: str) -> str:
    """The address as a QR code: SVG in a data URL, black on white on every screen."""
    return segno.make(uri, error="m").svg_data_uri(scale=5, dark="#000", light="#fff", border=4)


def _app(key: bytes) -> TOTP:
    return TOTP(key, DIGITS, SHA1(), PERIOD_S)  # noqa: S303  what every app speaks; only its HMAC is used
