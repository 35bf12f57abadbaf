"""A county's own tables: looked at, refused row by row, taken in whole, taken in again without a trace."""

from datetime import date
from pathlib import Path

from tests.conftest import TestDatabase
from tests.integration.county_files import VILLAGES, counted, package, rows, workbook, yinling

COUNTY = "360733"
AREA = ("--area", COUNTY)
HEAD = (
    "编号", "姓名", "性别", "出生日期", "行政区划", "住址", "纬度", "经度", "门禁密码", "独居", "评估等级", "评估日期",
    "联系人1", "联系人1关系", "联系人1电话", "联系人1钥匙",
)  # fmt: skip
LI = (
    "E1", "李建国", "男", date(1941, 3, 5), "红旗居委会", "红旗路3栋101", 25.6, 115.79, "2580#", "是", "中度失能",
    date(2026, 3, 5), "李红", "女儿", "13900000001", "是",
)  # fmt: skip
ZHANG = (
    "E2", "张秀英", "女", 1943, 360733100001, "红旗路3栋101", 25.6, 115.79, "", "否", "", "", "李红", "女儿",
    13900000001, "有",
)  # fmt: skip


def test_divisions_come_change_and_go(database: TestDatabase, tmp_path: Path) -> None:
    """Only the area's and what is above it; a new name keeps the old; people go where their village went."""
    url, elders = database.url("owner"), tmp_path / "e.xlsx"
    listed = package(tmp_path / "a.tgz")
    assert counted(yinling(url, "divisions", listed, *AREA, "--dry-run", "--json"))["written"] is False
    assert counted(yinling(url, "divisions", listed, *AREA, "--json")) == {
        "written": True, "new": 8, "renamed": 0, "gone": 0
    }  # fmt: skip
    assert counted(yinling(url, "divisions", listed, *AREA, "--json"))["new"] == 0
    assert rows(url, "SELECT code FROM dispatch.division WHERE code LIKE '360734%'") == []
    assert yinling(url, "elders", workbook(elders, [HEAD, LI]), *AREA).exit_code == 0

    fewer = package(tmp_path / "b.tgz", [("360733100002", "新东风居委会"), VILLAGES[2]])
    refused = yinling(url, "divisions", fewer, *AREA)
    assert refused.exit_code == 2
    assert "360733100001: gone, and people live there" in " ".join(refused.output.split())
    went = tmp_path / "went.csv"
    went.write_text("code,into,on\n360733100001,360733100002,2026-01-01\n", "utf-8")
    assert counted(yinling(url, "divisions", fewer, *AREA, "--changes", went, "--json")) == {
        "written": True, "new": 0, "renamed": 1, "gone": 1
    }  # fmt: skip
    for table in ("elder", "home", "contact", "assessment", "elder_code"):
        assert rows(url, f"SELECT DISTINCT division FROM dispatch.{table}") == [("360733100002",)], table
    assert rows(url, "SELECT name FROM dispatch.division_name") == [("东风居委会",)]
    gone = yinling(url, "elders", workbook(elders, [HEAD, (*LI[:4], "360733100001", *LI[5:])]), *AREA)
    assert "已于 2026-01-01 撤销，现为 360733100002 新东风居委会" in "".join(gone.output.split("\n"))


def test_a_list_that_is_wrong_changes_nothing(database: TestDatabase, tmp_path: Path) -> None:
    """And it is said what is wrong."""
    url, own = database.url("owner"), tmp_path / "own.csv"
    for text, said in (
        ("代码,名称\n36,江西省\n", "the columns are code and name"),
        ("code,name\n36,江西省\n3607,赣州市\n360733,会昌县\n36073310,文武坝镇\n", "line 5: code"),
        ("code,name\n36,江西省\n360733,会昌县\n", "3607 above it is not in the list"),
        ("code,name\n11,北京市\n", "no division of 360733 in it"),
    ):
        own.write_text(text, "utf-8")
        result = yinling(url, "divisions", own, *AREA)
        assert (result.exit_code, said in " ".join(result.output.split())) == (2, True), result.output
    assert rows(url, "SELECT count(*) FROM dispatch.division") == [(0,)]


