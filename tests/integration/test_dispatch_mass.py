"""One event over an area on a real database: the list, what is written on it, who is sent, when it may end."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest

from services.dispatch.domain.facts import Fact
from services.dispatch.domain.mass.event import Roll, evolve, opened
from services.dispatch.flow import mass_news, waits
from services.dispatch.store import mass as store
from services.dispatch.store.waits import waiting
from shared.contracts import mass
from shared.contracts.commands import Answer
from shared.runtime import log
from shared.runtime.log import Event, NewEvent
from shared.vocabulary.ids import uuid7
from tests.integration.test_dispatch_flow import Desk, desk, rows_are_what_the_log_tells
from tests.integration.test_dispatch_things import OUTAGE, outage

__all__ = ["desk"]

TOWN, OTHER = "360733100", "360733101"
VILLAGES = (f"{TOWN}001", f"{TOWN}002", f"{OTHER}001")


class Flood(Desk):
    """A county with villages and elders, and somebody who telephones."""

    event: str = ""

    async def settle(self, each: int = 4) -> None:
        """Villages with couples: two elders a home."""
        for code in ("36", "3607", "360733", TOWN, OTHER, *VILLAGES):
            await self.owner.pool.execute("INSERT INTO dispatch.division VALUES ($1, $1, NULL)", code)
        for village in VILLAGES:
            for n in range(each):
                await self.live(f"{village}-{n}", village, f"H-{village}-{n // 2}")

    async def live(self, elder: str, village: str, home: str) -> None:
        """Somebody lives there."""
        await self.owner.pool.execute(
            "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ($1, $2, '滨河路', 25.6, 115.79)"
            " ON CONFLICT DO NOTHING",
            home, village,
        )  # fmt: skip
        await self.owner.pool.execute(
            "INSERT INTO dispatch.elder (id, home_id, division, name) VALUES ($1, $2, $3, '李老师')",
            elder, home, village,
        )  # fmt: skip

    async def opens(self, *areas: str, **more: Any) -> Answer:
        """The desk opens an event."""
        given = mass.NewEvent(**{"kind": "flood", "title": "贡水上涨", "areas": areas, **more})
        answer = await self.say("open_event", "", "desk1", **given.model_dump(mode="json"))
        self.event = answer.body.get("event", "")
        return answer

    async def mark(self, *elders: str, event: str = "", **said: Any) -> Answer:
        """The desk writes down what it was told."""
        given = mass.Mark(elders=elders, **said)
        return await self.say("mark_people", event or self.event, "desk1", **given.model_dump(mode="json"))

    async def close(self, **named: str) -> Answer:
        """The desk ends it."""
        people = tuple(mass.Named(elder=elder, why=why) for elder, why in named.items())
        given = mass.CloseEvent(named=people)
        return await self.say("close_event", self.event, "desk1", **given.model_dump(mode="json"))

    async def state(self, elder: str) -> str:
        """What the list says of her."""
        found: str = await self.one(
            "SELECT state FROM dispatch.mass_person WHERE event_id = $1 AND elder_id = $2", UUID(self.event), elder
        )
        return found

    async def due(self) -> None:
        """Do what no case waits for."""
        while True:
            found = [what for what, at in await waiting(self.owner.pool, 50) if at <= self.clock.now()]  # type: ignore[arg-type]
            if not found:
                return
            for what in found:
                await waits.overdue(self.house, what)


@pytest.fixture
async def flood(desk: Desk) -> Flood:
    """The same desk, with people over an area."""
    desk.__class__ = Flood
    assert isinstance(desk, Flood)
    await desk.settle()
    return desk


async def test_everybody_of_the_areas_is_on_the_list_once(flood: Flood) -> None:
    """A village within a town that is named too brings nobody twice; the row rings at the desk, nobody is sent."""
    await flood.people(3)
    answer = await flood.opens(TOWN, VILLAGES[0])
    assert answer.status == 200
    assert await flood.one("SELECT count(*) FROM dispatch.mass_person") == 8
    row = (await flood.rows("SELECT * FROM dispatch.incident"))[0]
    assert (row["kind"], row["division"], row["priority"], row["id"]) == ("mass", TOWN, 2, answer.body["incident"])
    assert await flood.one("SELECT count(*) FROM dispatch.offer") == 0
    await flood.wait(121)
    assert await flood.one("SELECT rung FROM dispatch.incident") == 1
    assert await flood.one("SELECT count(*) FROM dispatch.offer") == 0


async def test_many_come_on_the_list_by_pieces(flood: Flood) -> None:
    """No transaction takes long; until all are on it the event cannot be closed."""
    await flood.owner.pool.execute(
        "INSERT INTO dispatch.elder (id, home_id, division, name)"
        " SELECT 'M-' || n, $2, $1, '王' FROM generate_series(1, 1200) AS n",
        VILLAGES[0], f"H-{VILLAGES[0]}-0",
    )  # fmt: skip
    await flood.owner.pool.execute("UPDATE dispatch.elder SET status = 'moved' WHERE id = 'M-7'")
    await flood.opens(TOWN)
    assert await flood.one("SELECT count(*) FROM dispatch.mass_person") == 500
    assert (await flood.close()).body["code"] == "still_enrolling"
    await flood.due()
    assert await flood.one("SELECT count(*) FROM dispatch.mass_person") == 1207
    assert await flood.one("SELECT max(jsonb_array_length(body->'people')) FROM log.event") == 500


async def test_whoever_comes_to_live_there_later_is_on_the_list_too(flood: Flood) -> None:
    """Registered, or back from the hospital abroad, while the list is open; elsewhere changes nothing."""
    await flood.opens(VILLAGES[0])
    await flood.due()
    for elder, village in (("late", VILLAGES[0]), ("elsewhere", VILLAGES[2])):
        await flood.live(elder, village, f"H-{village}-0")
        saved = NewEvent(uuid7(flood.clock.now()), "elder", elder, "elder.saved", {"elder": elder}, village, "desk1")
        async with flood.house.database.transaction() as connection:
            await log.append(connection, [saved], flood.clock.now())
    for _ in range(2):
        await flood.follow()
        await flood.due()
    listed = {row["elder_id"] for row in await flood.rows("SELECT elder_id FROM dispatch.mass_person")}
    assert listed == {*(f"{VILLAGES[0]}-{n}" for n in range(4)), "late"}
    assert await flood.one("SELECT count(*) FROM log.event WHERE tag = 'mass.list_reopened'") == 1
    assert (await flood.close()).body["code"] == "people_unsettled"


async def test_an_outage_becomes_an_event_with_those_whom_it_silenced(flood: Flood) -> None:
    """Its row stays the one row; who falls silent later comes on the list; asked for again it is the same event."""
    await flood.happens(outage("outage", TOWN, 2), silent(1, elder=f"{VILLAGES[0]}-0"))
    incident = await flood.one("SELECT id FROM dispatch.incident")
    first = await flood.opens(outage=OUTAGE, kind="outage")
    assert first.body == {"event": flood.event, "incident": incident}
    await flood.happens(silent(2, home=f"H-{VILLAGES[1]}-1"), silent(3, elder=f"{VILLAGES[0]}-0"))
    people = [row["elder_id"] for row in await flood.rows("SELECT elder_id FROM dispatch.mass_person ORDER BY 1")]
    assert people == [f"{VILLAGES[0]}-0", f"{VILLAGES[1]}-2", f"{VILLAGES[1]}-3"]
    assert (await flood.opens(outage=OUTAGE, kind="outage")).body["event"] == first.body["event"]
    assert await flood.one("SELECT count(*) FROM dispatch.incident") == 1


def silent(n: int, *, home: str | None = None, elder: str | None = None) -> tuple[str, str, dict[str, Any]]:
    """`device.fault` of the n-th device within the outage."""
    body = {
        "fault": str(UUID(int=n)), "device": f"B-{n}", "kind": "offline", "subject": f"device:B-{n}",
        "county": "360733", "home": home, "elder": elder, "protects": True, "since": "2026-11-22T09:00:00Z",
        "outage": str(OUTAGE),
    }  # fmt: skip
    return f"device/B-{n}", "device.fault", body


async def test_a_call_at_the_outages_row_counts_on_the_list(flood: Flood) -> None:
    """Whoever ticks off in the outage's own list has ticked off here too."""
    elder = f"{VILLAGES[0]}-0"
    await flood.happens(outage("outage", TOWN, 1), silent(1, elder=elder))
    incident = (await flood.opens(outage=OUTAGE)).body["incident"]
    await flood.say("call", incident, "desk1", callee=elder, result="no_answer")
    await flood.follow()
    line = (await flood.rows("SELECT tries, state FROM dispatch.mass_person"))[0]
    entry = (await flood.rows("SELECT call, by_name, how FROM dispatch.mass_entry"))[0]
    assert (tuple(line), tuple(entry)) == ((1, "not_reached"), ("no_answer", "desk1", "call"))


