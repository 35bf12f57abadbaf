"""What everybody did, one JSON line each, as the checker reads it."""

import json
from pathlib import Path
from typing import Any

from shared.runtime.clock import stopwatch
from simulators.press import Press


class History:
    """Appends to a file and keeps what it has appended."""

    def __init__(self, path: Path) -> None:
        """Begin an empty history."""
        self.entries: list[dict[str, Any]] = []
        self._file = path.open("w", encoding="utf-8")

    def note(self, actor: str, op: str, details: dict[str, Any]) -> None:
        """Append an entry with the instant it is made at."""
        entry = {"t": stopwatch(), "actor": actor, "op": op, **details}
        self.entries.append(entry)
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def button(self, what: str, press: Press) -> None:
        """Append what a button did or heard."""
        details: dict[str, Any] = {"eid": press.eid, "attempt": press.attempts, "tries": press.tries}
        if what == "receipt":
            details |= {name: press.receipts[-1].get(name) for name in ("rev", "stage", "incident")}
        self.note(press.device, what, details)

    def close(self) -> None:
        """Write out the rest."""
        self._file.close()
