"""An alarm by the second path: through the public door, past a real worker, onto the button; and installers' hands."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson

from services.devices.domain.mac import body_tag, key_of
from shared.contracts.device import DeviceReceipt
from shared.contracts.device_desk import Bound, ClaimState, DeviceView, Registered
from shared.runtime.mqtt import Broker, session
from shared.runtime.settings import Settings
from tests.brokers import CLOCK, COUNTY, Book, RunningBroker, alarm, book, nats_broker, receipts, until, up, worker
from tests.integration.gateway_world import STREET, World, world

__all__ = ["book", "nats_broker"]
ALARMS, SMS = "/device/v1/alarms", "/device/v1/sms"
BUTTON = {"id": "B-9", "kind": "button", "model": "SOS-1", "division": STREET}


@asynccontextmanager
async def house(settings: Settings, broker: RunningBroker, *numbers: int) -> AsyncIterator[World]:
    """A gateway, and these workers behind it."""
    own = broker.settings(settings)
    async with world(own, start=CLOCK.now()) as it:
        if not numbers:
            yield it
            return
        async with worker(own, numbers[0]):
            yield it


async def registered(it: World, token: str, **changes: str) -> Registered:
    """A device fresh from the factory."""
    new = {**BUTTON, **changes}
    answer = await it.post("/devices", token, new, **{"Idempotency-Key": new["id"]})
    assert answer.status_code == 201, answer.text
    return Registered.model_validate(answer.json())


def signed(device: Registered, body: bytes) -> dict[str, str]:
    """Headers of a device that knows its secret."""
    tag = body_tag(key_of(device.secret or ""), device.device, body)
    return {"X-Yinling-Device": device.device, "X-Yinling-Signature": tag, "Content-Type": "application/json"}


async def test_an_alarm_over_http_is_the_same_alarm(settings: Settings, nats_broker: RunningBroker, book: Book) -> None:
    """The answer is the receipt; the same press over MQTT folds into it and hears the same."""
    async with house(settings, nats_broker, 2) as it:
        device = await registered(it, await it.log_in("fitter"))
        body = alarm("B-9")
        answer = await it.http.post(ALARMS, content=body, headers=signed(device, body))
        receipt = DeviceReceipt.model_validate(answer.json())
        assert (answer.status_code, receipt.eid, receipt.stage) == (200, "B-9:1:1", "recorded")
        assert receipt.mac is not None
        address = Broker("127.0.0.1", nats_broker.port, "B-9", device.secret or "")
        async with session(address, topics=[f"yl/v1/{COUNTY}/B-9/down/receipt"]) as link:
            await link.publish(up("B-9"), body)
            [again] = await receipts(link)
        assert again["eid"] == receipt.eid
        assert [one.eid for one in await book.raised()] == ["B-9:1:1"]
        assert await book.count("devices.raw_event", "copies = 2") == 1
        raw = (await it.get("/devices/B-9/raw", await it.log_in("desk"))).json()
        [line] = raw["items"]
        assert (orjson.loads(line["payload"])["kind"], line["copies"]) == ("sos", 2)
        path = f"/devices/B-9/raw/{line['event']}/replay"
        reading = (await it.post(path, await it.log_in("fitter"))).json()["reading"]
        assert (reading["as"], reading["kind"], reading["eid"]) == ("alarm", "sos", "B-9:1:1")


async def test_a_wrong_signature_names_the_header(settings: Settings, nats_broker: RunningBroker, book: Book) -> None:
    """401, whoever it claims to be; nobody is rung, and the door itself knows no login."""
    async with house(settings, nats_broker, 1) as it:
        device = await registered(it, await it.log_in("fitter"))
        body = alarm("B-9")
        right = signed(device, body)
        for headers, field in (
            ({**right, "X-Yinling-Signature": "AAAAAAAAAAAAAAAAAAAAAA=="}, "X-Yinling-Signature"),
            ({**right, "X-Yinling-Device": "B-8"}, "X-Yinling-Signature"),
            ({"Content-Type": "application/json"}, "X-Yinling-Device"),
        ):
            refused = await it.http.post(ALARMS, content=body, headers=headers)
            assert (refused.status_code, refused.json()["field"]) == (401, field)
        changed = await it.http.post(ALARMS, content=body + b" ", headers=right)
        assert changed.status_code == 401
        assert await book.raised() == []
        big = await it.http.post(ALARMS, content=b"x" * 16_385, headers=right)
        assert (big.status_code, big.json()["code"]) == (413, "too_large")
        bare = await it.http.post(SMS, data={"from": "1", "text": "YL1 B-9 1 2 sos"})
        assert (bare.status_code, bare.json()["field"]) == (401, "Authorization")


async def test_guessing_is_slow_but_a_true_device_is_heard(settings: Settings, nats_broker: RunningBroker) -> None:
    """After twenty wrong ones a second an address waits; the device behind it that was right before does not."""
    async with house(settings, nats_broker, 1) as it:
        device = await registered(it, await it.log_in("fitter"))
        body = alarm("B-9")
        assert (await it.http.post(ALARMS, content=body, headers=signed(device, body))).status_code == 200
        wrong = {**signed(device, body), "X-Yinling-Device": "B-8"}
        tries = [(await it.http.post(ALARMS, content=body, headers=wrong)).status_code for _ in range(21)]
        assert tries == [401] * 20 + [429]
        again = await it.http.post(ALARMS, content=body, headers=signed(device, body))
        assert again.status_code == 200
        it.clock.advance(1)
        assert (await it.http.post(ALARMS, content=body, headers=wrong)).status_code == 401


async def test_a_text_message_rings(settings: Settings, nats_broker: RunningBroker, book: Book) -> None:
    """An SMS gateway posts what it received, as a form or as JSON."""
    async with house(settings, nats_broker, 1) as it:
        fitter = await it.log_in("fitter")
        await registered(it, fitter)
        modem = await registered(it, fitter, id="M-1", kind="sms")
        login = base64.b64encode(f"M-1:{modem.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {login}"}
        form = {"from": "+8613900000000", "text": "YL1 B-9 1 7 sos"}
        answer = await it.http.post(SMS, data=form, headers=headers)
        assert DeviceReceipt.model_validate(answer.json()).eid == "B-9:1:7"
        again = await it.http.post(SMS, json=form, headers=headers)
        assert again.status_code == 200
        assert [one.eid for one in await book.raised()] == ["B-9:1:7"]
        missing = await it.http.post(SMS, json={"from": "1"}, headers=headers)
        assert (missing.status_code, missing.json()["field"]) == (422, "text")


async def test_with_both_workers_away_the_device_tries_again(settings: Settings, nats_broker: RunningBroker) -> None:
    """503 and when to come back; whether it was signed is not even looked at."""
    async with house(settings, nats_broker) as it:
        answer = await it.http.post(ALARMS, content=alarm("B-9"), headers={"X-Yinling-Device": "B-9"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["code"] == "service_away"


async def test_a_worker_that_hangs_gets_company(settings: Settings, nats_broker: RunningBroker) -> None:
    """The other one answers well before anybody's patience ends."""

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()

    async with house(settings, nats_broker, 2) as it:
        device = await registered(it, await it.log_in("fitter"))
        hanging = await asyncio.start_server(hang, "127.0.0.1", settings.devices_ports[0])
        body = alarm("B-9")
        async with httpx.AsyncClient(base_url=it.http.base_url, trust_env=False, timeout=4) as http:
            answer = await http.post(ALARMS, content=body, headers=signed(device, body))
        assert answer.status_code == 200
        hanging.close()


