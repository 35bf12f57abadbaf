"""Faces: put there by the desk, seen by whom they concern and for as long, gone with the person."""

import base64
from datetime import timedelta
from random import Random
from typing import Any

import asyncpg
import httpx
import pytest
from PIL import Image

from deploy.local import subject
from deploy.local.sealing import seal
from services.gateway.domain.evidence import bare
from services.gateway.flow.portraits import SHOWN_AFTER
from shared.contracts.elder import Comers
from shared.contracts.portraits import Portrait
from shared.runtime.settings import Settings
from tests.brokers import RunningBroker, nats_broker
from tests.conftest import RING, TestDatabase
from tests.faces import face
from tests.integration.gateway_world import OTHER_COUNTY, START, STREET, World, world
from tests.integration.test_elder_pages import paired, there
from tests.integration.test_evidence import jpeg
from tests.integration.test_family import ORDERS, agreed, enter, families
from tests.integration.test_fields import LATER

__all__ = ["nats_broker"]

HELPER = """
INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, on_duty)
VALUES ('R9', $1, 'caregiver', '邻县护理员', '13900000009', 25.6, 115.79, true)
"""


async def put(it: World, path: str, token: str, content: bytes) -> httpx.Response:
    """Put a picture there."""
    headers = {"Authorization": f"Bearer {token}"}
    return await it.http.put(f"/api/v1{path}/portrait", content=content, headers=headers)


async def kept(it: World, path: str, token: str, content: bytes) -> str:
    """The same; the id under which it is kept."""
    answer = await put(it, path, token, content)
    assert answer.status_code == 200, answer.text
    return str(Portrait.model_validate(answer.json()["portrait"]).portrait)


async def removed(it: World, path: str, token: str) -> int:
    """Take it away."""
    answer = await it.http.delete(f"/api/v1{path}/portrait", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


async def comes(it: World, incident: str = "I-1", responder: str = "R1") -> None:
    """Somebody goes to whoever called."""
    offer, _ = await it.city.offer(incident, responder)
    await it.city.accept(incident, responder, offer)


async def called(it: World, child: str) -> dict[str, Any]:
    """The one helper whom the family sees."""
    [helper] = (await it.get("/family/calls/I-1", child)).json()["helpers"]
    return dict(helper)


@pytest.mark.parametrize(("path", "whose"), [("/responders/R1", "responder"), ("/elders/E1", "elder")])
async def test_it_is_put_replaced_and_taken_away(settings: Settings, path: str, whose: str) -> None:
    """Without what the camera wrote beside it; one a person; who and when beside it; the log has ids."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        assert (await it.get(path, desk)).json()["portrait"] is None
        first = await kept(it, path, desk, face())
        line = (await it.get(path, desk)).json()["portrait"]
        assert line == {"portrait": first, "by": "desk", "at": START.isoformat().replace("+00:00", ".000Z")}
        answer = await it.get(f"/portraits/{first}", desk)
        assert answer.content == bare("image/jpeg", face())
        assert b"Exif" in face()
        assert b"Exif" not in answer.content
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", "no-store")
        assert "sandbox" in answer.headers["content-security-policy"]

        second = await kept(it, path, desk, face("maroon"))
        assert (await it.get(f"/portraits/{first}", desk)).status_code == 404
        assert (await it.get(f"/portraits/{second}", desk)).content == bare("image/jpeg", face("maroon"))
        assert [await removed(it, path, desk) for _ in range(2)] == [200, 200]
        assert (await it.get(path, desk)).json()["portrait"] is None
        person = {whose: path[-2:]}
        assert await it.city.logged("portrait.put") == [{"portrait": one, **person} for one in (first, second)]
        assert await it.city.logged("portrait.removed") == [{"portrait": second, **person}]
        assert it.commands == []


NOISE = Image.frombytes("RGB", (600, 600), Random(1).randbytes(600 * 600 * 3))
WRONG = {
    "empty": (b"", 422, "empty_content"),
    "words": (b"<script>alert(1)</script>", 415, "unsupported_form"),
    "png": (face(form="PNG"), 415, "unsupported_form"),
    "heavy": (face(size=(1900, 1900)) + bytes(310_000), 413, "too_large"),
    "small": (face(size=(119, 400)), 422, "picture_size"),
    "large": (face(size=(2001, 300), quality=20), 422, "picture_size"),
    "cut": (face()[:-40], 422, "broken_content"),
    "bones": (jpeg(), 422, "broken_content"),
}


@pytest.mark.parametrize(("content", "status", "code"), WRONG.values(), ids=WRONG)
async def test_what_is_wrong_is_named(settings: Settings, content: bytes, status: int, code: str) -> None:
    """The field, what is wrong and the limits; what was there before stays."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        name = await kept(it, "/responders/R1", desk, face())
        answer = await put(it, "/responders/R1", desk, content)
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["field"]) == (status, code, "picture")
        assert problem["params"] == {"most": 300 * 1024, "least_px": 120, "most_px": 2000}
        assert (await it.get("/responders/R1", desk)).json()["portrait"]["portrait"] == name


