"""Secrets that nobody guesses: what counts as one, and the refusal to start with any other."""

import base64
import re
from urllib.parse import unquote, urlsplit

SHORTEST = 24
FEWEST_SIGNS = 12
KEY_BYTES = 32
GUESSABLE = re.compile(r"change|default|example|secret|password|yinling", re.IGNORECASE)


class WeakSecretError(Exception):
    """A secret that somebody could guess; the text names the variables."""


def weak(secret: str) -> bool:
    """Whether a secret is short, monotonous or a word somebody left in an example."""
    return len(secret) < SHORTEST or len(set(secret)) < FEWEST_SIGNS or bool(GUESSABLE.search(secret))


def sound_key(text: str) -> bool:
    """Whether this is base64 of 32 bytes that nobody typed."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return len(key) == KEY_BYTES and len(set(key)) >= FEWEST_SIGNS


def unsound(field_keys: str, search_key: str) -> list[str]:
    """Variables of those of the keys for words about people that somebody typed; a missing one is not among them."""
    keys = [part.partition(":")[2] for part in field_keys.split()]
    bad = ["YINLING_FIELD_KEYS"] if not all(sound_key(key) for key in keys) else []
    return [*bad, "YINLING_SEARCH_KEY"] if (search_key or keys) and not sound_key(search_key) else bad


def password_in(url: str) -> str:
    """The password of an address."""
    return unquote(urlsplit(url).password or "")
