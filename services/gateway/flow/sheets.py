"""Tables written as files: CSV that spreadsheet programs read as UTF-8, and XLSX with the meanings on a second page."""

import csv
import io
from datetime import datetime
from typing import Literal

from xlsxwriter import Workbook

from services.gateway.domain.people import Identity
from services.gateway.domain.sheets import Sheet, safe
from services.gateway.flow.orders import CHINA
from shared.runtime.database import Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import Division
from shared.vocabulary.ids import uuid7

Body = dict[str, str | int]
Format = Literal["csv", "xlsx"]
MEDIA: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def written(sheet: Sheet, how: Format) -> bytes:
    """The file's bytes."""
    return _csv(sheet) if how == "csv" else _xlsx(sheet)


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(sheet.head)
    lines.writerows([safe(cell, CHINA) for cell in row] for row in sheet.rows)
    lines.writerow([])
    lines.writerows([safe(note, CHINA)] for note in (sheet.title, *sheet.notes))
    return text.getvalue().encode("utf-8-sig")


def _xlsx(sheet: Sheet) -> bytes:
    """Text is written as text, so nothing in it is ever a formula or a link."""
    file = io.BytesIO()
    kept = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(file, {**kept, "remove_timezone": True})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    page, notes = book.add_worksheet("数据 Data"), book.add_worksheet("口径 Meaning")
    page.write_row(0, 0, sheet.head, bold)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.head) - 1)
    page.set_column(0, len(sheet.head) - 1, 16)
    for n, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                page.write_datetime(n, column, cell.astimezone(CHINA), day)
            elif cell is not None:
                page.write(n, column, cell)
    notes.set_column(0, 0, 100)
    notes.write_column(0, 0, (sheet.title, *sheet.notes))
    book.close()
    return file.getvalue()


async def told(
    database: Database, who: Identity, division: Division, body: dict[str, str | int], now: datetime
) -> None:
    """Write down in the log who has taken what away."""
    name = uuid7(now)
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"export/{name}"])
        by = f"account:{who.account}"
        event = NewEvent(name, "export", str(name), "report.exported", dict(body), division, by, now)
        await append(connection, [event], now)
