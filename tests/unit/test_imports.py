"""What tables say: encodings, headings, cells, places; and what is wrong with them, in words."""

import io
import struct
from collections.abc import Sequence
from datetime import date, timedelta
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.imports import cells, codes
from services.dispatch.domain.imports.cells import EXCEL_DAY_0, BadCellError
from services.dispatch.domain.imports.places import Gazetteer, Place
from services.dispatch.domain.imports.rows import settled
from services.dispatch.domain.imports.sheets import ELDERS, SHEETS
from services.dispatch.domain.imports.table import Table, read
from services.dispatch.domain.imports.words import WORDS, words
from services.dispatch.registry import files
from services.dispatch.registry.files import BadFileError, lines
from services.gateway.domain.cards import meant

TODAY = date(2026, 11, 23)
COUNTY, STREET, VILLAGE, ENDED = "360733", "360733100", "360733100001", "360733100009"
PLACES = (
    Place("3607", "赣州市"), Place(COUNTY, "会昌县"), Place(STREET, "文武坝镇"), Place(VILLAGE, "红旗居委会"),
    Place("360733101", "筠门岭镇"), Place("360733101001", "红旗居委会"),
    Place(ENDED, "老街居委会", date(2025, 1, 1), VILLAGE),
)  # fmt: skip
BOUNDS = {COUNTY: (115.5, 25.2, 116.1, 25.9), VILLAGE: (115.78, 25.59, 115.8, 25.61)}
HEAD = "编号,姓名,行政区划,住址"


def gazetteer() -> Gazetteer:
    """Huichang with two communities of one name and one that has ended."""
    return Gazetteer(PLACES, COUNTY, TODAY, BOUNDS)


def table(text: str | bytes) -> Table:
    """A table of elders, settled."""
    raw = text.encode() if isinstance(text, str) else text
    found = read(ELDERS, lines(raw))
    both = [settled(row, gazetteer(), TODAY) for row in found.rows]
    rows = tuple(row for row, wrong in both if not wrong)
    return Table(ELDERS, rows, (*found.faults, *(f for _, wrong in both for f in wrong)), found.unknown, found.head)


def faults(text: str | bytes) -> list[tuple[int, str, str | None]]:
    """Line, code and column of everything that is wrong."""
    return [(fault.line, fault.code, fault.column) for fault in table(text).faults]


@settings(max_examples=200)
@given(st.dates(date(1891, 1, 1), date(2063, 12, 31)))
def test_a_date_is_read_however_it_was_typed(when: date) -> None:
    """Also as Excel counts days; what is no date is said to be none."""
    y, m, d = when.year, when.month, when.day
    forms = [f"{y}-{m:02}-{d:02}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}{m:02}{d:02}"]
    days = (when - EXCEL_DAY_0).days
    if days > cells.LATEST:
        forms += [str(days), f"{days}.0"]
    assert {cells.day(form) for form in forms} == {when}
    assert {cells.year(form) for form in [*forms, str(y), f"{y}年"]} == {y}


@pytest.mark.parametrize(
    ("read_cell", "said", "code"),
    [
        (cells.day, "2026-02-30", "bad_date"),
        (cells.day, "昨天", "bad_date"),
        (cells.year, "1066", "too_long_ago"),
        (cells.phone, "1.39E+10", "shortened"),
        (cells.phone, "没有", "bad_phone"),
        (cells.division, "3.60733E+11", "shortened"),
        (cells.division, "36073", "bad_division"),
        (cells.number, "11010519491231002X", "id_card"),
        (cells.identity, "110105194912310021", "bad_identity"),
        (cells.identity, "1.10105E+17", "shortened"),
        (cells.number, "1 2/3", "bad_number"),
        (cells.yes_no, "也许", "not_yes_or_no"),
        (cells.whole(0, 4), "5", "out_of_range"),
        (cells.words(3), "太长的字", "too_long"),
        (cells.words(30), "字\x07字", "bad_signs"),
    ],
)
def test_a_bad_cell_says_what_is_wrong_with_it(read_cell: cells.Reader, said: str, code: str) -> None:
    """By a stable code, for which there are words."""
    with pytest.raises(BadCellError) as bad:
        read_cell(said)
    assert bad.value.code == code
    assert code in WORDS


