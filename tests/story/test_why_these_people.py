"""The desk sees why these people were asked, blocks one of them, and an organisation says whom it sends."""

from io import StringIO
from itertools import count
from typing import Any

import httpx
from rich.console import Console as Paper

from deploy.local.people_cli import show
from shared.contracts.people import Explanation, ResponderView
from tests.story.town import STREET, VILLAGE, Console, Town

KEYS = count()
ORGANISATION = {"division": VILLAGE, "name": "康乐之家", "phone": "07970000000", "lat": 25.6, "lon": 115.79}
CARD = {
    "division": STREET, "kind": "caregiver", "name": "周护理", "phone": "13900000009", "lat": 25.61, "lon": 115.79,
    "provider_id": "P-1", "mode": "ebike", "skills": [{"skill": "bath", "until": "2027-06-30"}],
}  # fmt: skip


async def send(desk: Console, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
    """Change something over HTTP."""
    headers = {"Authorization": f"Bearer {desk.token}", "Idempotency-Key": f"why-{next(KEYS)}"}
    return await desk.http.request(method, f"/api/v1{path}", json=body, headers=headers)


async def test_why_these_people(town: Town) -> None:
    """Everybody asked has score parts that add up; everybody else a reason; the page and the terminal say the same."""
    desk, li = await town.console("desk1"), await town.console("li")
    assert (await send(desk, "PUT", "/responders/zhao/block", {"reason": "投诉处理中"})).status_code == 200
    (await town.button("B-1")).press()
    offer = await li.sees("job.offered")
    found = Explanation.model_validate(await desk.read(f"/jobs/{offer['job']}/explain"))
    assert {o.responder for o in found.offers} == {"wang", "li"}
    for one in found.offers:
        parts = sum(seconds for name, seconds in one.score.items() if name != "total")
        assert abs(parts - one.score["total"]) < 0.11
    reasons = {p.responder: (p.name, p.why) for p in found.waves[0].passed_over}
    assert reasons == {"zhao": ("赵一", "blocked"), "sun": ("孙邻居", "later")}
    assert {"wave", "ladder"} <= {w.kind for w in found.waits}

    paper = StringIO()
    show(found.model_dump(mode="json"), Paper(width=180, file=paper))
    said = paper.getvalue()
    assert "王小明" in said
    assert "赵一 caregiver: blocked" in said
    assert str(round(found.offers[0].score["total"], 1)).rstrip("0").rstrip(".") in said

    refused = await send(li, "PUT", "/responders/zhao/block", {"reason": "x"})
    assert refused.status_code == 403


async def test_an_organisation_says_whom_it_sends(town: Town) -> None:
    """It accepts; the named one gets the address on her screen."""
    desk, wang = await town.console("desk1"), await town.console("wang")
    assert (await send(desk, "PUT", "/providers/P-1", ORGANISATION)).status_code == 200
    saved = await send(desk, "PUT", "/responders/wang", {**CARD, "kind": "provider", "name": "康乐"})
    assert saved.status_code == 200, saved.text
    named = ResponderView.model_validate((await send(desk, "PUT", "/responders/li", CARD)).json())
    assert (named.speed_mps, named.skills[0].skill, named.on_duty) == (5.0, "bath", True)
    (await town.button("B-1")).press()
    offer = await wang.sees("job.offered")
    assert (await wang.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    li = await town.console("li")
    assert (await wang.act(f"/jobs/{offer['job']}/person", {"responder": "zhao"})).status_code == 422
    assert (await wang.act(f"/jobs/{offer['job']}/person", {"responder": "li"})).status_code == 200
    await li.sees("job.updated", state="accepted")
    job = await li.read(f"/jobs/{offer['job']}")
    assert job["home"]["door_code"] == "2580#"
    assert (await li.act(f"/jobs/{offer['job']}/depart")).status_code == 200
