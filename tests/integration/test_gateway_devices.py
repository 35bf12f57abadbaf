"""The device desk: who sees which device, in how few queries, and who may do what."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.gateway.store import devices as store
from shared.contracts import device_desk, http
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from shared.vocabulary.divisions import Division
from tests.integration.device_stock import ACTS, READS, ids, registry, stock
from tests.integration.gateway_world import START, STREET, owner, world

RAW = """
INSERT INTO devices.raw_event (device_id, boot, seq, id, eid, topic, payload, flags, received_at)
VALUES ($1, 1, $2, $3, $4, 'yl/v1/360733/B-1/up/alarm', $5, '{}', $6)
"""


async def test_the_list_tells_how_each_device_is(settings: Settings) -> None:
    """Where it is, whose, battery, last press, what is wrong, and until when presses are tests."""
    async with world(settings) as it:
        await stock(settings)
        page = http.Page[device_desk.DeviceLine].model_validate(
            (await it.get("/devices", await it.log_in("desk"))).json()
        )
        assert [line.id for line in page.items] == ["B-1", "B-2", "B-3", "W-1"]
        first = page.items[0]
        assert (first.elder_name_masked, first.place, first.batt) == (
            "李*国",
            "会昌县文武坝镇红旗路5号3栋2单元602室",
            12,
        )
        assert (first.online, first.faults, first.unconfirmed) == (True, ("low_batt",), True)
        assert first.test_until == START + timedelta(minutes=9)
        second = page.items[1]
        assert (second.online, second.faults, second.unconfirmed, second.test_until) == (None, (), False, None)


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ("offline", ["W-1"]),
        ("low_batt", ["B-1"]),
        ("untested", ["B-1", "W-1"]),
        ("unconfirmed", ["B-1"]),
        ("unplaced", ["B-2", "W-1"]),
        ("revoked", ["B-3"]),
    ],
)
async def test_a_list_of_what_wants_looking_after(settings: Settings, narrowed: str, expected: list[str]) -> None:
    """Each filter shows exactly those; a canary is in none."""
    async with world(settings) as it:
        await stock(settings)
        assert await ids(it, await it.log_in("desk"), filter=narrowed) == expected


async def test_search_is_by_the_beginning_and_pages_go_on(settings: Settings) -> None:
    """Id, model, the elder's name or telephone; a cursor continues without a hole or a repetition."""
    async with world(settings) as it:
        await stock(settings)
        desk = await it.log_in("desk")
        for q, found in (
            ("B-", ["B-1", "B-2", "B-3"]), ("W", ["W-1"]), ("SOS", ["B-1", "B-2", "B-3", "W-1"]),
            ("李建", ["B-1", "B-3"]), ("1390", ["B-1", "B-3"]), ("H1", ["B-1", "B-3"]), ("国建", []),
        ):  # fmt: skip
            assert await ids(it, desk, q=q) == found, q
        first = (await it.get("/devices", desk, limit=3)).json()
        assert [line["id"] for line in first["items"]] == ["B-1", "B-2", "B-3"]
        assert await ids(it, desk, limit=3, cursor=first["next"]) == ["W-1"]
        bad = await it.get("/devices", desk, cursor="x")
        assert (bad.status_code, bad.json()["field"]) == (422, "cursor")


