"""How a device signs and checks, written from the wire contract: HMAC-SHA256, the first 16 bytes, base64."""

import base64
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

TAG_BYTES = 16
ANSWER = ("v", "eid", "rev", "stage", "rx")


def key_of(secret: str) -> bytes:
    """The signing key that a device makes of its secret."""
    return hmac.digest(secret.encode(), b"yinling mac v1", "sha256")


def tag(key: bytes, parts: Iterable[object]) -> str:
    """Signature over the parts, joined by `|`."""
    return tag_of(key, "|".join(map(str, parts)).encode())


def tag_of(key: bytes, content: bytes) -> str:
    """Signature over bytes."""
    return base64.b64encode(hmac.digest(key, content, "sha256")[:TAG_BYTES]).decode()


def believed(key: bytes | None, receipt: Mapping[str, Any]) -> bool:
    """Whether a receipt may be heard: unsigned, or signed by somebody who knows the key."""
    mac = receipt.get("mac")
    if key is None or mac is None:
        return True
    return hmac.compare_digest(tag(key, (receipt.get(name) for name in ANSWER)), str(mac))
