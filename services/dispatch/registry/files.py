"""Files that people send us, as lines of cells: CSV in whatever encoding each line has, and spreadsheets."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from services.dispatch.domain.imports.table import Line

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
LARGEST = 64 * 1024 * 1024
UNPACKED = 256 * 1024 * 1024
"""Of a workbook, by what it says itself; what says less than it is, is no workbook to its reader."""
MOST_LINES = 1_000_000
MOST_COLUMNS = 200
FOREIGN = re.compile("[\u0080-\u00b6\u00b8-\u07ff]")
"""Letters that no name or address here has; the dot in 阿卜杜·热合曼 is one of ours."""


class BadFileError(Exception):
    """A file that can't be read at all; `code` is too_large, no_table, bad_encoding, bad_csv or too_many_lines."""

    def __init__(self, code: str) -> None:
        """What is wrong with it."""
        super().__init__(code)
        self.code = code


def lines(content: bytes) -> Iterator[Line]:
    """Numbered lines of a CSV file, or of a workbook's first sheet that has any."""
    if len(content) > LARGEST:
        raise BadFileError("too_large")
    found = _workbook(content) if content.startswith((ZIP, OLD_EXCEL)) else _csv(content)
    for number, cells in found:
        if number > MOST_LINES or len(cells) > MOST_COLUMNS:
            raise BadFileError("too_many_lines")
        yield number, cells


def _csv(content: bytes) -> Iterator[Line]:
    text = _text(content)
    head = text[: text.find("\n")]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        begun = 1
        for cells in reader:
            yield begun, cells
            begun = reader.line_num + 1
    except csv.Error as fault:
        raise BadFileError("bad_csv") from fault


def _text(content: bytes) -> str:
    if content.startswith(UTF16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise BadFileError("bad_encoding") from None
    return "".join(map(_line, content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)))


def _line(raw: bytes) -> str:
    """A line in its own encoding: tables are put together from files of different origin."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if not FOREIGN.search(text):
            return text
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        raise BadFileError("bad_encoding") from None


def _workbook(content: bytes) -> Iterator[Line]:
    if content.startswith(ZIP) and _unpacked(content) > UNPACKED:
        raise BadFileError("too_large")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if rows:
                yield from ((n, [_cell(cell) for cell in row]) for n, row in enumerate(rows, start=1))
                return
    except (CalamineError, ValueError) as fault:
        raise BadFileError("no_table") from fault


def _unpacked(content: bytes) -> int:
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except BadZipFile as fault:
        raise BadFileError("no_table") from fault


def _cell(cell: Any) -> str:
    """A cell as somebody would have typed it."""
    match cell:
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
