"""What leaves the house: files, wallboards without a login, the page for everybody."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.gateway.domain.case_words import Lang
from services.gateway.domain.legends import LEGENDS, legend
from services.gateway.domain.sheets import HEADS, Sheet, safe
from services.gateway.flow.orders import CHINA
from services.gateway.flow.sheets import written
from shared.contracts import supervision as contract
from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, STREET, World, world
from tests.integration.test_supervision import sql

MARKS = {"zh": ("期间", "截至", "导出人"), "en": ("Period", "As of", "By")}
FORMULA = '=HYPERLINK("http://evil","x")'


def table(content: bytes) -> list[list[str]]:
    """Lines of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@given(st.text(max_size=20), st.sampled_from(["", "=", "+", "-", "@", "\t=", " =", "\u3000@", "'="]))
def test_no_text_becomes_a_formula(text: str, begin: str) -> None:
    """Whatever somebody is called: what a cell shows begins like no formula, and nothing is lost of it."""
    cell = safe(begin + text, CHINA)
    assert isinstance(cell, str)
    assert cell.endswith(begin + text)
    if (begin + text).lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        assert cell == f"'{begin}{text}"
    assert safe(5, CHINA) == 5
    assert safe(-5.5, CHINA) == -5.5


def test_a_spreadsheet_reads_back_what_was_written(tmp_path: Path) -> None:
    """Text stays text, numbers numbers, no cell is a formula, and the meanings are on their own page."""
    sheet = Sheet("指标", ("名称", "数"), [(FORMULA, 3), ("网址 http://a.b", None), ("007", 0.5)], ("口径一", "+1"))
    (tmp_path / "a.xlsx").write_bytes(written(sheet, "xlsx"))
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.get_sheet_by_index(0).to_python() == [
        ["名称", "数"], [FORMULA, 3.0], ["网址 http://a.b", ""], ["007", 0.5],
    ]  # fmt: skip
    assert book.get_sheet_by_index(1).to_python() == [["指标"], ["口径一"], ["+1"]]
    lines = table(written(sheet, "csv"))
    assert lines[1] == [f"'{FORMULA}", "3"]
    assert lines[-1] == ["'+1"]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_report_can_be_taken_away_and_the_log_tells_who(settings: Settings, lang: Lang) -> None:
    """Each as CSV, as wide as its head and with its meanings, one as XLSX; one's own division; nobody's whole name."""
    async with world(settings) as it:
        await it.city.open("I-1")
        await sql(it, "INSERT INTO dispatch.provider (id, division, name, lat, lon) VALUES ('V', $1, $2, 0, 0)",
                  STREET, FORMULA)  # fmt: skip
        it.clock.advance(120)
        desk = await it.log_in("desk")
        for what, head in HEADS[lang].items():
            answer = await it.get(f"/supervision/export/{what}", desk, format="csv", lang=lang, indicator="contacts")
            assert answer.status_code == 200, answer.text
            lines = table(answer.content)
            assert lines[0] == list(head)
            rows = lines[1 : lines.index([])]
            assert {len(row) for row in rows} <= {len(head)}
            _, *notes = [line[0] for line in lines[lines.index([]) + 1 :]]
            meanings, marks = notes[:-3], notes[-3:]
            assert meanings, what
            if what in LEGENDS:
                assert meanings == legend(what, lang, "contacts")
            assert all(note.startswith(mark) for note, mark in zip(marks, MARKS[lang], strict=True))
            assert "李建国" not in answer.content.decode()
            if what in ("indicators", "providers", "fleet", "breaches", "protection", "cases"):
                assert rows, what
            if what == "providers":
                assert rows[0][1] == f"'{FORMULA}"
        whole = await it.get("/supervision/export/indicators", desk)
        assert whole.headers["content-disposition"].endswith('.xlsx"')
        assert whole.content.startswith(b"PK")
        assert (await it.get("/supervision/export/fleet", desk, division=OTHER_COUNTY)).status_code == 404
        assert (await it.get("/supervision/export/fleet", await it.log_in("wang"))).status_code == 403
        logged = await it.city.logged("report.exported")
        assert [one["what"] for one in logged] == [*HEADS[lang], "indicators"]
        assert {one["of"] for one in logged} == {COUNTY}


