"""An incident as a document: what it was, each step with its second, and what proves that nothing was changed since.

Each event stands there with its leaf: the SHA-256 of the line that its seal was made over (docs/audit.md). Who has the
log can make the same leaf again, and the seals' own chain says that it was there when it was sealed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from services.gateway.domain.case_words import ABOUT, HEADS, MEANS, STAGES, TITLES, TOLD, VALUES, Lang, word
from services.gateway.domain.sealing import LEAF

DETAILS = ("outcome", "result", "reason", "why", "role", "wave", "asked", "priority", "was", "stage", "door", "dist_m")
TOLD_IN_WORDS = frozenset({"kind", "state", "outcome"})


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event's line in the log, and the seal over it; `n` is None while it has none."""

    line: str
    n: int | None
    at: datetime | None
    hash: bytes | None

    @property
    def leaf(self) -> str:
        """What the seal's tree holds of it."""
        return hashlib.sha256(LEAF + self.line.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the document."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def tables(told: Mapping[str, Any], sealed: Sequence[Sealed], lang: Lang, zone: timezone) -> Iterator[Table]:
    """The document of an incident told again (`flow.replay`), part by part."""

    def part(name: str, rows: Sequence[Sequence[str]], note: str = "") -> Table:
        return Table(word(TITLES[name], lang) if name in TITLES else "", HEADS[name][lang], rows, note)

    yield part("about", [(word(ABOUT[name], lang), _value(name, told, lang, zone)) for name in ABOUT])
    stages = [step for step in told["steps"] if step["stage"]]
    yield part("stages", [(word(STAGES[step["stage"]], lang), f"{step['s']:.1f}") for step in stages])
    yield part("steps", [_step(n, step, lang, zone) for n, step in enumerate(told["steps"], 1)])
    leaves = [(str(n), one.leaf, "–" if one.n is None else str(one.n)) for n, one in enumerate(sealed, 1)]
    yield part("seals", leaves, note=MEANS[lang] + whole(sealed))
    chain = {one.n: (str(one.n), _cell(one.at, lang, zone), one.hash.hex()) for one in sealed if one.n and one.hash}
    if chain:
        yield part("chain", list(chain.values()))


def whole(sealed: Sequence[Sealed]) -> str:
    """The hash of all the events of the document, in their order."""
    return hashlib.sha256("".join(one.leaf for one in sealed).encode()).hexdigest()


def _value(name: str, told: Mapping[str, Any], lang: Lang, zone: timezone) -> str:
    value = told[name]
    return word(VALUES[value], lang) if name in TOLD_IN_WORDS and value in VALUES else _cell(value, lang, zone)


def _step(n: int, step: Mapping[str, Any], lang: Lang, zone: timezone) -> tuple[str, ...]:
    what = word(TOLD.get(step["tag"], (step["tag"], step["tag"])), lang)
    details = "; ".join(f"{name}={step['params'][name]}" for name in DETAILS if step["params"].get(name) is not None)
    return str(n), _cell(step["at"], lang, zone), f"{step['s']:.1f}", what, step["who"] or "", details


def _cell(value: Any, lang: Lang, zone: timezone) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return word(("是", "yes") if value else ("否", "no"), lang)
    return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)
