"""Words about people, sealed before the database sees them, and found again by keyed hashes of their parts.

A sealed word is text: `y1:<key>:<nonce and cipher text>`, and where it may be sought `:<token>,<token>…` behind it.
`y1` names the suite. All that stands around the cipher text is bound to it: other tokens, and it does not open. Text
without that beginning was written before there were keys, and is read as it stands.
"""

import base64
import hmac
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.vocabulary.noise import Noise

logger = logging.getLogger(__name__)

SUITE = "y1"
UNREADABLE = "［?］"
"""Shown for what no key of the ring opens: a page with a hole in it still sends help."""
SEALED = re.compile(r'"(y[0-9]+:[0-9a-z]+:[A-Za-z0-9_-]+(?::[A-Za-z0-9_,-]*)?)"')
MARK = f'"{SUITE}:'
NUMBER = re.compile(r"\+?[0-9\s()-]+")
TOKEN_BYTES = 6
LEAST_DIGITS, TAIL = 3, 4
"""Digits that make a number, and that it is sought by: from the front as many or more, or its last ones."""
MOST_DIGITS = 15
REMEMBERED, LONG = 1 << 14, 1 << 14
"""Opened words and tokens a process keeps at hand: those who go are asked again and again. Pictures are too long."""
NONCE_BYTES, KEY_BYTES = 12, 32
NONCES = Noise(NONCE_BYTES)


class Suite(Protocol):
    """How bytes are sealed under one key. Another one, SM4 say, comes in as another name beside `y1`."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Seal; the nonce is never used twice."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Open; InvalidTag when it was sealed otherwise."""
        ...


SUITES: Mapping[str, Callable[[bytes], Suite]] = MappingProxyType({SUITE: AESGCM})


class BadRingError(ValueError):
    """Keys that are not `id:base64 id:base64 …` of 32 bytes each; the ids small letters and digits."""


class Private(str):
    """A word that is sealed on its way into a JSON parameter."""

    __slots__ = ()


class Sought(Private):
    """One that may be searched for besides."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search is for, as tokens: all of `words` in a name, all of `places` in an address, one of `numbers`."""

    words: list[str]
    places: list[str]
    numbers: list[str]


