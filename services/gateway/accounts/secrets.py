"""What is sealed, and what is only known by its hash."""

import hashlib
import os
from secrets import token_urlsafe

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 32
NONCE = 12
PURPOSE = b"yinling second factors v1"


def fresh() -> str:
    """A token to be given out once."""
    return token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


class Vault:
    """Seals authenticators' keys with AES-256-GCM under a key drawn from the services' secret."""

    def __init__(self, secret: str) -> None:
        """Draw the key; who changes the services' secret has authenticators set up anew."""
        self._key = AESGCM(HKDF(SHA256(), 32, None, PURPOSE).derive(secret.encode()))

    def seal(self, content: bytes, of: str) -> bytes:
        """Close it for one account."""
        nonce = os.urandom(NONCE)
        return nonce + self._key.encrypt(nonce, content, of.encode())

    def opened(self, sealed: bytes, of: str) -> bytes | None:
        """What is inside; None for another account's, or under another key."""
        try:
            return self._key.decrypt(sealed[:NONCE], sealed[NONCE:], of.encode())
        except InvalidTag:
            return None