async def test_a_page_is_one_query(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many devices it shows, each part by key; that somebody looked is noted beside it."""
    async with world(settings) as it:
        await stock(settings)
        asked: list[str] = []
        before = asyncpg.Connection.fetch

        async def counting(self: Any, query: str, *args: Any, **more: Any) -> Any:
            asked.append(query)
            return await before(self, query, *args, **more)

        desk = await it.log_in("desk")
        monkeypatch.setattr(asyncpg.Connection, "fetch", counting)
        await ids(it, desk)
        assert sum("devices.device" in query and "g.what" not in query for query in asked) == 1


@pytest.mark.parametrize("q", ["", "M-1234"])
async def test_a_page_reads_by_index(settings: Settings, q: str) -> None:
    """Among many devices none is read that need not be, however the list is narrowed."""
    async with registry(settings) as it:
        await it.execute(
            """INSERT INTO devices.device (id, county, division, model, added_at)
               SELECT 'M-' || n, '360733', '360733' || (100 + n % 50), 'm', $1 FROM generate_series(1, 20000) n""",
            START,
        )
        await it.execute("ANALYZE devices.device")
    database = Database(settings.gateway_database, name="test", size=1)
    await database.open()
    search = (q, q + store.LAST, ["x"], ["y"]) if q else ()
    for only, narrowing in store.ONLY.items():
        sql = store.PAGE.format(only=narrowing, found=store.FOUND if q else "true")
        async with database.reading(Division(STREET)) as connection:
            rows = await connection.fetch(f"EXPLAIN {sql}", START, STREET, f"{STREET}:", "", "", 51, *search)
        assert not [row[0] for row in rows if "Seq Scan on device " in row[0]], only
    await database.close()


async def test_one_device_with_its_history(settings: Settings) -> None:
    """Placements, faults, windows and refusals on one page; the view is what the contract says."""
    async with world(settings) as it:
        await stock(settings)
        async with registry(settings) as tables:
            await tables.execute("INSERT INTO devices.denial VALUES ('B-1', 'topic', '360733', 3, $1, $1)", START)
            await tables.execute(
                "INSERT INTO devices.binding (hub_id, address, device_id, adapter, meaning) "
                "VALUES ('B-2', 'zigbee2mqtt/b', 'B-1', 'zigbee2mqtt', '{\"single\": \"sos\"}')"
            )
        view = device_desk.DeviceView.model_validate((await it.get("/devices/B-1", await it.log_in("fitter"))).json())
        assert [(one.elder_name_masked, one.placed_by) for one in view.placements] == [("李*国", "fitter")]
        assert [one.meaning for one in view.bindings] == [{"single": "sos"}]
        assert ([one.kind for one in view.fault_history], [one.presses for one in view.windows]) == (["low_batt"], [1])
        assert [(one.why, one.count) for one in view.denials] == [("topic", 3)]
        assert view.claim_open is None


async def test_raw_history_shows_text_as_text_and_bytes_as_base64(settings: Settings) -> None:
    """Newest first, paged, and byte for byte what came."""
    async with world(settings) as it:
        await stock(settings)
        async with registry(settings) as tables:
            for n, payload in enumerate(('{"kind": "sos", "说": "救命"}'.encode(), b"\xff\x00", b"plain")):
                await tables.execute(RAW, "B-1", n, UUID(int=n + 1), f"e{n}", payload, START + timedelta(seconds=n))
        desk = await it.log_in("desk")
        first = (await it.get("/devices/B-1/raw", desk, limit=2)).json()
        assert [(one["payload"], one["payload_b64"]) for one in first["items"]] == [("plain", None), (None, "/wA=")]
        rest = (await it.get("/devices/B-1/raw", desk, cursor=first["next"])).json()
        assert [one["payload"] for one in rest["items"]] == ['{"kind": "sos", "说": "救命"}']
        assert device_desk.RawLine.model_validate(rest["items"][0]).eid == "e0"


async def test_the_next_streets_devices_do_not_exist(settings: Settings) -> None:
    """An installer of one street sees and touches nothing of the other: 404, and no command leaves the house."""
    async with world(settings) as it, owner(settings, settings.devices_ports[0]) as (commands, _):
        await stock(settings)
        here, there = await it.log_in("fitter"), await it.log_in("fitter2")
        assert await ids(it, here) == ["B-1", "B-2", "B-3"]
        assert await ids(it, there) == ["W-1"]
        assert await ids(it, there, q="B-1") == []
        for path in READS:
            assert (await it.get(path.format("W-1"), here)).status_code == 404
        for path, body in ACTS:
            answer = await it.post(path.format("W-1"), here, body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        elsewhere = await it.log_in("elsewhere")
        assert await ids(it, elsewhere) == []
        assert (await it.post("/devices/B-1/confirm", elsewhere, {"how": "tick"})).status_code == 404
        assert commands == []


async def test_who_may_do_what(settings: Settings) -> None:
    """A responder nothing where she is not sent; a desk no credentials; an installer no incidents and no telephones."""
    async with world(settings) as it, owner(settings, settings.devices_ports[0]) as (commands, _):
        await stock(settings)
        wang, desk, fitter = [await it.log_in(name) for name in ("wang", "desk", "fitter")]
        for path in ("/devices", "/devices/B-1", "/discovered", "/homes", "/outages", "/denials"):
            assert (await it.get(path, wang)).status_code == 403, path
        for path, body in ACTS:
            refused = 404 if path.endswith("/test-window") else 403
            assert (await it.post(path.format("B-1"), wang, body)).status_code == refused, path
        new = {"id": "B-9", "kind": "button", "model": "m", "division": STREET}
        assert (await it.post("/devices", desk, new)).status_code == 403
        for path in ("unclaim", "rekey", "revoke"):
            assert (await it.post(f"/devices/B-1/{path}", desk, {"reason": "lost"})).status_code == 403
        await it.city.open("I-1")
        for path in ("/incidents", "/responders", "/denials", "/outages", f"/outages/{uuid4()}/roll-call"):
            assert (await it.get(path, fitter)).status_code == 403, path
        for path in ("/incidents/I-1", f"/jobs/{it.city.jobs['I-1']}"):
            assert (await it.get(path, fitter)).status_code == 404, path
        assert (await it.post("/incidents/I-1/note", fitter, {"text": "x"})).status_code == 403
        assert (await it.get(f"/inbox/d:{STREET}/events", fitter)).status_code == 403
        account = (await it.get("/sessions/current", fitter)).json()
        assert (account["role"], account["inboxes"]) == ("installer", ["u:fitter"])
        assert commands == []


async def test_a_visitor_opens_a_test_window_where_she_is_sent(settings: Settings) -> None:
    """On a job there she tests that button with the elder, and no other; before and after it is not hers."""
    async with world(settings) as it, owner(settings, settings.devices_ports[0]) as (commands, answers):
        await stock(settings)
        wang = await it.log_in("wang")
        await it.city.open("I-1")
        offer, _event = await it.city.offer("I-1", "R1")
        assert (await it.post("/devices/B-1/test-window", wang, {"minutes": 5})).status_code == 404
        await it.city.accept("I-1", "R1", offer)
        answers.append({"status": 200, "body": {"until": "2026-11-22T10:05:00Z"}})
        opened = await it.post("/devices/B-1/test-window", wang, {"minutes": 5})
        assert opened.status_code == 200
        assert [(c.name, c.target) for c in commands] == [("open_test", "B-1")]
        assert (await it.post("/devices/W-1/test-window", wang, {"minutes": 5})).status_code == 404


async def test_an_installer_finds_homes_and_elders_of_the_street(settings: Settings) -> None:
    """Names masked, and only there."""
    async with world(settings) as it:
        here, there = await it.log_in("fitter"), await it.log_in("fitter2")
        assert [one["name_masked"] for one in (await it.get("/elders", here, q="李")).json()["items"]] == ["李*国"]
        assert [one["id"] for one in (await it.get("/homes", here, q="红旗路")).json()["items"]] == ["H1"]
        for path in ("/elders", "/homes"):
            assert (await it.get(path, there)).json()["items"] == []


async def test_a_worker_that_is_away_is_skipped(settings: Settings) -> None:
    """The second answers under the same key; with both away it is 503, and the screen sends it again."""
    async with world(settings) as it:
        await stock(settings)
        fitter = await it.log_in("fitter")
        nobody = await it.post("/devices/B-1/confirm", fitter, {"how": "tick"})
        assert (nobody.status_code, nobody.headers["retry-after"]) == (503, "1")
        async with owner(settings, settings.devices_ports[1]) as (commands, answers):
            answers.append({"status": 200, "body": {}})
            assert (await it.post("/devices/B-1/confirm", fitter, {"how": "tick"})).status_code == 200
            answers.append({"status": 429, "body": {"code": "too_many_tries", "params": {"retry_after_s": 1800}}})
            late = await it.post("/devices/B-1/claim", fitter, {"code": "x"})
            assert (late.status_code, late.headers["retry-after"]) == (429, "1800")
            assert [command.name for command in commands] == ["confirm_place", "start_claim"]


async def test_every_hand_needs_a_key(settings: Settings) -> None:
    """So that sending it again does it once."""
    async with world(settings) as it:
        await stock(settings)
        fitter = await it.log_in("fitter")
        for path, body in ACTS[:-1]:
            answer = await it.post(path.format("B-1"), fitter, body, **{"Idempotency-Key": ""})
            assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key"), path


async def test_odd_words_are_a_page_or_a_problem(settings: Settings) -> None:
    """In searches, cursors, paths and bodies; never a fault."""
    async with world(settings) as it, owner(settings, settings.devices_ports[0]):
        await stock(settings)
        fitter = await it.log_in("fitter")
        headers = {"Authorization": f"Bearer {fitter}"}
        for odd in ("\0", "%00", "'; --", "../..", "\U0010ffff", "١٢", "a" * 5000, "{}", " ", "/", "360733100/"):
            for answer in (
                await it.get("/devices", fitter, q=odd),
                await it.get("/devices", fitter, cursor=odd),
                await it.get("/discovered", fitter, cursor=odd),
                await it.get("/devices/B-1/raw", fitter, cursor=odd),
                await it.get("/homes", fitter, q=odd, cursor=odd),
                await it.post("/devices/B-1/place", fitter, {"home": odd}),
                await it.post("/bindings", fitter, {"address": odd, "adapter": odd, "device": odd}),
                await it.http.delete("/api/v1/bindings", params={"address": odd}, headers=headers),
            ):
                assert answer.status_code in {200, 404, 422}, (odd, answer.request.url, answer.text)
                assert answer.status_code == 200 or answer.json()["code"], odd
        for path in ("/devices/%00", "/devices/a%20b", "/devices/%00/raw", "/incidents/%00", "/jobs/x"):
            assert (await it.get(path, fitter)).status_code in {404, 422}, path
