"""An elder's telephone: paired once by a code, it calls for help as every button does, and reads what is hers."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import asyncpg
import httpx
import orjson

from services.devices.domain.mac import body_tag, key_of
from shared.contracts.elder import ElderDay, ElderHome, Paired
from shared.runtime.settings import Settings
from tests.brokers import Book, RunningBroker, book, nats_broker
from tests.integration.gateway_world import ADDRESS, STREET, World
from tests.integration.test_gateway_orders import ORDER, PRICE
from tests.integration.test_gateway_second import ALARMS, house

__all__ = ["book", "nats_broker"]


def there(settings: Settings, broker: RunningBroker) -> AbstractAsyncContextManager[World]:
    """A gateway and a worker behind it."""
    return house(settings, broker, 1)


async def code_for(it: World, elder: str, who: str = "fitter") -> str:
    """A code, as an installer shows it."""
    answer = await it.post(f"/elders/{elder}/pairing", await it.log_in(who))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


async def paired(it: World, elder: str = "E1") -> Paired:
    """A telephone of hers."""
    answer = await it.http.post("/api/v1/elder/pairing", json={"code": await code_for(it, elder)})
    assert answer.status_code == 201, answer.text
    it.http.cookies.clear()
    return Paired.model_validate(answer.json())


async def press(it: World, phone: Paired, seq: int = 1) -> httpx.Response:
    """Call for help, as her page does."""
    fields = {"v": 1, "eid": f"{phone.device}:1:{seq}", "kind": "sos", "boot": 1, "seq": seq, "path": "page"}
    body = orjson.dumps(fields)
    tag = body_tag(key_of(phone.secret), phone.device, body)
    headers = {"X-Yinling-Device": phone.device, "X-Yinling-Signature": tag, "Content-Type": "application/json"}
    return await it.http.post(ALARMS, content=body, headers=headers)


async def test_a_paired_telephone_calls_for_help_as_hers(
    settings: Settings, nats_broker: RunningBroker, book: Book
) -> None:
    """Its alarm is recorded for the elder at her home, without flags, and answered with the receipt."""
    async with there(settings, nats_broker) as it:
        phone = await paired(it)
        answer = await press(it, phone)
        assert (answer.status_code, answer.json()["stage"]) == (200, "recorded")
        [event] = await book.raised()
        assert event.eid == f"{phone.device}:1:1"
        raised = await it.city.logged("alarm.raised")
        assert [(one["subject"], one["home"], one["flags"]) for one in raised] == [("elder:E1", "H1", [])]
        device = (await it.get(f"/devices/{phone.device}", await it.log_in("fitter"))).json()
        assert (device["kind"], device["model"], device["elder"]) == ("page", "elder-page", "E1")
        assert device["placements"][0]["confirmed_how"] == "tick"


async def test_her_page_shows_her_people_and_nobody_elses_doors_open(
    settings: Settings, nats_broker: RunningBroker
) -> None:
    """She sees her name, her family with their numbers, the hotline; every door of those who work here is closed."""
    async with there(settings, nats_broker) as it:
        phone = await paired(it)
        home = ElderHome.model_validate((await it.get("/elder/home", phone.token)).json())
        assert (home.name, home.address, home.hotline) == ("李建国", ADDRESS, settings.hotline)
        assert [(one.name, one.phone) for one in home.family] == [("李小军", "13900000002")]
        assert ElderDay.model_validate((await it.get("/elder/day", phone.token)).json()).items == ()
        who = (await it.get("/sessions/current", phone.token)).json()
        assert (who["role"], who["elder"], who["inboxes"]) == ("elder", "E1", ["u:elder-E1"])
        for path in ("/incidents", "/devices", "/divisions", "/orders", "/orders/mine", "/services", "/me/duty",
                     "/responders"):  # fmt: skip
            assert (await it.get(path, phone.token)).status_code in {403, 404}, path
        assert (await it.post("/elders/E1/pairing", phone.token)).status_code == 403
        assert (await it.get("/elder/home", await it.log_in("desk"))).status_code == 403


async def test_a_code_is_good_once_for_ten_minutes_and_the_last_one_counts(
    settings: Settings, nats_broker: RunningBroker
) -> None:
    """A used, an old and an overtaken code are wrong codes, and the field is named."""
    async with there(settings, nats_broker) as it:
        used = await code_for(it, "E1")
        assert (await it.http.post("/api/v1/elder/pairing", json={"code": used})).status_code == 201
        overtaken = await code_for(it, "E1")
        old = await code_for(it, "E1")
        other = await code_for(it, "E2")
        it.clock.advance(timedelta(minutes=10).total_seconds() + 1)
        for code in (used, overtaken, old, other):
            answer = await it.http.post("/api/v1/elder/pairing", json={"code": code})
            assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (404, "wrong_code", "code")
        short = await it.http.post("/api/v1/elder/pairing", json={"code": "1234"})
        assert (short.status_code, short.json()["field"]) == (422, "code")


async def test_codes_are_shown_within_the_scope_and_guessed_slowly(
    settings: Settings, nats_broker: RunningBroker
) -> None:
    """An installer of another street sees no such elder; ten wrong codes a minute, then 429 whatever comes."""
    async with there(settings, nats_broker) as it:
        assert (await it.post("/elders/E1/pairing", await it.log_in("fitter2"))).status_code == 404
        assert (await it.post("/elders/E1/pairing", await it.log_in("wang"))).status_code == 403
        right = await code_for(it, "E1")
        for number in range(10):
            wrong = await it.http.post("/api/v1/elder/pairing", json={"code": f"{number:08}"})
            assert wrong.status_code == 404
        answer = await it.http.post("/api/v1/elder/pairing", json={"code": right})
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")


async def test_a_lost_telephone_is_revoked_with_its_session(settings: Settings, nats_broker: RunningBroker) -> None:
    """From the revocation on it reads nothing; another telephone of hers goes on."""
    async with there(settings, nats_broker) as it:
        lost, kept = await paired(it), await paired(it)
        fitter = await it.log_in("fitter")
        path = f"/devices/{lost.device}/revoke"
        revoked = await it.post(path, fitter, {"reason": "丢了"}, **{"Idempotency-Key": "lost"})
        assert revoked.status_code == 200, revoked.text
        gone = await it.get("/elder/home", lost.token)
        assert (gone.status_code, gone.json()["code"]) == (401, "unpaired")
        assert (await it.get("/sessions/current", lost.token)).status_code == 401
        assert (await it.get("/elder/home", kept.token)).status_code == 200
        assert (await press(it, kept)).status_code == 200


async def test_an_elder_has_no_password(settings: Settings, nats_broker: RunningBroker) -> None:
    """Her account can't be entered through the login page, with nothing or with anything."""
    async with there(settings, nats_broker) as it:
        await paired(it)
        for password in (" ", "yinling"):
            login = {"username": "elder-E1", "password": password}
            assert (await it.http.post("/api/v1/sessions", json=login)).status_code == 401