async def test_one_call_does_for_a_couple_and_each_is_counted(flood: Flood) -> None:
    """Two lines, two entries; who said it and when is kept."""
    await flood.opens(TOWN)
    couple = (f"{VILLAGES[0]}-0", f"{VILLAGES[0]}-1")
    assert (await flood.mark(*couple, state="safe", call="answered")).status == 200
    assert [await flood.state(elder) for elder in couple] == ["safe", "safe"]
    entries = await flood.rows("SELECT by_name, was, state, at FROM dispatch.mass_entry")
    assert [(e["by_name"], e["was"], e["state"]) for e in entries] == [("desk1", "not_reached", "safe")] * 2
    assert {e["at"] for e in entries} == {flood.clock.now()}


async def test_what_does_not_fit_is_refused_in_words_and_nothing_is_written(flood: Flood) -> None:
    """The field is named; of fifty people none is changed when one of them refuses it."""
    await flood.opens(TOWN)
    one, two = f"{VILLAGES[0]}-0", f"{VILLAGES[0]}-1"
    refusals = [
        await flood.mark(one),
        await flood.mark(one, state="safe", call="no_answer"),
        await flood.mark(one, state="sheltered"),
        await flood.mark(one, state="transferred", place="镇中心小学"),
        await flood.mark(one, state="not_reached"),
        await flood.mark(two, one, state="home"),
        await flood.mark(one, f"{VILLAGES[2]}-0", state="safe"),
        await flood.mark(one, state="safe", event=str(UUID(int=1))),
        await flood.mark(one, state="safe", event="nonsense"),
    ]
    assert [(r.status, r.body["params"].get("field")) for r in refusals] == [
        (422, "state"), (422, "call"), (422, "place"), (422, "with_whom"), (422, "note"), (409, "state"),
        (404, "elders"), (404, None), (404, None),
    ]  # fmt: skip
    assert await flood.one("SELECT count(*) FROM dispatch.mass_entry") == 0


