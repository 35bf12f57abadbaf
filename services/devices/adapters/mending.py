"""A second look at reports that came broken or odd, so that a cry for help in them is not missed.

Nothing here is exact: what it finds rings flagged as unparsed, and a person judges.
"""

import re
from collections.abc import Collection, Iterator

import orjson

from services.devices.adapters.reading import MOST_BYTES, items_of, leaves, truth, word
from services.devices.domain.foreign import CRIES, IGNORE, PLAIN

TRIES = 6
DEEPEST = 8
MOST_PLACES = 2000
MENDED_BYTES = 64 * 1024
CLOSERS = {"{": "}", "[": "]"}
WORDS = re.compile(r"[A-Za-z_]+")
PAIRS = re.compile(r'"([A-Za-z_]{1,32})"\s*:\s*"([^"\\]{1,64})"')
STATES = frozenset(name for name, kind in PLAIN.items() if kind != IGNORE)

ABOUT = frozenset(
    {"device", "name", "friendly_name", "friendlyName", "description", "model", "id", "topic", "title", "label", "src",
     "dst", "geofence", "maintenance", "address", "definition"}
)  # fmt: skip
"""Fields that tell about a thing; somebody may have named a button sos."""


def broken(payload: bytes, content: object) -> bool:
    """Whether this was meant as JSON and is none."""
    if content is not None or not payload.strip():
        return False
    return any(sign in payload for sign in (b"{", b"[", b'"', b"\0")) or _undecodable(payload)


def mended(payload: bytes) -> object:
    """The JSON that a cut-off or dirty payload began with; None where nothing comes of it."""
    kept = payload[:MENDED_BYTES].decode("utf-8", "ignore")
    kept = "".join(letter for letter in kept if letter.isprintable())
    starts = [kept.find(sign) for sign in CLOSERS if sign in kept]
    kept = kept[min(starts) :] if starts else ""
    for _ in range(TRIES):
        for end in ("", "null", ":null"):
            found = _loaded(_closed(kept, end))
            if found is not None:
                return found
        kept = kept[: kept.rfind(",")] if "," in kept else kept[: max(map(kept.rfind, CLOSERS), default=0) + 1]
    return None


def lurking(content: object, press: Collection[str], deep: int = DEEPEST) -> Iterator[str]:
    """Words of alarm in places where no adapter expects them; `press` are the fields that hold a press."""
    if not deep:
        return
    if isinstance(content, dict):
        for name, value in list(content.items())[:MOST_PLACES]:
            if name not in ABOUT:
                yield from _in_field(name, value, press)
                yield from lurking(value, press, deep - 1)
    elif isinstance(content, list):
        for item in items_of(content)[:MOST_PLACES]:
            yield from lurking(item, press, deep - 1)
    elif isinstance(content, str) and content.strip() in CRIES:
        yield content.strip()


def cried(payload: bytes, press: Collection[str], *, anywhere: bool) -> Iterator[str]:
    """Words of alarm in what is no JSON: as the value of a field, or `anywhere`."""
    written = payload[:MOST_BYTES].decode("utf-8", "ignore")
    for name, value in PAIRS.findall(written):
        said = word(value)
        if said and (name in press or (said in CRIES and name not in ABOUT)):
            yield said
    if anywhere:
        yield from (found for found in WORDS.findall(written) if found in CRIES)


def _in_field(name: str, value: object, press: Collection[str]) -> Iterator[str]:
    if name in STATES and truth(value):
        yield name
    if name in press:
        yield from (said for leaf in leaves(value) if isinstance(leaf, str) and (said := word(leaf)))


def _undecodable(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return True
    return False


def _loaded(kept: str) -> object:
    try:
        return orjson.loads(kept)
    except orjson.JSONDecodeError:
        return None


def _closed(kept: str, end: str) -> str:
    """With every open text, list and object closed; what follows the first whole value is left away."""
    open_, in_text, escaped = list[str](), False, False
    for at, letter in enumerate(kept):
        if in_text:
            escaped, in_text = letter == "\\" and not escaped, letter != '"' or escaped
        elif letter == '"':
            in_text = True
        elif letter in CLOSERS:
            open_.append(CLOSERS[letter])
        elif letter in CLOSERS.values():
            if not open_ or open_[-1] != letter:
                return kept[:at] + end + "".join(reversed(open_))
            if not open_[:-1]:
                return kept[: at + 1]
            open_.pop()
    kept = kept.removesuffix("\\") + '"' if in_text else kept.rstrip().removesuffix(",")
    return kept + end + "".join(reversed(open_))