def test_elders_come_whole_and_coming_again_changes_nothing(database: TestDatabase, tmp_path: Path) -> None:
    """A couple in one home, from a workbook with dates and numbers; then corrections, and what an empty cell means."""
    url, book = database.url("owner"), tmp_path / "e.xlsx"
    yinling(url, "divisions", package(tmp_path / "a.tgz"), *AREA)
    looked = counted(yinling(url, "elders", workbook(book, [HEAD, LI, ZHANG]), *AREA, "--dry-run", "--json"))
    assert (looked["written"], looked["added"], looked["faults"]) == (False, 2, [])
    assert rows(url, "SELECT count(*) FROM dispatch.elder") == [(0,)]
    taken = counted(yinling(url, "elders", book, *AREA, "--json"))
    assert (taken["added"], taken["changed"], taken["same"], taken["refused"]) == (2, 0, 0, 0)
    found = rows(
        url, """SELECT e.name, e.sex, e.born, e.division, e.lives_alone, e.assessment, e.assessed_until,
                       h.door_code, c.name, c.phone, c.has_key, length(k.code)
                FROM dispatch.elder e JOIN dispatch.home h ON h.id = e.home_id
                JOIN dispatch.contact c ON c.elder_id = e.id JOIN dispatch.elder_code k ON k.elder_id = e.id
                ORDER BY e.id""",
    )  # fmt: skip
    assert found == [
        ("李建国", "m", 1941, VILLAGES[0][0], True, 2, date(2028, 3, 4), "2580#", "李红", "13900000001", True, 12),
        ("张秀英", "f", 1943, VILLAGES[0][0], False, None, None, "2580#", "李红", "13900000001", True, 12),
    ]
    assert rows(url, "SELECT count(*) FROM dispatch.home") == [(1,)]

    again = counted(yinling(url, "elders", book, *AREA, "--json"))
    assert (again["added"], again["changed"], again["same"]) == (0, 0, 2)
    corrected = (*LI[:8], "-", "", *LI[10:14], "13900000002", "")
    some = counted(yinling(url, "elders", workbook(book, [HEAD, corrected]), *AREA, "--json"))
    assert (some["changed"], some["same"]) == (1, 0)
    assert rows(
        url, """SELECT e.lives_alone, h.door_code, c.phone, c.has_key, c.confirmed_at FROM dispatch.elder e
                JOIN dispatch.home h ON h.id = e.home_id JOIN dispatch.contact c ON c.elder_id = e.id
                WHERE e.id = 'E1'""",
    ) == [(True, None, "13900000002", True, None)]  # fmt: skip
    assert rows(url, "SELECT count(*) FROM dispatch.elder_code") == [(2,)]
    assert rows(url, "SELECT body - 'import' FROM log.event WHERE tag = 'registry.imported' ORDER BY position")[-1] == (
        '{"same": 0, "added": 0, "sheet": "elders", "changed": 1, "refused": 0}',
    )
    names = ("李建国", "红旗路", "13900000001", "李红")
    logged = str(rows(url, "SELECT body FROM log.event"))
    assert not [name for name in names if name in logged]