async def test_whoever_must_be_fetched_gets_people_of_her_own(flood: Flood) -> None:
    """需转移 opens an incident; when those who went have ended their visit she is 已转移, and with whom."""
    await flood.people(3)
    await flood.opens(TOWN)
    elder = f"{VILLAGES[0]}-0"
    sent = await flood.mark(elder, state="needs_transfer", call="answered", place="镇中心小学")
    incident = sent.body["transfers"][elder]
    row = (await flood.rows("SELECT * FROM dispatch.incident WHERE id = $1", incident))[0]
    assert (row["kind"], row["family"], row["elder_id"], row["priority"]) == ("transfer", "transfer", elder, 2)
    again = await flood.mark(elder, state="needs_transfer")
    assert again.body["transfers"] == {elder: incident}
    assert await flood.one("SELECT count(*) FROM dispatch.incident WHERE family = 'transfer'") == 1
    offer, responder = (await flood.offers("sent"))[0]
    await flood.say("accept_offer", str(offer), responder)
    job = str(await flood.one("SELECT id FROM dispatch.job WHERE incident_id = $1", incident))
    for step in ("depart", "arrive", "start", "complete"):
        assert (await flood.say(step, job, responder)).status == 200
    await flood.follow()
    line = (await flood.rows("SELECT * FROM dispatch.mass_person WHERE elder_id = $1", elder))[0]
    assert (line["state"], line["place"], line["with_whom"]) == ("transferred", "镇中心小学", "王0")
    assert (await flood.mark(elder, state="sheltered", place="镇中心小学")).status == 200
    assert (await flood.mark(elder, state="home")).status == 200
    await rows_are_what_the_log_tells(flood)