def test_cells_are_read_as_they_are_meant() -> None:
    """Full-width figures, dashes, what a spreadsheet puts behind a number, zeros that fill a code up."""
    assert cells.phone("１３９－0000 0001") == "13900000001"
    assert cells.phone("13900000001.0") == "13900000001"
    assert cells.division("360733100000") == STREET
    assert cells.division("360733000000") == COUNTY
    assert cells.division("文武坝镇") == "文武坝镇"
    assert cells.yes_no("是") is cells.yes_no("√") is True
    assert cells.several(cells.words(9))("赣语、客家话 赣语") == ["赣语", "客家话"]


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.text("李建国王芳张秀英会昌文武坝红旗路阿卜杜·热合曼鎏喆", min_size=1, max_size=8), st.booleans()),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_each_line_is_read_in_its_own_encoding(given_lines: Sequence[tuple[str, bool]]) -> None:
    """Tables are put together from files of different origin."""
    raw = b"".join(f"E{n},{name},红旗路{n}号\r\n".encode("utf-8" if utf else "gb18030")
                   for n, (name, utf) in enumerate(given_lines))  # fmt: skip
    assert [row[1] for _, row in lines(raw)] == [name for name, _ in given_lines]


def test_files_that_are_no_tables() -> None:
    """Are said to be none; the other encodings of spreadsheets are read."""
    assert list(lines("编号;姓名\r\n1;王\r\n".encode("utf-16"))) == [(1, ["编号", "姓名"]), (2, ["1", "王"])]
    assert list(lines(b'\xef\xbb\xbfa\tb\n"x\ny"\tz\n1\t2\n')) == [(1, ["a", "b"]), (2, ["x\ny", "z"]), (4, ["1", "2"])]
    for raw, code in (
        (b"PK\x03\x04 no workbook", "no_table"),
        (b"\x81\n\xff\xff", "bad_encoding"),
        (b'a,"b', "bad_csv"),
    ):
        with pytest.raises(BadFileError) as bad:
            list(lines(raw))
        assert bad.value.code == code


@pytest.mark.parametrize("honest", [True, False])
def test_a_small_workbook_that_is_large_inside_is_refused(monkeypatch: pytest.MonkeyPatch, *, honest: bool) -> None:
    """By what it says of itself; one that says less cannot be read. Who reads it also sends help."""
    monkeypatch.setattr(files, "UNPACKED", 1 << 20)
    sheet, packed = "xl/worksheets/sheet1.xml", io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        book.add_worksheet().write(0, 0, "编号")
    assert list(lines(packed.getvalue())) == [(1, ["编号"])]
    swollen = io.BytesIO()
    with ZipFile(packed) as before, ZipFile(swollen, "w", ZIP_DEFLATED) as after:
        for part in before.infolist():
            content = before.read(part)
            blown = content.replace(b"</worksheet>", b" " * (2 << 20) + b"</worksheet>")
            after.writestr(part.filename, blown if part.filename == sheet else content)
        size = struct.pack("<I", after.getinfo(sheet).file_size)
    raw = swollen.getvalue() if honest else swollen.getvalue().replace(size, struct.pack("<I", 1000))
    assert len(raw) < 64 * 1024
    with pytest.raises(BadFileError, match="too_large" if honest else "no_table"):
        list(lines(raw))


def test_headings_are_found_and_missing_ones_named() -> None:
    """Under a title, with stars, in English; a heading that is nearly right is pointed at."""
    found = table(f"会昌县老人花名册,,\n*编号,姓名（必填）,division,家庭住址,备注\nE1,李建国,{VILLAGE},红旗路1号,x\n")
    assert (found.head, found.unknown, found.faults) == (2, ("备注",), ())
    assert found.rows[0].values["spot"] == (25.6, 115.78999999999999, "division")
    wrong = table(f"编号,姓名,行政区化\nE1,李建国,{VILLAGE}\n")
    assert [(f.code, f.column, f.said) for f in wrong.faults] == [
        ("no_column", "division", "行政区化"), ("no_column", "address", "")
    ]  # fmt: skip
    assert words(ELDERS, wrong.faults[0], "zh").startswith("行政区划“行政区化”缺少这一列")


