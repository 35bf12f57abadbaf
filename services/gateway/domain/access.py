"""What counts as a look at people's data: which fields are theirs, and whom an address of ours is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

KINDS: Mapping[str, frozenset[str]] = {
    "phone": frozenset({"phone", "number"}),
    "address": frozenset({"address", "temp_address", "place", "door_code", "key_place"}),
    "health": frozenset({"health", "medicine", "allergies"}),
    "position": frozenset({"seen_lat", "seen_at"}),
    "picture": frozenset({"picture"}),
}
SUBJECTS = (
    "elder", "incident", "job", "order", "call", "event", "outage", "device", "responder", "home", "evidence",
    "portrait",
)  # fmt: skip
"""What a path may be about, the nearest to a person first."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody was shown something: `what` and `target` say of whom, `shown` the kinds of data."""

    account: str
    division: str
    what: str
    target: str
    shown: tuple[str, ...]

    @property
    def stream_id(self) -> str:
        """The stream of the log this belongs to; lists are told on their reader's own."""
        return f"{self.what}/{self.target}"


def shown(fields: Iterable[str]) -> tuple[str, ...]:
    """Which kinds of people's data are among the fields of an answer."""
    given = frozenset(fields)
    return tuple(kind for kind, names in KINDS.items() if names & given)


def about(path: str, params: Mapping[str, object], account: str) -> tuple[str, str]:
    """Whom a path is about: the nearest subject named in it, else a list that this account has read."""
    for subject in SUBJECTS:
        if subject in params:
            return subject, str(params[subject])
    words = [word for word in path.split("/") if word and not word.startswith("{")]
    return f"list/{words[-1]}", account
