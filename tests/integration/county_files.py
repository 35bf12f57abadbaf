"""A small county on paper: the national list in its package, and a workbook."""

import asyncio
import io
import json
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import xlsxwriter
from typer.testing import CliRunner, Result

from deploy.local.cli import app

PROVINCES = (("36", "江西省"), ("11", "北京市"))
CITIES = (("3607", "赣州市"), ("3601", "南昌市"))
AREAS = (("360733", "会昌县"), ("360734", "寻乌县"))
STREETS = (("360733100", "文武坝镇"), ("360733101", "筠门岭镇"), ("360734100", "长宁镇"))
VILLAGES = (
    ("360733100001", "红旗居委会"), ("360733100002", "东风居委会"), ("360733101001", "营坊村委会"),
    ("360734100001", "城北居委会"),
)  # fmt: skip


def package(path: Path, villages: Sequence[tuple[str, str]] = VILLAGES) -> Path:
    """As the registry of packages would hand it out."""
    lists = {"provinces": PROVINCES, "cities": CITIES, "areas": AREAS, "streets": STREETS, "villages": villages}
    with tarfile.open(path, "w:gz") as pack:
        for name, rows in lists.items():
            content = ("code,name\n" + "".join(f'{code},"{called}"\n' for code, called in rows)).encode()
            entry = tarfile.TarInfo(f"package/dist/{name}.csv")
            entry.size = len(content)
            pack.addfile(entry, io.BytesIO(content))
    return path


def workbook(path: Path, rows: Iterable[Sequence[Any]]) -> Path:
    """As a spreadsheet program saves it; dates are dates there."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return path


def yinling(url: str, *arguments: object) -> Result:
    """`./yinling import …` on a database."""
    return CliRunner().invoke(app, ["import", *map(str, arguments), "--database", url])


def counted(result: Result) -> dict[str, Any]:
    """What it says as JSON."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def rows(url: str, query: str, *given: object) -> list[tuple[Any, ...]]:
    """What stands in the database."""

    async def look() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await connection.fetch(query, *given)]
        finally:
            await connection.close()

    return asyncio.run(look())
