"""The power of a township fails and two hundred elders are silent: one row, one list, everybody counted once."""

from typing import Any
from uuid import UUID

from tests.story.test_many_fall_silent import OUTAGE, outage
from tests.story.town import COUNTY, STREET, VILLAGE, Console, Town

SECOND = f"{STREET}002"
SETTLE = """
WITH places AS (INSERT INTO dispatch.division VALUES ($2, '东风村', $3)),
homes AS (
    INSERT INTO dispatch.home (id, division, address, lat, lon)
    SELECT 'H-' || n, CASE WHEN n < 50 THEN $1 ELSE $2 END, n || ' 号', 25.6, 115.79 FROM generate_series(2, 100) AS n)
INSERT INTO dispatch.elder (id, home_id, division, name, assessment)
SELECT 'E-' || n, 'H-' || (n + 1) / 2, CASE WHEN (n + 1) / 2 < 50 THEN $1 ELSE $2 END, '李老师', n % 5
FROM generate_series(3, 200) AS n RETURNING 1
"""


async def blackout(town: Town) -> None:
    """A hundred couples; the hub of each home falls silent."""
    await town.value(SETTLE, VILLAGE, SECOND, STREET)
    await town.happens(f"outage/{OUTAGE}", "device.outage", outage(STREET, 100), STREET)
    for n in range(1, 101):
        body = {
            "fault": str(UUID(int=n)), "device": f"S-{n}", "kind": "offline", "subject": f"home:H-{n}",
            "home": f"H-{n}", "county": COUNTY, "protects": True, "since": "2026-11-22T02:00:00Z",
            "outage": str(OUTAGE),
        }  # fmt: skip
        await town.happens(f"device/S-{n}", "device.fault", body, VILLAGE if n < 50 else SECOND)


async def marked(desk: Console, event: str, *elders: str, **said: Any) -> dict[str, Any]:
    """The desk writes down what it was told."""
    answer = await desk.act(f"/mass-events/{event}/mark", {"elders": list(elders), **said})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_two_hundred_elders(town: Town) -> None:
    """Called by risk, couples at once; one is fetched, one is lost; it ends when both have been named or found."""
    desk, wang = await town.console("desk1"), await town.console("wang")
    await blackout(town)
    row = await desk.sees("incident.opened", kind="outage")
    opened = await desk.act("/mass-events", {"title": "文武坝镇停电", "outage": str(OUTAGE)})
    event = opened.json()["event"]
    assert (opened.json()["incident"], opened.json()["kind"]) == (row["incident"], "outage")
    await town.becomes("SELECT count(*) FROM dispatch.mass_person", 200)
    page = await desk.read(f"/mass-events/{event}/roll-call?limit=200")
    people = [(line["elder"], line["same_home"]) for line in page["items"]]
    assert [line["assessment"] or 0 for line in page["items"][:39]] == [4] * 39
    done: set[str] = {"E-9", "E-19"}
    for elder, others in people:
        if elder not in done:
            await marked(desk, event, elder, *(o for o in others if o not in done), state="safe", call="answered")
            done |= {elder, *others}
    await marked(desk, event, "E-9", state="needs_transfer", call="answered", place="镇卫生院")
    offer = await wang.sees("job.offered", kind="transfer")
    assert (await wang.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    for step in ("depart", "arrive", "start", "complete"):
        assert (await wang.act(f"/jobs/{offer['job']}/{step}")).status_code == 200
    await town.becomes("SELECT state FROM dispatch.mass_person WHERE elder_id = 'E-9'", "transferred")
    view = await marked(desk, event, "E-19", state="missing", call="no_answer")
    assert (view["figures"]["safe"], view["figures"]["transferred"], view["figures"]["missing"]) == (198, 1, 1)
    assert [v["people"] for v in view["villages"]] == [98, 102]
    refused = await desk.act(f"/mass-events/{event}/close", {})
    assert (refused.status_code, refused.json()["params"]["elders"]) == (422, ["E-19", "E-9"])
    await marked(desk, event, "E-9", state="home")
    closed = await desk.act(f"/mass-events/{event}/close", {"named": [{"elder": "E-19", "why": "已报 110 查找"}]})
    assert closed.json()["state"] == "closed"
    await desk.sees("mass.updated", event=event, state="closed")
