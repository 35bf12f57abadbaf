"""What rings nowhere because nobody knows where: kept raw and shown to the desk."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from services.devices.domain.alarm import KEPT_BYTES
from services.devices.domain.topics import is_county
from shared.vocabulary.divisions import WHOLE_CELL


class Why(StrEnum):
    """Reason shown to the desk."""

    NO_PLACE = "no_place"
    NOT_STORED = "not_stored"
    UNBOUND = "unbound"
    UNREADABLE = "unreadable"
    BAD_SIGNATURE = "bad_signature"


@dataclass(frozen=True, slots=True)
class Stray:
    """A message to be set aside; `county` is empty where only the whole cell can be told."""

    topic: str
    payload: bytes
    reason: Why
    county: str

    @property
    def digest(self) -> bytes:
        """The same message from the same topic is one entry, however often it comes."""
        return sha256(self.topic.encode("utf-8", "replace") + b"\0" + self.payload).digest()


def stray(topic: str, payload: bytes, reason: Why, county: str = WHOLE_CELL) -> Stray:
    """Make an entry that the database takes whatever the sender wrote."""
    shown = topic.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")[:1024]
    return Stray(shown, payload[:KEPT_BYTES], reason, county if is_county(county) else WHOLE_CELL)
