"""What is handed in: how much, of which form, and rid of what a camera writes beside the picture."""

from collections.abc import Iterator
from types import MappingProxyType

KIB = 1024
MOST_BYTES = MappingProxyType(
    {
        "photo": 400 * KIB, "person": 400 * KIB, "signature": 100 * KIB, "voice": 500 * KIB, "report": 4 * KIB,
        "portrait": 300 * KIB,
    }
)  # fmt: skip
MOST = MappingProxyType({"photo": 6, "person": 6, "signature": 3, "voice": 3, "report": 3})
"""How many of a kind one person may hand in for an incident; a second try at a form needs room for another."""
PICTURES = frozenset({"image/jpeg", "image/png"})
SOUNDS = frozenset({"audio/webm", "audio/ogg", "audio/mp4"})
MEDIA = MappingProxyType(
    {
        "photo": frozenset({"image/jpeg"}), "person": frozenset({"image/jpeg"}), "signature": PICTURES,
        "voice": SOUNDS, "report": frozenset({"application/json"}), "portrait": frozenset({"image/jpeg"}),
    }
)  # fmt: skip
SUFFIX = MappingProxyType(
    {
        "image/jpeg": "jpg", "image/png": "png", "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a",
        "application/json": "json",
    }
)  # fmt: skip

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
START_OF_SCAN, FIRST_OF_MAKERS, END_OF_IMAGE = 0xDA, 0xE0, b"\xff\xd9"
KEPT_SEGMENTS = frozenset({0xE0, 0xEE})
"""Of the segments that makers of cameras and programs write, only those that say how to read the colours."""
KEPT_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


class NotEvidenceError(ValueError):
    """What came is not what it says: `status` and `code` as the caller is told."""

    def __init__(self, status: int, code: str, most: int | None = None) -> None:
        """`most` is the limit that was passed, in bytes."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.most = most


def media_of(content: bytes) -> str | None:
    """The form of some bytes, by their first ones and nothing else."""
    if content.startswith(JPEG):
        return "image/jpeg"
    if content.startswith(PNG):
        return "image/png"
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm"
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content[4:8] == b"ftyp":
        return "audio/mp4"
    return "application/json" if content[:1] == b"{" else None


def checked(kind: str, content: bytes) -> tuple[str, bytes]:
    """Form and content to keep. NotEvidenceError for what is empty, too large, of another form or broken."""
    if not content:
        raise NotEvidenceError(422, "empty_content")
    if len(content) > MOST_BYTES[kind]:
        raise NotEvidenceError(413, "too_large", MOST_BYTES[kind])
    media = media_of(content)
    if media is None or media not in MEDIA[kind]:
        raise NotEvidenceError(415, "unsupported_form")
    try:
        return media, bare(media, content)
    except (IndexError, ValueError):
        raise NotEvidenceError(422, "broken_content") from None


def bare(media: str, content: bytes) -> bytes:
    """A picture without where and with what it was taken. ValueError if it is broken; sounds stay as they are."""
    if media == "image/jpeg":
        return JPEG[:2] + b"".join(_segments(content))
    if media == "image/png":
        return PNG + b"".join(_chunks(content))
    return content


def _segments(content: bytes) -> Iterator[bytes]:
    at = 2
    while True:
        mark, kind = content[at], content[at + 1]
        length = int.from_bytes(content[at + 2 : at + 4])
        if mark != JPEG[0] or length < 2:
            raise ValueError
        if kind == START_OF_SCAN:
            break
        if kind < FIRST_OF_MAKERS or kind in KEPT_SEGMENTS:
            yield content[at : at + 2 + length]
        at += 2 + length
    yield content[at : content.index(END_OF_IMAGE, at) + 2]


def _chunks(content: bytes) -> Iterator[bytes]:
    at, kind = len(PNG), b""
    while kind != b"IEND":
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        after = at + 12 + size
        if not kind or after > len(content):
            raise ValueError
        if kind in KEPT_CHUNKS:
            yield content[at:after]
        at = after
