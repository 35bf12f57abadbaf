"""What is handed in after a visit: kept once, told to the log by its hash, seen by whom it concerns."""

import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from shared.contracts.evidence import EvidenceList, MyJobs, MyVisits
from shared.runtime.settings import Settings
from tests.conftest import TestDatabase
from tests.integration.gateway_world import START, STREET, World, world
from tests.integration.order_desk import OrderDesk, furnished
from tests.integration.test_gateway_orders import NAMES, ORDER, PRICE

DONE = {"status": 200, "body": {}}


def segment(kind: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, kind)) + (len(content) + 2).to_bytes(2) + content


def jpeg(scan: bytes = b"\x00" * 20, gps: bytes = b"") -> bytes:
    """The bones of a photo, with what a camera writes beside it."""
    beside = segment(0xE1, b"Exif\x00\x00" + gps) if gps else b""
    return b"\xff\xd8" + segment(0xE0, b"JFIF\x00") + beside + segment(0xC0, b"frame") + segment(0xDA, b"s") + scan + (
        b"\xff\xd9"
    )  # fmt: skip


def png() -> bytes:
    """One pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"tEXt", b"where") + chunk(b"IDAT", zlib.compress(b"\0\0")) + (
        chunk(b"IEND", b"")
    )  # fmt: skip


WEBM = b"\x1a\x45\xdf\xa3" + b"\x00" * 60


@asynccontextmanager
async def visited(settings: Settings) -> AsyncIterator[tuple[World, UUID, str]]:
    """R1 goes to E1."""
    async with world(settings) as it:
        wang = await it.log_in("wang")
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.accept("I-1", "R1", offer)
        yield it, it.city.jobs["I-1"], wang


async def put(it: World, path: str, token: str, content: bytes, **params: Any) -> httpx.Response:
    """Hand something in."""
    headers = {"Authorization": f"Bearer {token}"}
    return await it.http.put(f"/api/v1{path}", content=content, params=params, headers=headers)


async def test_it_is_kept_once_and_its_hash_goes_into_the_log(settings: Settings) -> None:
    """Sent again: the same answer, and dispatch is not told twice. Other content under the same id is refused."""
    async with visited(settings) as (it, job, wang):
        path = f"/jobs/{job}/evidence/{uuid4()}"
        it.answers.append(DONE)
        first = await put(it, path, wang, jpeg(), kind="photo", taken_at="2026-11-22T01:59:00Z")
        again = await put(it, path, wang, jpeg(), kind="photo", taken_at="2026-11-22T01:59:00Z")
        assert (first.status_code, again.json()) == (200, first.json())
        [command] = it.commands
        told = {name: first.json()[name] for name in ("sha256", "size", "media")}
        assert (command.name, command.target) == ("hand_in", "I-1")
        assert command.args == {"evidence": first.json()["id"], "what": "photo", **told}
        other = await put(it, path, wang, jpeg(b"\x01"), kind="photo")
        assert (other.status_code, other.json()["code"]) == (409, "other_content")


async def test_while_dispatch_is_away_it_is_kept_and_told_later(settings: Settings) -> None:
    """The phone is told to send it again; it is there once, and told once."""
    async with visited(settings) as (it, job, wang):
        path = f"/jobs/{job}/evidence/{uuid4()}"
        it.answers.append({"status": 409, "body": {"code": "busy", "params": {}}})
        assert (await put(it, path, wang, jpeg(), kind="photo")).json()["code"] == "busy"
        it.answers.append(DONE)
        assert (await put(it, path, wang, jpeg(), kind="photo")).status_code == 200
        assert [c.key for c in it.commands] == [f"evidence-{path[-36:]}"] * 2
        assert len((await it.get(f"/jobs/{job}/evidence", wang)).json()["items"]) == 1


async def test_a_photo_loses_where_it_was_taken(settings: Settings) -> None:
    """Whatever the phone sends, what the camera wrote beside the picture is not kept; nor is what follows it."""
    async with visited(settings) as (it, job, wang):
        desk = await it.log_in("desk")
        it.answers += [DONE, DONE]
        for kind, sent, kept in (
            ("photo", jpeg(gps=b"GPS 25.6 115.8") + b"another picture", jpeg()),
            ("signature", png(), png().replace(png()[33:50], b"")),
        ):
            name = (await put(it, f"/jobs/{job}/evidence/{uuid4()}", wang, sent, kind=kind)).json()["id"]
            answer = await it.get(f"/evidence/{name}", desk)
            assert answer.content == kept
            assert b"where" not in answer.content
            headers = answer.headers
            assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
            assert headers["content-disposition"].startswith("attachment; filename=")
            assert "sandbox" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("kind", "content", "status", "code"),
    [
        ("photo", b"", 422, "empty_content"),
        ("photo", jpeg(b"\x00" * 410_000), 413, "too_large"),
        ("photo", jpeg(b"\x00" * 600_000), 413, "too_large"),
        ("photo", b"<script>alert(1)</script>", 415, "unsupported_form"),
        ("photo", png(), 415, "unsupported_form"),
        ("photo", jpeg()[:-1], 422, "broken_content"),
        ("photo", b"\xff\xd8\xff", 422, "broken_content"),
        ("signature", png()[:-20], 422, "broken_content"),
        ("voice", jpeg(), 415, "unsupported_form"),
        ("report", b"{", 422, "invalid_field"),
        ("report", b'{"unsigned": "tired"}', 422, "invalid_field"),
        ("person", jpeg(), 422, "invalid_field"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named(settings: Settings, kind: str, content: bytes, status: int, code: str) -> None:
    """Empty, too large, of another form, broken: nothing is kept and dispatch hears nothing."""
    async with visited(settings) as (it, job, wang):
        answer = await put(it, f"/jobs/{job}/evidence/{uuid4()}", wang, content, kind=kind)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await it.get(f"/jobs/{job}/evidence", wang)).json()["items"] == []
        assert it.commands == []


async def test_a_seventh_photo_is_one_too_many(settings: Settings) -> None:
    """Six, of one person for one visit."""
    async with visited(settings) as (it, job, wang):
        it.answers += [DONE] * 6
        for n in range(6):
            assert (
                await put(it, f"/jobs/{job}/evidence/{uuid4()}", wang, jpeg(bytes([n])), kind="photo")
            ).status_code == 200
        more = await put(it, f"/jobs/{job}/evidence/{uuid4()}", wang, jpeg(b"\x09"), kind="photo")
        assert (more.status_code, more.json()["code"]) == (409, "enough_evidence")
        assert more.json()["params"] == {"kind": "photo", "most": 6}


async def test_the_desk_in_scope_sees_it_and_nobody_else(settings: Settings) -> None:
    """Another helper, another county, the one who took it: no content. The desk: all, with who and both times."""
    async with visited(settings) as (it, job, wang):
        desk, li, far = [await it.log_in(name) for name in ("desk", "li", "elsewhere")]
        it.answers += [DONE, DONE]
        path = f"/jobs/{job}/evidence/{uuid4()}"
        name = (await put(it, path, wang, WEBM, kind="voice", taken_at="2026-11-22T01:50:00+08:00")).json()["id"]
        it.clock.advance(1)
        report = b'{"fell": true, "unsigned": "cannot_write", "missing": ["photo"], "name": "left out"}'
        await put(it, f"/jobs/{job}/evidence/{uuid4()}", wang, report, kind="report")
        found = EvidenceList.model_validate((await it.get("/incidents/I-1/evidence", desk)).json())
        voice, written = found.items
        assert (voice.media, voice.by, voice.size) == ("audio/webm", "wang", 64)
        assert (voice.at, voice.taken_at) == (START, START - timedelta(hours=8, minutes=10))
        assert written.report is not None
        assert (written.report.fell, written.report.injured, written.report.missing) == (True, False, ("photo",))
        assert (await it.get(f"/evidence/{name}", desk)).content == WEBM
        for token in (wang, li, far):
            assert (await it.get(f"/evidence/{name}", token)).status_code == 404
        assert (await it.get("/incidents/I-1/evidence", far)).status_code == 404
        assert (await it.get("/incidents/I-1/evidence", wang)).status_code == 403
        assert (await it.get(f"/jobs/{job}/evidence", li)).status_code == 404
        stranger = await put(it, f"/jobs/{job}/evidence/{uuid4()}", li, jpeg(), kind="photo")
        assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")


async def test_who_searches_sees_who_is_missing(settings: Settings) -> None:
    """The desk puts her picture there; it is for those under way, not for those who are only asked."""
    async with visited(settings) as (it, job, wang):
        desk, li, far = [await it.log_in(name) for name in ("desk", "li", "elsewhere")]
        it.answers.append(DONE)
        answer = await put(it, f"/incidents/I-1/evidence/{uuid4()}", desk, jpeg())
        name = answer.json()["id"]
        assert [one["kind"] for one in (await it.get(f"/jobs/{job}/evidence", wang)).json()["items"]] == ["person"]
        assert (await it.get(f"/evidence/{name}", wang)).content == jpeg()
        assert (await it.get(f"/evidence/{name}", li)).status_code == 404
        for token, status in ((far, 404), (wang, 403)):
            assert (await put(it, f"/incidents/I-1/evidence/{uuid4()}", token, jpeg())).status_code == status


async def test_after_three_days_it_is_too_late(settings: Settings) -> None:
    """A phone that was away may send it after the end, but not for ever."""
    async with visited(settings) as (it, job, wang):
        await it.city.write(sql=(("UPDATE dispatch.assignment SET ended_at = $1, state = 'completed'", START),))
        it.answers.append(DONE)
        assert (await put(it, f"/jobs/{job}/evidence/{uuid4()}", wang, jpeg(), kind="photo")).status_code == 200
        it.clock.advance(3 * 86_400 + 1)
        late = await put(it, f"/jobs/{job}/evidence/{uuid4()}", await it.log_in("wang"), jpeg(b"\x02"), kind="photo")
        assert (late.status_code, late.json()["code"]) == (409, "too_late")


async def test_what_was_handed_in_stays_as_it_is(settings: Settings) -> None:
    """Not even the gateway can change or remove it."""
    async with visited(settings) as (it, job, wang):
        it.answers.append(DONE)
        await put(it, f"/jobs/{job}/evidence/{uuid4()}", wang, jpeg(), kind="photo")
        gateway = await asyncpg.connect(settings.gateway_database)
        for statement in ("UPDATE gateway.evidence SET content = '\\x00'", "DELETE FROM gateway.evidence"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await gateway.execute(statement)
        with pytest.raises(asyncpg.PostgresError, match="no scope"):
            await gateway.fetch("SELECT content FROM gateway.evidence")
        await gateway.close()


async def test_a_service_says_what_is_handed_in(settings: Settings) -> None:
    """The one who goes and the desk are told the same; an emergency wants nothing by itself."""
    async with visited(settings) as (it, job, wang):
        desk = await it.log_in("desk")
        assert (await it.get(f"/jobs/{job}", wang)).json()["hand_in"] == []
        db = await asyncpg.connect(settings.owner_database)
        price = await db.fetchval(PRICE, START)
        await db.execute(ORDER, NAMES[0], STREET, "dispatched", START, ["R1"], price, None, START)
        await db.execute("UPDATE dispatch.incident SET family = 'order', order_id = $1", NAMES[0])
        await db.execute(
            "INSERT INTO dispatch.service SELECT code, $1, name, name_en, minutes, hands, skills, evidence_arrive,"
            " evidence_leave, welfare, offered, '{photo,note}' FROM dispatch.service WHERE code = 'meal'", STREET,
        )  # fmt: skip
        await db.close()
        assert (await it.get(f"/jobs/{job}", wang)).json()["hand_in"] == ["photo", "note"]
        assert (await it.get("/incidents/I-1/evidence", desk)).json()["wanted"] == ["photo", "note"]


async def test_own_days_with_own_figures(settings: Settings) -> None:
    """Thirty days, drills beside the figures, never an average alone; each sees only what is her own."""
    async with visited(settings) as (it, _, wang):
        li, desk = await it.log_in("li"), await it.log_in("desk")
        times = "UPDATE dispatch.assignment SET accepted_at = $1, arrived_at = $2 WHERE incident_id = $3"
        at = [START + timedelta(seconds=s) for s in (40, 340)]
        await it.city.write(sql=((times, *at, "I-1"),))
        await it.city.open("I-2", elder=None)
        offer, _ = await it.city.offer("I-2", "R1")
        await it.city.accept("I-2", "R1", offer)
        await it.city.write(sql=(("UPDATE dispatch.incident SET drill = true WHERE id = $1", "I-2"),))
        found = MyJobs.model_validate((await it.get("/me/jobs", wang, days=30)).json())
        assert [(one.incident, one.drill, one.name_masked) for one in found.items] == [
            ("I-1", False, "李*国"), ("I-2", True, ""),
        ]  # fmt: skip
        assert (found.wait.n, found.wait.median_s, found.wait.p90_s) == (1, 40, 40)
        assert (found.way.n, found.way.median_s) == (1, 300)
        assert found.items[0].place.endswith("2单元")
        assert MyJobs.model_validate((await it.get("/me/jobs", li, days=30)).json()).items == ()
        it.clock.advance(86_400)
        later = await it.log_in("wang")
        assert (await it.get("/me/jobs", later)).json()["items"] == []
        assert (await it.get("/me/jobs", later, days=31)).json()["field"] == "days"
        desk = await it.log_in("desk")
        assert (await it.get("/me/jobs", desk)).json()["code"] == "not_a_responder"


async def test_visits_of_a_day_in_their_order(settings: Settings) -> None:
    """In the order in which they are made, with the way from each to the next."""
    async with world(settings) as it:
        wang, li = await it.log_in("wang"), await it.log_in("li")
        db = await asyncpg.connect(settings.owner_database)
        price = await db.fetchval(PRICE, START)
        for n, hours in enumerate((3, 1, 30)):
            at = START + timedelta(hours=hours)
            await db.execute(ORDER, NAMES[n], STREET, "scheduled", at, ["R1"], price, None, at)
        await db.execute("UPDATE dispatch.service_order SET lat = 25.6 + minutes / 10000.0, lon = 115.79")
        await db.close()
        found = MyVisits.model_validate((await it.get("/me/visits", wang)).json())
        assert [one.order for one in found.items] == [NAMES[1], NAMES[0]]
        assert [one.leg_m for one in found.items] == [None, 0]
        assert (found.items[0].service_name, found.items[0].name_masked) == ("助餐", "李*国")
        tomorrow = (await it.get("/me/visits", wang, day="2026-11-23")).json()["items"]
        assert [one["order"] for one in tomorrow] == [NAMES[2]]
        assert (await it.get("/me/visits", li)).json()["items"] == []
        assert (await it.get("/me/visits", wang, day="9999-12-31")).json()["items"] == []


@pytest.fixture
async def dispatch(database: TestDatabase) -> AsyncIterator[OrderDesk]:
    """Dispatch with one elder and a catalogue."""
    async with furnished(database) as it:
        yield it


async def test_the_log_keeps_hashes_and_nothing_of_what_they_show(dispatch: OrderDesk) -> None:
    """One who went hands in, before the end and after; a stranger may not."""
    await dispatch.staff("R-1", "R-2")
    await dispatch.press()
    [incident] = [row["id"] for row in await dispatch.rows("SELECT id FROM dispatch.incident")]
    told: dict[str, Any] = {
        "evidence": str(uuid4()),
        "what": "photo",
        "media": "image/jpeg",
        "size": 7,
        "sha256": "ab" * 32,
    }
    offer = next(name for name, who in await dispatch.offers() if who == "R-1")
    await dispatch.ok("accept_offer", str(offer), "R-1")
    job = str(await dispatch.one("SELECT id FROM dispatch.job"))
    for step in ("depart", "arrive", "start", "complete"):
        await dispatch.ok(step, job, "R-1")
    await dispatch.ok("hand_in", incident, "R-1", **told, name="李建国", note="")
    assert (await dispatch.refused("hand_in", incident, "R-2", **told))[0] == "not_assigned"
    await dispatch.ok("hand_in", incident, **told)
    facts = await dispatch.rows("SELECT body FROM log.event WHERE tag = 'incident.handed_in' ORDER BY position")
    assert [row["body"] for row in facts] == [
        {"incident": incident, **told, "responder": who} for who in ("R-1", None)
    ]  # fmt: skip


async def test_a_service_names_what_is_handed_in(dispatch: OrderDesk) -> None:
    """A division's own line says what it wants; what nobody can hand in is refused by its name."""
    line: dict[str, Any] = {
        "division": "360733", "name": "助餐", "name_en": "", "minutes": 10, "hands": 1, "skills": [],
        "evidence_arrive": [], "evidence_leave": [], "welfare": True, "offered": True,
    }  # fmt: skip
    assert await dispatch.refused("set_service", "meal", **line, hand_in=["video"]) == ("invalid_field", "hand_in")
    await dispatch.ok("set_service", "meal", **line, hand_in=["photo", "signature"])
    found = await dispatch.one("SELECT hand_in FROM dispatch.service WHERE code = 'meal' AND division = '360733'")
    assert found == ["photo", "signature"]