class Fields:
    """A ring of keys: the first seals, all of them open. Without one, words stay as they are."""

    def __init__(self, keys: str = "", search_key: str = "") -> None:
        """`keys` is `id:base64 id:base64 …`, `search_key` base64 as well; BadRingError for anything else."""
        self._boxes = {name: SUITES[SUITE](raw) for name, raw in _ring(keys)}
        self.current = next(iter(self._boxes), "")
        self._search_key = _raw(search_key) if search_key else b""
        if self._boxes and not self._search_key:
            raise BadRingError("search key")
        self._token = lru_cache(REMEMBERED)(self._hashed)
        self._known = lru_cache(REMEMBERED)(self._opened)

    @property
    def keys(self) -> tuple[str, ...]:
        """Ids of the keys at hand."""
        return tuple(self._boxes)

    def open_only(self) -> "Fields":
        """The same keys, none of which seals."""
        it = copy(self)
        it.current = ""
        return it

    def seal(self, word: str) -> str:
        """A word nobody searches for; empty words stay empty."""
        return self._sealed(word, "") if word and self.current else str(word)

    def seal_sought(self, word: str) -> str:
        """A name, an address or a telephone number, with the tokens of its parts."""
        return self._sealed(word, ":" + ",".join(self._tokens(word))) if word and self.current else str(word)

    def _sealed(self, word: str, behind: str) -> str:
        nonce, box = NONCES.piece(), self._boxes[self.current]
        sealed = nonce + box.encrypt(nonce, word.encode(), _around(self.current, behind))
        return f"{SUITE}:{self.current}:{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}{behind}"

    def open(self, text: str) -> str:
        """What a word says; UNREADABLE for what no key opens."""
        return self._known(text) if len(text) < LONG else self._opened(text)

    def _opened(self, text: str) -> str:
        if not text.startswith(f"{SUITE}:"):
            return text
        if not self._boxes:
            raise BadRingError("words are sealed, and there is no key")
        _, key, rest = (*text.split(":", 2), "")[:3]
        sealed, colon, tokens = rest.partition(":")
        box = self._boxes.get(key)
        try:
            raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            if box is not None:
                return box.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _around(key, colon + tokens)).decode()
        except (InvalidTag, ValueError):
            pass
        logger.error("field.unreadable", extra={"key": key[:16]})
        return UNREADABLE

    def loads(self, text: str) -> Any:
        """JSON with every sealed word in it opened."""
        if MARK in text:
            text = SEALED.sub(lambda found: orjson.dumps(self.open(found[1])).decode(), text)
        return orjson.loads(text)

    def dumps(self, value: Any) -> str:
        """JSON with every Private word in it sealed."""
        return orjson.dumps(value, default=self._plain, option=orjson.OPT_PASSTHROUGH_SUBCLASS).decode()

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Sought):
            return self.seal_sought(value)
        if isinstance(value, Private):
            return self.seal(value)
        if isinstance(value, UUID):
            return str(value)  # the driver's own kind, which the encoder does not know
        kind: type[Any]
        for kind in (str, dict, list, int):
            if isinstance(value, kind):
                return kind(value)
        raise TypeError

    def wanted(self, given: str) -> Wanted:
        """Tokens of what somebody typed: one sign begins a name, four digits or more begin or end a number."""
        number = digits(given)
        numbers = [self._token("begin", number)] if TAIL <= len(number) <= MOST_DIGITS else []
        numbers += [self._token("end", number)] if len(number) == TAIL else []
        pairs = [self._token("pair", pair) for pair in _pairs(given)]
        return Wanted(pairs or ([self._token("first", given)] if given else []), pairs, numbers)

    def whole(self, numbers: Sequence[str]) -> list[str]:
        """Tokens of whole telephone numbers, given as digits; the numbers themselves where nothing is sealed."""
        return [self._token("number", number) for number in numbers] if self.current else list(numbers)

    def _tokens(self, word: str) -> list[str]:
        """A whole number's first, the rest in no order that tells the word."""
        number = digits(word)
        if not number:
            return sorted({self._token("first", word[0]), *(self._token("pair", pair) for pair in _pairs(word))})
        begins = {self._token("begin", number[:n]) for n in range(TAIL, min(len(number), MOST_DIGITS) + 1)}
        return [self._token("number", number), *sorted(begins | {self._token("end", number[-TAIL:])})]

    def _hashed(self, kind: str, part: str) -> str:
        hashed = hmac.digest(self._search_key, f"{kind}/{part}".encode(), "sha256")
        return base64.urlsafe_b64encode(hashed[:TOKEN_BYTES]).decode()


def _around(key: str, behind: str) -> bytes:
    return f"{SUITE}:{key}{behind}".encode()


def digits(text: str) -> str:
    """Digits of what is written like a telephone number; nothing for anything else."""
    found = "".join(sign for sign in text if sign.isdigit()) if NUMBER.fullmatch(text) else ""
    return found if len(found) >= LEAST_DIGITS else ""


def _pairs(word: str) -> list[str]:
    """Chinese is searched by pairs of characters: most words have two."""
    return [word[n : n + 2] for n in range(len(word) - 1)]


def _ring(keys: str) -> list[tuple[str, bytes]]:
    found = [part.partition(":") for part in keys.split()]
    names = {name for name, _, _ in found}
    if len(names) < len(found) or not all(re.fullmatch("[0-9a-z]{1,16}", name) for name in names):
        raise BadRingError("id")
    return [(name, _raw(text)) for name, _, text in found]


def _raw(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise BadRingError("base64") from None
    if len(raw) != KEY_BYTES:
        raise BadRingError("length")
    return raw