async def test_nobody_beyond_puts_or_sees_one(settings: Settings) -> None:
    """Another county knows no such person; who goes sees her own face, and neither a colleague's nor an elder's."""
    async with world(settings) as it:
        desk, far, wang, li = [await it.log_in(name) for name in ("desk", "elsewhere", "wang", "li")]
        hers, her = await kept(it, "/responders/R1", desk, face()), await kept(it, "/elders/E1", desk, face("teal"))
        for path in ("/responders/R1", "/elders/E1"):
            for token, status in ((far, 404), (wang, 403), (li, 403)):
                assert (await put(it, path, token, face())).status_code == status
                assert await removed(it, path, token) == status
        assert (await put(it, "/responders/R8", desk, face())).status_code == 404
        shut = ((hers, far), (hers, li), (her, far), (her, wang))
        assert [(await it.get(f"/portraits/{name}", token)).status_code for name, token in shut] == [404] * 4
        assert (await it.get(f"/portraits/{hers}", await it.log_in("fitter"))).status_code == 404
        assert (await it.get(f"/portraits/{hers}", wang)).status_code == 200
        assert (await it.get("/me/portrait", wang)).json()["portrait"] == hers
        assert [(await it.get("/me/portrait", token)).status_code for token in (li, desk)] == [404, 404]
        assert len(await it.city.logged("portrait.put")) == 2