def test_each_row_gets_its_reason() -> None:
    """And the good ones stay."""
    rows = (
        f"{HEAD},纬度,经度,评估等级,评估日期,联系人1,联系人1电话",
        f"E1,李建国,{VILLAGE},红旗路1号,25.6,115.79,中度失能,2026-03-05,李红,13900000001",
        f"E1,李建国,{VILLAGE},红旗路1号,25.6,115.79,,,,",
        f"E3,王芳,{ENDED},老街1号,25.6,115.79,,,,",
        "E4,王芳,红旗居委会,红旗路1号,25.6,115.79,,,,",
        "E5,王芳,文武坝镇红旗居委会,红旗路1号,115.79,25.6,,,,",
        f"E6,王芳,{VILLAGE},红旗路1号,39.9,116.4,,,,",
        f"E7,,{VILLAGE},红旗路1号,25.6,,,2026-03-05,李红,",
        f"E8,王芳,{VILLAGE},红旗路1号,25.6,115.79,2,2027-03-05,,",
        "E9,王芳,3607,红旗路1号,25.6,115.79,,,,",
        "E10,王芳,110101001001,红旗路1号,25.6,115.79,,,,",
    )
    found = table("\n".join(rows))
    assert [row.values["id"] for row in found.rows] == ["E1"]
    assert sorted((f.line, f.code, f.column) for f in found.faults) == [
        (3, "twice", "id"), (4, "ended_division", "division"), (5, "many_divisions", "division"),
        (6, "swapped", "lat"), (7, "far_away", "lat"), (8, "missing", "name"), (9, "in_the_future", "assessed_on"),
        (10, "outside", "division"), (11, "unknown_division", "division"),
    ]  # fmt: skip
    ended = next(f for f in found.faults if f.code == "ended_division")
    assert words(ELDERS, ended, "zh") == f"第 4 行 行政区划“{ENDED}”已于 2025-01-01 撤销，现为 {VILLAGE} 红旗居委会"
    assert words(ELDERS, ended, "en").endswith(f"ended on 2025-01-01; it is now {VILLAGE} 红旗居委会")


def test_cells_that_do_not_go_together() -> None:
    """Half a place, a contact without a number, a level that ends before it begins."""
    head = f"{HEAD},纬度,评估等级,评估日期,评估有效期,联系人1"
    row = f"E1,李建国,{VILLAGE},红旗路1号,25.6,2,2026-03-05,2026-03-01,李红"
    assert faults(f"{head}\n{row}\n") == [
        (2, "missing", "lon"), (2, "missing", "contact1_phone"), (2, "ends_before", "assessed_until")
    ]  # fmt: skip


def test_every_heading_means_one_column() -> None:
    """In each sheet."""
    for sheet in SHEETS.values():
        headings = [cells.plain(heading).lower() for column in sheet.columns for heading in column.headings]
        assert len(headings) == len(set(headings)), sheet.name


@given(st.binary(min_size=8, max_size=8))
def test_a_code_survives_being_read_out(entropy: bytes) -> None:
    """Typed in small letters, in groups, with O for 0 and L for 1."""
    code = codes.spelt(entropy)
    typed = "-".join((code[:4], code[4:8], code[8:])).lower().replace("0", "o").replace("1", "l")
    assert meant(typed) == code
    assert len(code) == codes.SIGNS


def test_an_excel_day_is_a_day() -> None:
    """The one every spreadsheet agrees on."""
    assert cells.day("45000") == date(2023, 3, 15)
    assert date(2023, 3, 15) - EXCEL_DAY_0 == timedelta(days=45000)