async def test_nobody_goes_for_her_any_more_when_her_son_has_taken_her(flood: Flood) -> None:
    """Everybody asked or under way is told; the incident ends with its reason."""
    await flood.people(3)
    await flood.opens(TOWN)
    elder = f"{VILLAGES[0]}-0"
    incident = (await flood.mark(elder, state="needs_transfer")).body["transfers"][elder]
    await flood.mark(elder, state="transferred", place="县城儿子家", with_whom="儿子")
    row = (await flood.rows("SELECT state, outcome FROM dispatch.incident WHERE id = $1", incident))[0]
    assert tuple(row) == ("closed", "cancelled")
    assert not await flood.offers("sent")
    assert await flood.one("SELECT count(*) FROM dispatch.deadline WHERE incident_id = $1", incident) == 0


async def test_two_events_send_for_her_once(flood: Flood) -> None:
    """She is on two lists and needs to be fetched: one incident."""
    await flood.opens(TOWN)
    first = flood.event
    await flood.opens(VILLAGES[0], kind="storm", title="台风")
    elder = f"{VILLAGES[0]}-0"
    sent = [
        (await flood.mark(elder, state="needs_transfer", event=event)).body["transfers"][elder]
        for event in (first, flood.event)
    ]
    assert sent[0] == sent[1]
    row = (await flood.rows("SELECT presses, priority FROM dispatch.incident WHERE id = $1", sent[0]))[0]
    assert tuple(row) == (1, 2)


async def test_whoever_was_not_fetched_is_sent_for_again(flood: Flood) -> None:
    """The desk has closed her incident and she still waits: the next word opens another."""
    await flood.opens(TOWN)
    elder = f"{VILLAGES[0]}-0"
    first = (await flood.mark(elder, state="needs_transfer")).body["transfers"][elder]
    closed = await flood.say("close", first, "desk1", outcome="other", evidence="none", evidence_by="")
    assert closed.status == 200
    assert (await flood.mark(elder, state="needs_transfer")).body["transfers"][elder] != first


async def test_it_ends_when_everybody_is_settled_or_named(flood: Flood) -> None:
    """Whoever is left is counted and named in the refusal; afterwards nothing can be written any more."""
    await flood.opens(VILLAGES[0])
    people = [f"{VILLAGES[0]}-{n}" for n in range(4)]
    await flood.mark(*people[:2], state="safe")
    await flood.mark(people[2], state="missing", call="no_answer")
    await flood.mark(people[3], state="refused", call="answered")
    refused = await flood.close(**{people[3]: "不愿离开，村干部每日上门"})
    assert (refused.status, refused.body["code"]) == (422, "people_unsettled")
    assert refused.body["params"] == {"field": "named", "elders": [people[2]], "many": 1}
    ended = await flood.close(**{people[3]: "不愿离开，村干部每日上门", people[2]: "已报 110 查找"})
    assert ended.status == 200
    assert await flood.one("SELECT state FROM dispatch.mass_event") == "closed"
    assert await flood.one("SELECT state FROM dispatch.incident") == "closed"
    assert (
        await flood.one("SELECT named_why FROM dispatch.mass_person WHERE elder_id = $1", people[2]) == "已报 110 查找"
    )
    assert (await flood.mark(people[2], state="safe")).body["code"] == "wrong_state"
    assert await flood.one("SELECT count(*) FROM dispatch.house_wait") == 0


