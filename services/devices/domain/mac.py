"""Signatures of devices: HMAC-SHA256, the first 16 bytes, base64. docs/wire/devices.md.

The key is made from the device's secret, so that a device keeps one secret only:
HMAC-SHA256(secret, "yinling mac v1").
"""

import base64
import binascii
import hmac
from collections.abc import Iterable
from hashlib import sha256

LABEL = b"yinling mac v1"
TAG_BYTES = 16


def key_of(secret: str) -> bytes:
    """The signing key of a device with this secret."""
    return hmac.digest(secret.encode(), LABEL, sha256)


def tag(key: bytes, parts: Iterable[object]) -> str:
    """Base64 of the first 16 bytes over the parts, joined by `|`; None counts as empty."""
    text = "|".join("" if part is None else str(part) for part in parts)
    return base64.b64encode(_digest(key, text.encode())).decode()


def fits(key: bytes, parts: Iterable[object], given: str) -> bool:
    """Whether `given` is the parts' tag, in either base64 alphabet, padded or not."""
    return _same(tag(key, parts), given)


def body_tag(key: bytes, device: str, body: bytes) -> str:
    """Tag of a whole HTTP body sent for this device."""
    return base64.b64encode(_digest(key, device.encode() + b"|" + body)).decode()


def body_fits(key: bytes, device: str, body: bytes, given: str) -> bool:
    """Whether `given` is the body's tag."""
    return _same(body_tag(key, device, body), given)


def _digest(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, sha256)[:TAG_BYTES]


def _same(expected: str, given: str) -> bool:
    plain = given.strip().replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(base64.b64decode(expected), raw)