async def test_from_the_box_to_the_wall(settings: Settings, nats_broker: RunningBroker) -> None:
    """Registered, claimed with its code and a press, placed and confirmed; the neighbour may do nothing of it."""
    async with house(settings, nats_broker, 1) as it:
        fitter, other = await it.log_in("fitter"), await it.log_in("fitter2")
        keys = iter(range(100))

        async def act(path: str, body: Any = None, token: str = fitter) -> httpx.Response:
            return await it.post(f"/devices/B-9{path}", token, body, **{"Idempotency-Key": f"w{next(keys)}"})

        device = await registered(it, fitter)
        assert (await act("/claim", {"code": device.claim_code}, other)).status_code == 404
        wrong = await act("/claim", {"code": "WRONG"})
        assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_code")
        claim = (await act("/claim", {"code": device.claim_code})).json()["claim"]
        address = Broker("127.0.0.1", nats_broker.port, "B-9", device.secret or "")
        async with session(address, topics=[f"yl/v1/{COUNTY}/B-9/down/receipt"]) as link:
            assert (await act(f"/claim/{claim}")).json()["state"] == "waiting"
            await link.publish(up("B-9"), alarm("B-9"))
            await receipts(link)

            async def state() -> ClaimState:
                return ClaimState.model_validate((await act(f"/claim/{claim}")).json())

            claimed = await until(state, lambda found: found.state == "claimed")
        assert claimed.secret not in {None, device.secret}
        placed = DeviceView.model_validate((await act("/place", {"elder": "E1"})).json())
        assert (placed.home, placed.elder, placed.unconfirmed, placed.tested_at is not None) == ("H1", "E1", True, True)
        confirmed = DeviceView.model_validate((await act("/confirm", {"how": "tick"})).json())
        assert (confirmed.unconfirmed, confirmed.placements[0].confirmed_how) == (False, "tick")
        assert (await act("/test-window", {"minutes": 3})).status_code == 200
        revoked = DeviceView.model_validate((await act("/revoke", {"reason": "丢失"})).json())
        assert (revoked.revoked_at is not None, revoked.revoked_why) == (True, "丢失")
        assert (await act("/rekey", None, other)).status_code == 404


