"""Signed alarms, and the two other ways in: HTTP and text messages."""

import asyncio
import base64

import orjson

from services.devices.domain.mac import body_tag, key_of, tag
from tests.brokers import as_owner, bind, register, secret_of
from tests.conftest import TestDatabase
from tests.doorstep import Doorstep, doorstep, message

SIGNED = ("v", "eid", "kind", "boot", "seq", "ts")


def mac(device: str, fields: dict[str, object]) -> str:
    """As the device would sign."""
    return tag(key_of(secret_of(device)), (fields.get(name) for name in SIGNED))


async def test_a_signed_alarm_gets_a_signed_receipt(database: TestDatabase) -> None:
    """The device can tell our receipt from a forged one."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.sign("B-1")
        told = await step.press("B-1", 1, ts=1_795_312_235_123, mac=mac("B-1", message("B-1", 1, ts=1_795_312_235_123)))
        assert told.signed
        receipt = told.wire(key_of(secret_of("B-1")))
        expected = tag(key_of(secret_of("B-1")), (receipt[n] for n in ("v", "eid", "rev", "stage", "rx")))
        assert receipt["mac"] == expected
        assert (await step.bodies("alarm.raised"))[0]["flags"] == []


async def test_a_bad_signature_still_rings_flagged(database: TestDatabase) -> None:
    """The broker has vouched for the connection; a wrong key must not cost a life (未核验)."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.sign("B-1")
        told = await step.press("B-1", 1, mac=base64.b64encode(b"x" * 16).decode())
        assert not told.signed
        [body] = await step.bodies("alarm.raised")
        assert body["flags"] == ["bad_mac"]


async def post(step: Doorstep, device: str, body: bytes, secret: str | None = None) -> tuple[int, dict[str, object]]:
    """Post an alarm, signed as a whole."""
    reply = await step.second.alarm(device, body_tag(key_of(secret or secret_of(device)), device, body), body)
    return reply.status, dict(reply.body)


async def test_an_alarm_over_http_folds_with_the_same_over_mqtt(database: TestDatabase) -> None:
    """Whichever way comes first opens it; the other hears how far help is."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.sign("B-1")
        status, receipt = await post(step, "B-1", orjson.dumps(message("B-1", 7, path="http")))
        assert (status, receipt["eid"], receipt["stage"]) == (200, "B-1:1:7", "recorded")
        assert "mac" in receipt
        await step.press("B-1", 7)
        assert await step.tags() == ["alarm.raised"]
        assert await step.owner.fetchval("SELECT copies FROM devices.raw_event") == 2


async def test_many_at_once_are_stored_together(database: TestDatabase) -> None:
    """When a broker is gone everybody comes this way."""
    names = [f"B-{n}" for n in range(1, 31)]
    await register(database, *names)
    async with doorstep(database) as step:
        await step.sign(*names)
        replies = await asyncio.gather(*(post(step, name, orjson.dumps(message(name, 1))) for name in names))
        assert [(status, body["eid"]) for status, body in replies] == [(200, f"{name}:1:1") for name in names]
        assert len(await step.bodies("alarm.raised")) == 30


async def test_a_wrong_signature_over_http_is_refused_and_shown(database: TestDatabase) -> None:
    """Nobody vouches for this connection, so it opens nothing; the desk sees that somebody tried."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.sign("B-1")
        status, problem = await post(step, "B-1", orjson.dumps(message("B-1", 1)), secret="guessed")
        assert (status, problem) == (401, {"code": "bad_signature", "field": "X-Yinling-Signature"})
        assert await step.tags() == ["alarm.quarantined"]
        status, problem = await post(step, "NOBODY", b"{}")
        assert status == 401
        assert await step.tags() == ["alarm.quarantined"]


async def test_a_broken_body_with_a_good_signature_rings(database: TestDatabase) -> None:
    """What cannot be read is flagged, not dropped."""
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.sign("B-1")
        status, _ = await post(step, "B-1", b'{"v":1,"kind":"so')
        assert status == 200
        assert "unparsed" in (await step.bodies("alarm.raised"))[0]["flags"]


def basic(device: str) -> str:
    """The gateway's header."""
    return "Basic " + base64.b64encode(f"{device}:{secret_of(device)}".encode()).decode()


async def test_a_text_message_rings_and_folds(database: TestDatabase) -> None:
    """Form or JSON, with the device's own signature or flagged without."""
    await register(database, "SMS-1", cls="hub")
    await register(database, "B-1")
    async with doorstep(database) as step:
        await step.sign("B-1")
        good = tag(key_of(secret_of("B-1")), (1, "B-1:3:42", "sos", 3, 42, None))
        form = f"from=%2B8613800000000&text=YL1+B-1+3+42+sos+{good.replace('+', '%2B').replace('=', '%3D')}".encode()
        reply = await step.second.sms(basic("SMS-1"), "application/x-www-form-urlencoded", form)
        assert (reply.status, reply.body["eid"]) == (200, "B-1:3:42")
        await step.press("B-1", 42, boot=3)
        bare = orjson.dumps({"from": "+8613800000000", "text": "YL1 B-1 3 43 fall"})
        await step.second.sms(basic("SMS-1"), "application/json", bare)
        raised = await step.bodies("alarm.raised")
        assert [(body["kind"], body["flags"]) for body in raised] == [("sos", []), ("fall", ["bad_mac"])]


async def test_a_text_from_a_bound_number_rings_at_its_home(database: TestDatabase) -> None:
    """Somebody's telephone is bound as a device; from any other number it lies in quarantine."""
    await register(database, "SMS-1", cls="hub")
    await register(database, "T-1", cls="relayed")
    await bind(database, "SMS-1", "sms/+8613800000000", "T-1", "sms", text="sos")
    async with doorstep(database) as step:
        for number in ("+8613800000000", "+8613999999999"):
            body = orjson.dumps({"from": number, "text": "救命"})
            assert (await step.second.sms(basic("SMS-1"), "application/json", body)).status == 202
        [raised] = await step.bodies("alarm.raised")
        assert (raised["device"], raised["kind"], raised["cls"]) == ("T-1", "sos", "relayed")
        [aside] = await step.bodies("alarm.quarantined")
        assert aside["reason"] == "unbound"


async def test_what_an_sms_gateway_gets_wrong_is_named(database: TestDatabase) -> None:
    """The field is told; without the right secret nothing is taken."""
    await register(database, "SMS-1", cls="hub")
    async with doorstep(database) as step:
        reply = await step.second.sms(basic("SMS-1"), "application/json", b'{"from":"+86138"}')
        assert (reply.status, reply.body["field"]) == (422, "text")
        await as_owner(database, "UPDATE devices.device SET revoked_at = added_at")
        reply = await step.second.sms(basic("SMS-1"), "application/json", b'{"from":"+86138","text":"x"}')
        assert (reply.status, reply.body["field"]) == (401, "Authorization")