def test_bad_rows_are_kept_out_and_told(database: TestDatabase, tmp_path: Path) -> None:
    """Nothing goes in unless the good rows are asked for; the bad ones come back with their reasons, to be mended."""
    url, table, back = database.url("owner"), tmp_path / "e.csv", tmp_path / "back.csv"
    yinling(url, "divisions", package(tmp_path / "a.tgz"), *AREA)
    lines = [
        "会昌县老人花名册,,,,,",
        "编号,姓名,行政区划,住址,出生日期,纬度,经度",
        "E1,李建国,红旗居委会,红旗路1号,1941/3/5,25.6,115.79",
        "E2,王芳,红旗居委会,红旗路2号,15040,25.6,115.79",
        "E3,张三,没有居委会,红旗路3号,昨天,25.6,115.79",
        "E2,王五,红旗居委会,红旗路4号,1950,25.6,115.79",
        "E5,赵六,城北居委会,红旗路5号,1950,25.6,115.79",
    ]
    encodings = ("utf-8", "gb18030")
    table.write_bytes(b"".join(f"{line}\r\n".encode(encodings[n % 2]) for n, line in enumerate(lines)))
    whole = yinling(url, "elders", table, *AREA, "--json")
    assert (whole.exit_code, counted(whole)["written"], counted(whole)["refused"]) == (1, False, 3)
    assert rows(url, "SELECT count(*) FROM dispatch.elder") == [(0,)]

    good = yinling(url, "elders", table, *AREA, "--good-rows", "--errors", back, "--json")
    assert (good.exit_code, counted(good)["added"], counted(good)["refused"]) == (0, 2, 3)
    assert rows(url, "SELECT id, born FROM dispatch.elder ORDER BY id") == [("E1", 1941), ("E2", 1941)]
    told = back.read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in told] == ["编号", "E3", "E2", "E5"]
    assert told[0].endswith("原因")
    assert told[1].endswith("出生日期“昨天”不是日期；可写 2026-03-05") or "不是日期" in told[1]
    assert "与第 4 行重复" in told[2]
    assert "没有这个区划" in told[3]
    mended = back.read_text("utf-8-sig").replace("没有居委会", "东风居委会").replace("昨天", "1939")
    table.write_text("\n".join(mended.splitlines()[:2]) + "\n", "utf-8")
    assert counted(yinling(url, "elders", table, *AREA, "--json"))["added"] == 1
    assert oct(back.stat().st_mode & 0o777) == "0o600"


def test_people_who_go_and_whom_they_belong_to(database: TestDatabase, tmp_path: Path) -> None:
    """Organisations first; a station serves more than one village; nobody is taken over from another county."""
    url, table = database.url("owner"), tmp_path / "t.csv"
    yinling(url, "divisions", package(tmp_path / "a.tgz"), "--area", "36")
    table.write_text(
        "编号,姓名,类别,行政区划,纬度,经度,电话,所属机构,技能,服务片区,出行方式\n"
        "R1,王护士,护士,文武坝镇,25.6,115.79,139-0000-0003,P1,助浴、护理,红旗居委会、东风居委会,电动车\n",
        "utf-8",
    )
    assert "没有这家机构" in yinling(url, "responders", table, *AREA).output
    providers = tmp_path / "p.csv"
    providers.write_text("编号,名称,行政区划,纬度,经度,电话\nP1,会昌康养,文武坝镇,25.6,115.79,07975621234\n", "utf-8")
    assert counted(yinling(url, "providers", providers, *AREA, "--json"))["added"] == 1
    for changed in (1, 0):
        taken = counted(yinling(url, "responders", table, *AREA, "--json"))
        assert (taken["added"], taken["same"]) == (changed, 1 - changed)
    assert rows(
        url, "SELECT kind, phone, provider_id, speed_mps, catchment, base_cell > 0 FROM dispatch.responder"
    ) == [("nurse", "13900000003", "P1", 5.0, ["360733100001", "360733100002"], True)]
    assert rows(url, "SELECT skill FROM dispatch.skill ORDER BY skill") == [("bath",), ("nursing",)]
    table.write_text(
        table.read_text("utf-8").replace("文武坝镇", "长宁镇").replace("红旗居委会、东风居委会", ""), "utf-8"
    )
    assert "已属于其他区划" in yinling(url, "responders", table, "--area", "360734").output

    contacts = tmp_path / "c.csv"
    contacts.write_text("老人编号,顺序,姓名,关系,电话\nE9,4,李强,儿子,13900000009\n", "utf-8")
    assert "没有这位老人" in yinling(url, "contacts", contacts, *AREA).output
