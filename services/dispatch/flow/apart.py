"""A table that comes over the door is taken in by a process of its own, so that no alarm waits for its computing.

The child hears everything on its standard input, keys too, and answers in one line. One at a time; a child that ends in
the middle leaves whole rows, and the same table again does the rest (`imports`).
"""

import asyncio
import base64
import logging
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.dispatch.domain.imports.sheets import SHEETS
from services.dispatch.domain.imports.words import words
from services.dispatch.flow.imports import Importer, Report, Terms
from services.dispatch.registry.files import BadFileError
from shared.contracts.commands import Table
from shared.contracts.registry import ImportFault, ImportReport
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.database import Database
from shared.runtime.logging import set_up
from shared.runtime.sealed import Fields
from shared.runtime.settings import Settings
from shared.vocabulary.crs import TO_WGS84

logger = logging.getLogger(__name__)

SHOWN = 200
NICE = 10
"""Alarms go before tables."""
Told = dict[str, Any]
"""An ImportReport, or `problem` with why: `import_running`, or a code of BadFileError."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a child needs to write rows: where, and what seals words in them."""

    address: str
    fields: str
    search: str


def keys(settings: Settings) -> Keys:
    """Those of dispatch."""
    sealing, search = settings.field_keys, settings.search_key
    return Keys(settings.dispatch_database, sealing.get_secret_value(), search.get_secret_value())


class Apart:
    """Takes tables in beside the house."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        """`clock` says which day it is."""
        self._keys = keys
        self._clock = clock
        self._running = asyncio.Lock()

    async def take(self, table: Table) -> Told | None:
        """What became of it; None when the child did not get so far."""
        if self._running.locked():
            return {"problem": "import_running"}
        async with self._running:
            given = {"keys": self._keys, "now": self._clock.now().isoformat(), "table": table.model_dump(mode="json")}
            return await _child(orjson.dumps(given))


async def _child(given: bytes) -> Told | None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        answer, _ = await child.communicate(given)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        logger.error("import.failed", extra={"returncode": child.returncode})
        return None
    told: Told = orjson.loads(answer)
    return told


async def taken(given: Told) -> Told:
    """In the child: read the table, look or write, and say what became of it."""
    table, secrets = Table.model_validate(given["table"]), Keys(**given["keys"])
    clock = SystemClock()
    clock.learn(datetime.fromisoformat(given["now"]), first=True)
    fields = Fields(secrets.fields, secrets.search)
    database = Database(secrets.address, name="dispatch-import", size=1, fields=fields)
    await database.open()
    try:
        return _told(await _report(Importer(database, clock), table))
    except BadFileError as fault:
        return {"problem": fault.code}
    finally:
        await database.close()


async def _report(importer: Importer, table: Table) -> Report:
    sheet, content = SHEETS[table.sheet], base64.b64decode(table.content)
    terms = Terms(table.area, table.by, TO_WGS84[table.crs])
    if table.dry_run:
        return await importer.look(sheet, content, terms)
    return await importer.take(sheet, content, terms, good_rows=table.good_rows)


def _told(report: Report) -> Told:
    faults = tuple(
        ImportFault(line=fault.line, code=fault.code, column=fault.column, zh=words(report.sheet, fault, "zh"),
                    en=words(report.sheet, fault, "en"))
        for fault in report.faults[:SHOWN]
    )  # fmt: skip
    return ImportReport(
        sheet=report.sheet.name, rows=report.rows, added=report.added, changed=report.changed, same=report.same,
        refused=report.refused, written=report.written, unknown=report.unknown, faults=faults,
    ).model_dump(mode="json")  # fmt: skip


def main() -> None:
    """The child: one table, one line."""
    set_up("dispatch-import")
    os.nice(NICE)
    try:
        told = asyncio.run(taken(orjson.loads(sys.stdin.buffer.read())))
    except Exception:
        logger.exception("import.broken")
        sys.exit(1)
    sys.stdout.buffer.write(orjson.dumps(told))


if __name__ == "__main__":
    main()