async def test_an_open_list_is_not_forgotten(flood: Flood) -> None:
    """Every half hour its desk is told how it stands."""
    await flood.opens(TOWN)
    for _ in range(3):
        flood.clock.advance(1801)
        await flood.due()
    assert await flood.one("SELECT count(*) FROM log.event WHERE tag = 'mass.reminded'") == 3


async def test_a_drill_sends_for_people_as_a_drill(flood: Flood) -> None:
    """演练 is marked on the row, on the list and on whoever is sent."""
    await flood.opens(TOWN, drill=True)
    await flood.mark(f"{VILLAGES[0]}-0", state="needs_transfer")
    assert await flood.one("SELECT bool_and(drill) FROM dispatch.incident") is True


async def test_a_desk_cannot_open_or_mark_beyond_its_division(flood: Flood) -> None:
    """Unknown and out of scope look the same."""
    assert (await flood.opens("360121")).body["params"] == {"field": "areas"}
    assert (await flood.opens()).body["code"] == "area_required"
    assert (await flood.opens(outage=UUID(int=77))).body["params"] == {"field": "outage"}


async def test_figures_add_up_and_the_log_tells_the_same_lists(flood: Flood) -> None:
    """Four hundred random marks: every village adds up to the event, and replaying the log gives every line."""
    await flood.opens("360733")
    rng = random.Random(7)
    for _ in range(400):
        elder = f"{rng.choice(VILLAGES)}-{rng.randrange(4)}"
        state = rng.choice(["safe", "refused", "transferred", "sheltered", "home", "missing", "not_reached", None])
        call = rng.choice([None, "answered"]) if state else "busy"
        await flood.mark(elder, state=state, call=call, place="学校", with_whom="村干部", note="更正")
    assert await flood.one("SELECT count(*) FROM dispatch.mass_person") == 12
    assert await flood.one("SELECT count(*) FROM dispatch.mass_entry") > 100
    assert await told(flood) == await kept(flood)


async def kept(flood: Flood) -> Roll:
    """The event as its rows say."""
    everybody = [row["elder_id"] for row in await flood.rows("SELECT elder_id FROM dispatch.mass_person")]
    async with flood.owner.transaction() as connection:
        roll = await store.load(connection, UUID(flood.event), everybody)
    assert roll is not None
    return roll


async def told(flood: Flood) -> Roll:
    """The event as the log tells it."""
    rows = await flood.rows(
        "SELECT tag, body, recorded_at, actor FROM log.event WHERE stream = 'mass' AND stream_id = $1"
        " ORDER BY stream_seq",
        flood.event,
    )
    first, *rest = [Fact(r["tag"], r["body"], r["recorded_at"], r["actor"]) for r in rows]
    roll = opened(first)
    for fact in rest:
        roll = evolve(roll, fact)
    return roll


async def test_whoever_falls_silent_while_the_event_is_opened_is_on_the_list(flood: Flood) -> None:
    """Devices are being told of in the very moment in which the desk opens it: nobody falls between the two."""
    await flood.happens(outage("outage", TOWN, 2))
    stream, tag, body = silent(1, home=f"H-{VILLAGES[0]}-0")
    now = flood.clock.now()
    told = Event(uuid7(now), "device", stream, 1, tag, body, VILLAGES[0], None, now, "devices", 1, 1)
    async with flood.house.database.transaction() as connection:
        await mass_news.hear(flood.house, connection, [told])
        opening = asyncio.create_task(flood.opens(outage=OUTAGE))
        while not opening.done() and not await flood.one("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"):
            await asyncio.wait({opening}, timeout=0.01)
    assert (await opening).status == 200
    assert await flood.one("SELECT count(*) FROM dispatch.mass_person") == 2