async def shown(it: World, token: str) -> Any:
    """What a wallboard is answered."""
    return await it.http.get("/api/v1/wall", headers={"Authorization": f"Bearer {token}"})


async def test_a_wallboard_shows_one_division_without_names_until_it_is_taken_back(settings: Settings) -> None:
    """Made by a supervisor, hashed, told once; opens nothing else; ends by time, by hand and with its maker."""
    async with world(settings) as it:
        await it.city.open("I-1")
        city, desk = await it.log_in("city"), await it.log_in("desk")
        assert (await it.post("/wallboard/tickets", desk, {"label": "大厅"})).status_code == 403
        assert (await it.post("/wallboard/tickets", city, {"label": "大厅", "division": "44"})).status_code == 404
        made = contract.TicketMade.model_validate(
            (await it.post("/wallboard/tickets", city, {"label": "大厅", "division": COUNTY, "days": 2})).json()
        )
        assert (made.division, made.name, made.link) == (COUNTY, "会昌县", f"/wall.html#{made.token}")
        answer = await shown(it, made.token)
        wall = contract.Wall.model_validate(answer.json())
        assert (wall.label, wall.overview.division, wall.overview.open[0].open) == ("大厅", COUNTY, 1)
        assert (wall.overview.above, "I-1" in answer.text, "李" in answer.text) == ((), False, False)
        kept = await it.city.database.pool.fetch("SELECT has_table_privilege('gateway.wall_ticket', 'SELECT') AS can")
        assert not kept[0]["can"]
        assert made.token not in str(await it.city.logged("wall.opened"))
        for path in ("/supervision/overview", "/wallboard/tickets", "/incidents"):
            assert (await it.get(path, made.token)).status_code == 401
        for token in ("x", "x" * 129, city):
            assert (await shown(it, token)).status_code == 401
        listed = (await it.get("/wallboard/tickets", city)).json()["items"]
        assert [(one["label"], "token" in one) for one in listed] == [("大厅", False)]
        second = (await it.post("/wallboard/tickets", city, {"label": "二号"})).json()
        gone = await it.http.delete(
            f"/api/v1/wallboard/tickets/{made.ticket}", headers={"Authorization": f"Bearer {city}"}
        )
        assert gone.status_code == 204
        assert (await shown(it, made.token)).status_code == 401
        assert (await shown(it, second["token"])).status_code == 200
        it.clock.advance(timedelta(days=91).total_seconds())
        assert (await shown(it, second["token"])).status_code == 401


async def test_everybody_may_know_whether_calls_go_through(settings: Settings) -> None:
    """Nothing known without probes; minutes with a round that came back; a gap shows, and so does one too late."""
    async with world(settings) as it:
        empty = (await it.http.get("/api/v1/status/public")).json()
        assert (empty["ok"], empty["days"], empty["share_30d"]) == (None, [], None)
        for n in range(9):
            if n != 4:
                await it.city.open(f"C-{n}", home=None, elder=None, canary=True)
                offer, _ = await it.city.offer(f"C-{n}", "R1")
                it.clock.advance(0.4 if n != 6 else 11)
                await it.city.accept(f"C-{n}", "R1", offer)
                await sql(it, "UPDATE dispatch.assignment SET state = 'completed'")
            it.clock.advance({4: 60, 6: 49}.get(n, 59.6))
            if n == 3:
                assert (await it.http.get("/api/v1/status/public")).json()["ok"] is True
        found = contract.PublicStatus.model_validate((await it.http.get("/api/v1/status/public")).json())
        [today] = found.days
        assert (today.minutes, today.through) == (9, 7)
        assert (found.ok, found.p50_ms, found.share_30d) == (True, 400, round(7 / 9, 5))
        page = await it.http.get("/public-status")
        assert (page.headers["content-type"], "求助畅通" in page.text) == ("text/html; charset=utf-8", True)
        assert "2026-11-22</th><td>77.78 %" in page.text
        assert COUNTY not in page.text
        it.clock.advance(180)
        assert (await it.http.get("/api/v1/status/public")).json()["ok"] is False
