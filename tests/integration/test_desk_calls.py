"""A telephone exchange announces calls: whose number it is, what is kept of it, and which incident it was about."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.sealing import seal
from services.dispatch.domain.numbers import spellings
from shared.runtime.database import Database
from tests.conftest import RING, TestDatabase
from tests.integration.test_dispatch_flow import STREET, Desk

NUMBER = "13900000017"


@pytest.fixture
async def desk(database: TestDatabase) -> AsyncIterator[Desk]:
    """Dispatch with one family in the county: her own telephone, her daughter's, and a neighbour who helps."""
    pools = [Database(database.url(role), name="test", size=20, fields=RING) for role in ("dispatch", "owner")]
    for pool in pools:
        await pool.open()
    it = Desk(*pools)
    write = it.owner.pool.execute
    await write(
        "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H-1', $1, 'x', 25.6, 115.79)", STREET
    )
    await write(
        "INSERT INTO dispatch.elder (id, home_id, division, name, phone)"
        " VALUES ('E-1', 'H-1', $1, '李建国', '139-0000-0017')",
        STREET,
    )
    await write("INSERT INTO dispatch.contact VALUES ('E-1', $1, 1, '李红', '女儿', '+86 139 0000 1017', true)", STREET)
    await it.people(1, "volunteer")
    await write("UPDATE dispatch.responder SET phone = '13900002017'")
    await seal(database.url("owner"), RING)
    yield it
    for pool in pools:
        await pool.close()


async def announce(desk: Desk, number: str, **more: Any) -> str:
    """The exchange announces a call; answers our name for it."""
    answer = await desk.say("record_call", "360733", "desk-12349", number=number, **more)
    assert answer.status == 200, answer.body
    return str(answer.body["call"])


@pytest.mark.parametrize(
    ("number", "elders", "responders"),
    [
        (NUMBER, ["E-1"], []),
        ("+86 13900000017", ["E-1"], []),
        ("013900001017", ["E-1"], []),
        ("008613900002017", [], ["volunteer-0"]),
        ("07971234567", [], []),
        ("", [], []),
        ("anonymous", [], []),
    ],
)
async def test_whose_number_it_is(desk: Desk, number: str, elders: list[str], responders: list[str]) -> None:
    """However the exchange writes it; an unknown or hidden number is a call all the same."""
    call = await announce(desk, number)
    rows = await desk.rows("SELECT id::text, number, elders, responders FROM dispatch.phone_call")
    assert [tuple(row) for row in rows] == [(call, number, elders, responders)]


async def test_no_number_reaches_the_log(desk: Desk) -> None:
    """The log is kept for ever: it says that there was a call, for which desk, and nothing of whom."""
    await announce(desk, NUMBER)
    [row] = await desk.rows("SELECT body::text AS body FROM log.event WHERE tag = 'call.incoming'")
    assert NUMBER not in row["body"]
    assert "E-1" not in row["body"]


async def test_announced_twice_is_one_call(desk: Desk) -> None:
    """The exchange repeats itself after a lost answer, even with another key."""
    calls = {await announce(desk, NUMBER, call_id="pbx-17") for _ in range(3)}
    assert len(calls) == 1
    assert await desk.one("SELECT count(*) FROM log.event WHERE tag = 'call.incoming'") == 1
    assert await announce(desk, NUMBER, call_id="pbx-18") not in calls


async def test_the_call_stays_with_the_incident_that_it_opened(desk: Desk) -> None:
    """What the daughter said leads back to her call; a call that nobody knows is refused by name."""
    call = await announce(desk, "13900001017")
    stray = await desk.say("open_incident", "E-1", "desk1", elder="E-1", kind="fall", call=str(uuid4()))
    assert (stray.status, stray.body["params"]["field"]) == (422, "call")
    assert await desk.one("SELECT count(*) FROM dispatch.incident") == 0
    opened = await desk.say("open_incident", "E-1", "desk1", elder="E-1", kind="fall", call=call)
    assert await desk.one("SELECT incident_id FROM dispatch.phone_call") == opened.body["incident"]


async def test_a_call_about_what_is_known_already(desk: Desk) -> None:
    """Linked by hand, within the division alone."""
    call = await announce(desk, NUMBER)
    await desk.press()
    incident = await desk.one("SELECT id FROM dispatch.incident")
    unknown = await desk.say("link_call", call, "desk1", incident="I-1999-000001")
    assert (unknown.status, unknown.body["params"]["field"]) == (422, "incident")
    assert (await desk.say("link_call", call, "desk1", incident=incident)).status == 200
    assert await desk.one("SELECT incident_id FROM dispatch.phone_call") == incident
    assert (await desk.say("link_call", str(uuid4()), "desk1", incident=incident)).status == 404


async def test_looking_behind_the_masks_is_written_down(desk: Desk) -> None:
    """Who opened it first stays with the call, everybody in the log; a responder may not."""
    call = await announce(desk, NUMBER)
    for seat in ("desk1", "desk2"):
        assert (await desk.say("open_call", call, seat)).status == 200
    assert await desk.one("SELECT opened_by FROM dispatch.phone_call") == "desk1"
    seen = await desk.rows("SELECT actor FROM log.event WHERE tag = 'call.opened' ORDER BY position")
    assert [row["actor"] for row in seen] == ["account:desk1", "account:desk2"]
    assert (await desk.say("open_call", call, "volunteer-0")).status == 403


async def test_on_duty_by_telephone(desk: Desk) -> None:
    """Somebody without a console calls in; only for people of the desk's own division."""
    await desk.owner.pool.execute("UPDATE dispatch.responder SET on_duty = false")
    assert (await desk.say("set_duty_for", "volunteer-0", "desk1", on=True)).status == 200
    assert await desk.one("SELECT on_duty FROM dispatch.responder")
    assert await desk.one("SELECT body->>'by_phone' FROM log.event WHERE tag = 'duty.changed'") == "true"
    await desk.owner.pool.execute("UPDATE dispatch.responder SET division = '360121001'")
    assert (await desk.say("set_duty_for", "volunteer-0", "desk1", on=False)).status == 404
    assert (await desk.say("set_duty_for", "volunteer-0", "volunteer-0", on=False)).status == 403


def test_too_few_digits_mean_nobody() -> None:
    """110 and a withheld number find no elder."""
    assert spellings("110") == ()
    assert spellings("+86 (139) 0000-0017")[-1] == "013900000017"
