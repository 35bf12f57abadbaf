"""A day on which much is said about her, and whoever steals the database reads nothing of it."""

import json
from datetime import timedelta
from typing import Any

from deploy.local.sealing import seal
from shared.runtime.database import Database
from tests.conftest import RING
from tests.lying_open import lying_open
from tests.story.newcomers import put, seat
from tests.story.telephones import Telephones
from tests.story.test_daughter_watches import logged_in
from tests.story.test_order_served import PRICE
from tests.story.town import STREET, Console, Town

HERS = {
    "name": "欧阳慧兰", "phone": "13711112222", "health": "陈旧性心梗", "medicine": "华法林", "allergies": "青霉素",
    "last_wishes": "不做插管", "id_number": "11010519491231002X",
}  # fmt: skip
HOME = {"address": "迎宾大道88号6栋1203室", "door_code": "8821#", "key_place": "花盆底下"}
DAUGHTER, NURSE, SEAT = ("司马晓红", "13922223333"), ("诸葛小明", "13633334444"), "上官值班"
ELSEWHERE = "赣州市章贡区东方花园9栋"
PLANTED = (*HERS.values(), *HOME.values(), *DAUGHTER, *NURSE, SEAT, ELSEWHERE, "迎宾大道88号", "章贡区")
SAID = "邻居东郭先生说她常晕倒"
"""In every box of free words, beside a name, which is how it comes to stand there."""
WORDS = ("东郭先生", "晕倒")


async def known(url: str) -> None:
    """What the registry knows of her, her daughter, the nurse and the seat."""
    database = Database(url, name="story", size=1, fields=RING)
    await database.open()
    for table, which, given in (
        ("dispatch.elder", "id = 'E-1'", HERS), ("dispatch.home", "id = 'H-1'", HOME),
        ("dispatch.contact", "elder_id = 'E-1'", dict(zip(("name", "phone"), DAUGHTER, strict=True))),
        ("dispatch.responder", "id = 'wang'", dict(zip(("name", "phone"), NURSE, strict=True))),
        ("gateway.account", "id = 'wang'", {"name": NURSE[0]}), ("gateway.account", "id = 'desk1'", {"name": SEAT}),
    ):  # fmt: skip
        columns = ", ".join(f"{name} = ${n}" for n, name in enumerate(given, 1))
        await database.pool.execute(f"UPDATE {table} SET {columns} WHERE {which}", *given.values())
    await database.close()
    await seal(url, RING)


async def done(console: Console, path: str, body: dict[str, Any] | None = None, *, ver: int | None = None) -> Any:
    """It is done, and nothing sealed comes back."""
    answer = await console.act(path, body, ver=ver)
    assert answer.status_code in (200, 201, 204), (path, answer.text)
    assert "y1:" not in answer.text, path
    return answer.json() if answer.content else None


async def helped(town: Town, desk: Console, wang: Console, incident: str) -> None:
    """The nurse goes and is with her; the desk speaks with people and writes down what they say."""
    offer = await wang.sees("job.offered", kind="sos")
    assert HOME["address"].startswith(offer["place"])
    case = await done(wang, f"/offers/{offer['offer']}/accept")
    assert (case["home"]["door_code"], case["elder"]["name"]) == (HOME["door_code"], HERS["name"])
    row = await desk.sees("incident.updated", state="taken")
    assert (row["place"], row["going"][0]["name"]) == (HOME["address"], NURSE[0])
    await done(desk, f"/incidents/{incident}/note", {"text": SAID})
    await done(desk, f"/incidents/{incident}/call", {"callee": "E-1/1", "result": "answered"})
    await done(desk, f"/incidents/{incident}/escalate", {"reason": SAID})
    for step in ("depart", "arrive", "start", "complete"):
        await done(wang, f"/jobs/{offer['job']}/{step}")
    await town.becomes("SELECT state FROM dispatch.incident", "resolved")
    ver = (await desk.read(f"/incidents/{incident}"))["row"]["ver"]
    ending = {"outcome": "genuine", "evidence": "seen", "evidence_by": DAUGHTER[0], "note": SAID}
    await done(desk, f"/incidents/{incident}/close", ending, ver=ver)
    seen = await desk.read(f"/incidents/{incident}")
    assert seen["evidence_by"] == DAUGHTER[0]
    await done(desk, f"/call-backs/{incident}", {"result": "well", "note": SAID})


async def test_a_stolen_database_tells_nothing(phones: Telephones) -> None:
    """Pressed, helped, telephoned, complained, ordered, moved: no name, number, address, code or illness lies open."""
    town, url = phones.town, phones.town.database.url("owner")
    await known(url)
    await town.value(PRICE, town.clock.now())
    await seat(town, "chief", "夏侯主管", STREET, "supervisor")
    desk, chief = await town.console("desk1"), await town.console("chief")
    wang = await town.console("wang", says_seen=False)
    child = await logged_in(phones, DAUGHTER[1])
    given = {"relation": "daughter", "may": ["health", "orders"], "how": "telephone"}
    code = (await done(desk, "/elders/E-1/kin-codes", given))["code"]
    await done(child, "/family/kin", {"code": code, "name": DAUGHTER[0]})

    (await town.button("B-1")).press()
    incident = (await desk.sees("incident.opened"))["incident"]
    await done(chief, f"/supervision/breaches/{incident}/nudge", {"text": SAID})
    await town.wait(6)
    await phones.rings(NURSE[1])
    await helped(town, desk, wang, incident)
    assert HERS["name"] in (await phones.rings(DAUGHTER[1], "sms", "已出发")).text

    await put(child, f"/family/calls/{incident}/rating", {"rating": 2, "text": SAID})
    await done(child, "/family/elders/E-1/complaints", {"text": SAID, "about": incident})
    await done(chief, "/supervision/complaints", {
        "source": "hotline", "division": STREET, "caller": DAUGHTER[0], "text": SAID, "elder": "E-1",
    })  # fmt: skip
    await done(desk, "/elders/E-1/reveal", {"reason": "call_back", "note": SAID})
    first = town.clock.now() + timedelta(hours=2)
    window = {"window_from": first.isoformat(), "window_to": (first + timedelta(hours=1)).isoformat()}
    await done(desk, "/orders", {"elder": "E-1", "service": "cleaning", "note": SAID, **window})
    away = {"address": ELSEWHERE, "lat": 25.8, "lon": 114.9, "until": (first + timedelta(days=9)).isoformat()}
    for path, body in (
        ("/elders/E-1/temporary-address", away),
        ("/elders/E-1/status", {"status": "out", "source": DAUGHTER[0]}),
        ("/elders/E-1/relations/li", {"kind": "excluded", "why": SAID}),
        ("/responders/zhao/block", {"reason": SAID}),
    ):
        answer = await put(chief, path, body)
        assert answer.status_code == 200, (path, answer.text)
        assert "y1:" not in answer.text, path
    await done(desk, "/seats/confirm")
    await done(await town.console("desk2"), "/seats/confirm")
    await done(desk, "/seats/hand-over", {"to": "desk2", "note": SAID})

    [line] = (await desk.read("/elders?q=欧阳慧"))["items"]
    assert (line["id"], line["name_masked"]) == ("E-1", "欧**兰")
    told = json.dumps([screen.frames for screen in (desk, wang, chief, child)], default=str)
    assert "y1:" not in told
    assert await lying_open(url, (*PLANTED, *WORDS)) == {}
