"""A meal is ordered, planned, brought, asked about: every step on the screens, every proof at its moment."""

from datetime import timedelta

from tests.story.town import COUNTY, Town

PRICE = """
INSERT INTO dispatch.price VALUES (gen_random_uuid(), 'cleaning', '36', '2026-01-01', NULL, 6000, 500, 0, 'story', $1)
RETURNING 1
"""
CODE = "YL-HOME-0001"


async def test_order_placed_served_called_back_closed(town: Town) -> None:
    """Placed, planned, offered, accepted, there with proof, served, gone with proof, asked how it was, closed."""
    await town.value(PRICE, town.clock.now())
    desk, wang = await town.console("desk1"), await town.console("wang")
    label = await desk.http.put(
        "/api/v1/homes/H-1/code", json={"code": CODE},
        headers={"Authorization": f"Bearer {desk.token}", "Idempotency-Key": "label"},
    )  # fmt: skip
    assert label.status_code == 200, label.text

    first = town.clock.now() + timedelta(hours=2)
    wish = {"elder": "E-1", "service": "cleaning", "window_from": first.isoformat(),
            "window_to": (first + timedelta(hours=1)).isoformat()}  # fmt: skip
    placed = await desk.act("/orders", wish)
    assert placed.status_code == 201, placed.text
    order = placed.json()["line"]["order"]
    assert (placed.json()["price_cents"], placed.json()["own_cents"]) == (6000, 3000)

    await town.wait(46)
    await town.becomes("SELECT state FROM dispatch.service_order", "scheduled")
    named = await desk.act(f"/orders/{order}/assign", {"people": ["wang"]})
    assert [p["name"] for p in named.json()["line"]["people"]] == ["王小明"]

    await town.wait(76 * 60)
    offer = await wang.sees("job.offered", kind="order")
    accepted = await wang.act(f"/offers/{offer['offer']}/accept")
    assert accepted.status_code == 200, accepted.text
    for step in ("depart", "arrive"):
        assert (await wang.act(f"/jobs/{offer['job']}/{step}")).status_code == 200
    await town.becomes("SELECT arrived_at IS NOT NULL FROM dispatch.service_order", wanted=True)
    shown = await wang.read(f"/orders/{order}")
    assert ("home_code" in shown["evidence_arrive"], shown["price_cents"]) == (True, None)
    proof = await wang.act(f"/orders/{order}/proof", {"phase": "arrive", "kind": "home_code", "code": CODE})
    assert proof.json()["holds"] is True

    await wang.act(f"/jobs/{offer['job']}/start")
    await town.wait(90 * 60)
    here = {"phase": "leave", "kind": "position", "lat": 25.6001, "lon": 115.79, "accuracy_m": 15}
    assert (await wang.act(f"/orders/{order}/proof", here)).json()["holds"] is True
    await wang.act(f"/jobs/{offer['job']}/complete")
    await town.becomes("SELECT state FROM dispatch.service_order", "fulfilled")
    late = await wang.act(f"/orders/{order}/proof", here)
    assert (late.status_code, late.json()["code"]) == (409, "proof_too_late")

    await town.wait(23 * 3600)
    other = await town.console("desk2")
    [line] = (await other.read("/orders?only=call_back"))["items"]
    assert (line["order"], line["verified"], line["division"][:6]) == (order, True, COUNTY)
    closed = await other.act(f"/orders/{order}/call-back", {"result": "reached", "rating": 5})
    assert (closed.json()["line"]["state"], closed.json()["charged_cents"]) == ("closed", 6000)
    assert (await other.read("/orders?only=call_back"))["items"] == []