async def test_rows_are_shown_by_the_scope_alone(settings: Settings) -> None:
    """To the gateway's own role, whatever it asks; and nobody, the gateway neither, changes a picture."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        await kept(it, "/responders/R1", desk, face())
        await kept(it, "/elders/E1", desk, face())
        gateway = await asyncpg.connect(settings.gateway_database)
        for scope, many in ((STREET, 2), ("36", 2), ("", 2), (OTHER_COUNTY, 0)):
            async with gateway.transaction():
                await gateway.execute("SELECT log.enter($1)", scope)
                assert await gateway.fetchval("SELECT count(*) FROM gateway.portrait") == many, scope
        async with gateway.transaction():
            await gateway.execute("SELECT log.enter($1)", OTHER_COUNTY)
            assert await gateway.execute("DELETE FROM gateway.portrait") == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await gateway.execute("UPDATE gateway.portrait SET elder_id = 'E2'")
        with pytest.raises(asyncpg.PostgresError, match="no scope"):
            await gateway.fetch("SELECT id FROM gateway.portrait")
        await gateway.close()


async def test_a_family_sees_who_comes_and_no_longer_than_that(settings: Settings) -> None:
    """From the yes until half an hour after the end, for whom she has agreed to; every look stands in the log."""
    async with families(settings) as it:
        desk, red, blue = await it.log_in("desk"), await enter(it, settings, "red"), await enter(it, settings, "blue")
        consent = await agreed(it, desk, red, "E1")
        hers, her = await kept(it, "/responders/R1", desk, face()), await kept(it, "/elders/E1", desk, face("teal"))
        await it.city.open("I-1")
        assert (await it.get(f"/family/portraits/{hers}", red)).status_code == 404
        await comes(it)
        assert (await called(it, red))["portrait"] == hers
        assert (await it.get(f"/family/portraits/{hers}", red)).content == bare("image/jpeg", face())
        for name, token in ((hers, blue), (her, red)):
            assert (await it.get(f"/family/portraits/{name}", token)).status_code == 404
        assert (await it.get(f"/portraits/{hers}", red)).status_code == 403
        looks = [one for one in await it.city.logged("person.read") if one["what"] == "portrait"]
        assert looks == [{"what": "portrait", "target": hers, "shown": ["picture"], "why": "case"}]

        await it.city.close("I-1")
        it.clock.advance(SHOWN_AFTER.total_seconds() - 1)
        assert (await called(it, red))["portrait"] == hers
        assert (await it.get(f"/family/portraits/{hers}", red)).status_code == 200
        it.clock.advance(1)
        assert (await called(it, red))["portrait"] is None
        assert (await it.get(f"/family/portraits/{hers}", red)).status_code == 404

        await it.city.open("I-2")
        await comes(it, "I-2")
        assert (await it.get(f"/family/portraits/{hers}", red)).status_code == 200
        ended = await it.http.delete(f"/api/v1/kin/{consent['kin']}", headers={"Authorization": f"Bearer {desk}"})
        assert ended.status_code == 204
        assert (await it.get(f"/family/portraits/{hers}", red)).status_code == 404


async def test_on_an_order_she_is_seen_by_whom_orders_were_agreed_to(settings: Settings) -> None:
    """The calls are not enough; with the orders, her face stands with the visit."""
    async with families(settings) as it:
        desk, red = await it.log_in("desk"), await enter(it, settings, "red")
        await agreed(it, desk, red, "E1")
        hers = await kept(it, "/responders/R1", desk, face())
        await it.city.open("I-1")
        await comes(it)
        visit = "UPDATE dispatch.incident SET family = 'order', order_id = $1 WHERE id = 'I-1'"
        await it.city.database.pool.execute(visit, ORDERS[0])
        assert (await it.get(f"/family/portraits/{hers}", red)).status_code == 404
        await agreed(it, desk, red, "E1", "orders")
        assert (await it.get(f"/family/portraits/{hers}", red)).status_code == 200


async def test_a_desk_sees_her_and_whoever_comes(settings: Settings) -> None:
    """Beside the call: her own face, and that of a helper from next door while she is on her way."""
    async with world(settings) as it:
        desk, far = await it.log_in("desk"), await it.log_in("elsewhere")
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute(HELPER, OTHER_COUNTY)
        await owner.close()
        helper, her = await kept(it, "/responders/R9", far, face()), await kept(it, "/elders/E1", desk, face("teal"))
        assert (await it.get(f"/portraits/{helper}", desk)).status_code == 404
        await it.city.open("I-1")
        await comes(it, responder="R9")
        record = (await it.get("/incidents/I-1/record", desk)).json()
        assert (record["portrait"], record["faces"]) == (her, {"R9": helper})
        assert (await it.get(f"/portraits/{helper}", desk)).status_code == 200
        assert (await put(it, "/responders/R9", desk, face())).status_code == 404
        it.clock.advance(61)
        assert (await it.get(f"/portraits/{her}", desk)).status_code == 200
        assert [one["elder"] for one in await it.city.logged("person.read") if "elder" in one][-1] == "E1"
        await it.city.close("I-1")
        assert (await it.get(f"/portraits/{helper}", desk)).status_code == 404
        assert (await it.get("/incidents/I-1/record", desk)).json()["faces"] == {}


async def test_she_sees_on_her_own_page_whom_to_let_in(settings: Settings, nats_broker: RunningBroker) -> None:
    """Who comes to her, with her face; nobody who goes to the neighbour, and nothing on a revoked telephone."""
    async with there(settings, nats_broker) as it:
        desk, phone = await it.log_in("desk"), await paired(it)
        other = await paired(it, "E2")
        hers = await kept(it, "/responders/R1", desk, face())
        assert Comers.model_validate((await it.get("/elder/comers", phone.token)).json()).items == ()
        await it.city.open("I-1")
        await comes(it)
        [comer] = Comers.model_validate((await it.get("/elder/comers", phone.token)).json()).items
        assert (comer.name, comer.number, str(comer.portrait), comer.order) == ("R1", "R1", hers, None)
        assert (await it.get(f"/elder/portraits/{hers}", phone.token)).content == bare("image/jpeg", face())
        assert (await it.get("/elder/comers", other.token)).json()["items"] == []
        assert (await it.get(f"/elder/portraits/{hers}", other.token)).status_code == 404
        await it.city.close("I-1")
        assert (await it.get("/elder/comers", phone.token)).json()["items"] == []
        it.clock.advance(SHOWN_AFTER.total_seconds())
        assert (await it.get(f"/elder/portraits/{hers}", phone.token)).status_code == 404
        revoked = await it.post(f"/devices/{phone.device}/revoke", await it.log_in("fitter"), {"reason": "丢了"})
        assert revoked.status_code == 200, revoked.text
        assert (await it.get(f"/elder/portraits/{hers}", phone.token)).status_code == 401


async def test_it_goes_with_the_person(settings: Settings) -> None:
    """Who retires has none, nor may get one; who is forgotten neither. Her copy says that there was one."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        hers, her = await kept(it, "/responders/R1", desk, face()), await kept(it, "/elders/E1", desk, face("teal"))
        await it.city.database.pool.execute("UPDATE dispatch.responder SET retired_at = $1 WHERE id = 'R1'", START)
        assert (await it.get(f"/portraits/{hers}", desk)).status_code == 404
        assert (await put(it, "/responders/R1", desk, face())).status_code == 404
        [row] = (await subject.held(settings.owner_database, "E1", RING))["gateway.portrait"]
        assert (row["id"], row["by_account"], "content" in row) == (her, "desk", False)
        await subject.forget(settings.owner_database, "E1", "asked", START + timedelta(days=1))
        assert (await it.get(f"/portraits/{her}", desk)).status_code == 404
        assert (await it.get("/elders/E1", desk)).json()["portrait"] is None


async def test_it_lies_sealed(settings: Settings, database: TestDatabase) -> None:
    """Who has the database has no face; keys change with all other words, and a picture without its key is none."""
    stored = "SELECT content::text FROM gateway.portrait"
    async with world(settings) as it:
        desk = await it.log_in("desk")
        name = await kept(it, "/elders/E1", desk, face())
        open_text = base64.b64encode(bare("image/jpeg", face())).decode()
        owner = await asyncpg.connect(database.url("owner"))
        content = str(await owner.fetchval(stored))
        assert content.startswith("y1:1:")
        assert open_text[:40] not in content
        assert RING.open(content) == open_text
        assert (await seal(database.url("owner"), LATER))["gateway.portrait"] == 1
        turned = str(await owner.fetchval(stored))
        await owner.close()
        assert turned.startswith("y1:2:")
        assert LATER.open(turned) == open_text
        assert (await it.get(f"/portraits/{name}", desk)).status_code == 404, "this gateway has no second key"