async def test_she_orders_and_calls_off_what_is_hers(settings: Settings, nats_broker: RunningBroker) -> None:
    """She sees prices where she lives and her own orders; another's order can't be called off, nor one at the door."""
    async with there(settings, nats_broker) as it:
        phone, other = await paired(it, "E1"), await paired(it, "E2")
        at = it.clock.now() + timedelta(hours=2)
        owner = await asyncpg.connect(settings.owner_database)
        price = await owner.fetchval(PRICE, at)
        name = "O-2026-000001"
        await owner.execute(ORDER, name, STREET, "scheduled", at, ["R1"], price, None, None)
        services = (await it.get("/elder/services", phone.token)).json()["items"]
        assert [(line["code"], line["prices"][0]["cents"]) for line in services] == [("meal", 1500)]
        [line] = ElderDay.model_validate((await it.get("/elder/day", phone.token)).json()).items
        assert (line.order, line.people, line.cancellable) == (name, ("王护士",), True)
        assert (line.telephoned, line.written_by, line.rating) == (None, None, None)
        assert (await it.get("/elder/day", other.token)).json()["items"] == []

        it.answers.append({"status": 200, "body": {"order": "O-2026-000002"}})
        window = {"window_from": at.isoformat(), "window_to": (at + timedelta(hours=1)).isoformat()}
        placed = await it.post("/elder/orders", phone.token, {"service": "meal", **window, "elder": "E2"})
        assert (placed.status_code, placed.json()) == (201, {"order": "O-2026-000002"})
        wish = it.commands[-1]
        assert (wish.target, wish.args["elder"]) == ("E1", "E1")
        assert (wish.actor.account, wish.actor.role, wish.actor.division) == ("elder-E1", "elder", STREET)
        named = await it.post("/elder/orders", phone.token, {"service": "meal"}, **{"Idempotency-Key": "k-2"})
        assert (named.status_code, named.json()["field"]) == (422, "window_from")

        assert (await it.post(f"/elder/orders/{name}/cancel", other.token)).status_code == 404
        await owner.execute("UPDATE dispatch.service_order SET arrived_at = $1", at)
        late = await it.post(f"/elder/orders/{name}/cancel", phone.token)
        assert (late.status_code, late.json()["code"]) == (409, "too_late")
        await owner.execute("UPDATE dispatch.service_order SET arrived_at = NULL")
        it.answers.append({"status": 200, "body": {"order": name}})
        assert (await it.post(f"/elder/orders/{name}/cancel", phone.token)).status_code == 200
        assert it.commands[-1].args == {"reason": "elder_asks"}
        await owner.close()


async def say(it: World, token: str, order: str, rating: int) -> httpx.Response:
    """Press a face."""
    head = {"Authorization": f"Bearer {token}"}
    return await it.http.put(f"/api/v1/elder/orders/{order}/rating", json={"rating": rating}, headers=head)


async def test_she_says_how_it_was(settings: Settings, nats_broker: RunningBroker) -> None:
    """Her face for a visit stands until she presses another; nobody else's visit is hers to speak of."""
    async with there(settings, nats_broker) as it:
        phone, other = await paired(it, "E1"), await paired(it, "E2")
        at, name = it.clock.now(), "O-2026-000001"
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute(ORDER, name, STREET, "fulfilled", at, ["R1"], await owner.fetchval(PRICE, at), None, None)
        for token, rating, status in ((phone.token, 1, 204), (phone.token, 5, 204), (other.token, 1, 404)):
            assert (await say(it, token, name, rating)).status_code == status
        wrong = await say(it, phone.token, name, 6)
        assert (wrong.status_code, wrong.json()["field"]) == (422, "rating")
        [line] = ElderDay.model_validate((await it.get("/elder/day", phone.token)).json()).items
        assert (line.state, line.rating, line.cancellable) == ("fulfilled", 5, False)
        assert await owner.fetchval("SELECT array_agg(account_id) FROM gateway.rating") == ["elder-E1"]
        await owner.close()