async def test_a_button_that_was_just_pressed_is_bound_and_rings(
    settings: Settings, nats_broker: RunningBroker, book: Book
) -> None:
    """Nobody knew the button behind the hub: the desk is shown the press, reads it, binds it, and it rings late."""
    async with house(settings, nats_broker, 1) as it:
        desk = await it.log_in("desk")
        hub = await registered(it, await it.log_in("fitter"), id="Hub-1", kind="hub", cls="hub", prefix="zigbee2mqtt/#")
        address = Broker("127.0.0.1", nats_broker.port, "Hub-1", hub.secret or "")

        async def unplaced() -> list[Any]:
            found: list[Any] = (await it.get("/unplaced", desk)).json()["items"]
            return found

        async with session(address) as link:
            await link.publish("zigbee2mqtt/0x01", b'{"action": "emergency", "battery": 90}')
            [stray] = await until(unplaced)
        number = stray["quarantine"]
        reading = (await it.post(f"/unplaced/{number}/replay", desk)).json()["reading"]
        [happening] = reading["happenings"]
        assert (reading["adapter"], happening["word"], happening["plain"]) == ("zigbee2mqtt", "emergency", "sos")
        body = {
            "address": happening["addresses"][-1], "new": {"id": "Z-1", "kind": "button", "model": "Aqara"},
            "elder": "E1", "quarantine": number, "ring": True,
        }  # fmt: skip
        assert (await it.post("/bindings", await it.log_in("elsewhere"), body)).status_code == 404
        bound = Bound.model_validate((await it.post("/bindings", desk, body)).json())
        assert (bound.device, bound.hub, bound.rings) == ("Z-1", "Hub-1", 1)
        [raised] = await until(book.raised)
        assert (raised.device, raised.kind, raised.elder) == ("Z-1", "sos", "E1")
        assert await unplaced() == []
        view = DeviceView.model_validate((await it.get("/devices/Z-1", desk)).json())
        assert ([one.hub for one in view.bindings], view.unconfirmed, view.place is not None) == (["Hub-1"], True, True)
        gone = await it.http.delete(
            "/api/v1/bindings", params={"address": body["address"]}, headers={"Authorization": f"Bearer {desk}"}
        )
        assert gone.status_code == 200
        assert DeviceView.model_validate((await it.get("/devices/Z-1", desk)).json()).bindings == ()
