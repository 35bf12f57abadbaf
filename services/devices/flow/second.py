"""The second path: the same alarm over HTTP, or as a text message through a gateway that posts it.

What arrives together is stored together, through the same statement as over MQTT, so that it folds with what came
that way. The answer is the receipt.
"""

import asyncio
import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qs

import orjson

from services.devices.adapters import happenings
from services.devices.domain.alarm import Alarm, read
from services.devices.domain.foreign import relayed
from services.devices.domain.mac import body_fits
from services.devices.domain.quarantine import Why, stray
from services.devices.domain.told import Told
from services.devices.domain.topics import Place
from services.devices.flow.alarms import AlarmFlow, Reading
from services.devices.outbox import Receipts
from services.devices.store import registry
from services.devices.store.keys import Keys
from shared.runtime.clock import Clock
from shared.runtime.database import Database

HTTP_TOPIC = "/device/v1/alarms"
SMS_TOPIC = "/device/v1/sms"
OURS = re.compile(r"\s*YL1\s+([A-Za-z0-9_-]{1,64})\s+(\d{1,15})\s+(\d{1,15})\s+([a-z_]{1,32})(?:\s+(\S{1,64}))?\s*")
NUMBER = re.compile(r"\+?[0-9]{3,20}")


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: a receipt, or a problem that names the field."""

    status: int
    body: Mapping[str, object]


class SecondPath:
    """Takes alarms that did not come over MQTT."""

    def __init__(self, database: Database, clock: Clock, flow: AlarmFlow, keys: Keys, receipts: Receipts) -> None:
        """`flow` is this path's own, since a flow stores one batch at a time."""
        self._database = database
        self._clock = clock
        self._flow = flow
        self._keys = keys
        self._receipts = receipts
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[Sequence[Reading], asyncio.Future[list[Told]]]] = []

    async def alarm(self, device: str, signature: str, body: bytes) -> Reply:
        """An alarm signed as a whole; what is signed wrongly is refused and shown to the desk."""
        if not device:
            return _problem(HTTPStatus.UNAUTHORIZED, "unauthenticated", "X-Yinling-Device")
        now = self._clock.now()
        key = (await self._keys.of([device], now)).get(device)
        county = await registry.county_of(self._database, device)
        if key is None or county is None or not body_fits(key, device, body, signature):
            if county is not None:
                await self._kept([stray(HTTP_TOPIC, body, Why.BAD_SIGNATURE, county)])
            return _problem(HTTPStatus.UNAUTHORIZED, "bad_signature", "X-Yinling-Signature")
        alarm = read(Place(county, device), HTTP_TOPIC, body, content(body), now, retained=False)
        return await self._answered(replace(alarm, signed=True))

    async def sms(self, authorization: str, kind: str, body: bytes) -> Reply:
        """A text message `YL1 <device> <boot> <seq> <kind> [<mac>]`, or anything from a number that is bound."""
        name, secret = _basic(authorization)
        known = (await registry.credentials(self._database, [name])).get(name)
        if known is None or known.revoked or not _same(secret, known.secret_sha256):
            return _problem(HTTPStatus.UNAUTHORIZED, "unauthenticated", "Authorization")
        fields = _fields(kind, body)
        for field in ("from", "text"):
            if not fields.get(field):
                return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_field", field)
        ours = OURS.fullmatch(fields["text"])
        if ours is not None:
            return await self._answered(await self._texted(ours, fields["text"].encode(), known.county))
        await self._kept(await self._foreign(fields["from"], fields["text"].encode(), known.county))
        return Reply(HTTPStatus.ACCEPTED, {"stored": True})

    async def _texted(self, ours: re.Match[str], text: bytes, county: str) -> Alarm:
        """Without a good signature it rings flagged: the gateway is known, the sender's number can be forged."""
        device, boot, seq, kind, mac = ours.groups()
        fields = {
            "v": 1, "eid": f"{device}:{boot}:{seq}", "kind": kind, "boot": int(boot), "seq": int(seq), "path": "sms",
            "mac": mac or "none",
        }  # fmt: skip
        place = Place(await registry.county_of(self._database, device) or county, device)
        return read(place, SMS_TOPIC, text, fields, self._clock.now(), retained=False)

    async def _foreign(self, number: str, text: bytes, county: str) -> list[Reading]:
        topic = f"sms/{number if NUMBER.fullmatch(number) else 'unknown'}"
        said = happenings(topic, text, None)
        known = await self._flow.bindings(address for it in said for address in it.addresses)
        now = self._clock.now()
        alarms = [
            relayed(topic, text, it, binding, now)
            for it in said for binding in next((known[a] for a in it.addresses if a in known), [])
        ]  # fmt: skip
        if not known:
            return [stray(topic, text, Why.UNBOUND, county)]
        return [alarm for alarm in alarms if alarm is not None]

    async def _answered(self, alarm: Alarm) -> Reply:
        told = await self._kept([alarm])
        receipt = next((one for one in told if one.device == alarm.place.device and one.eid == alarm.eid), None)
        if receipt is None:
            receipt = next((one for one in told if one.device == alarm.place.device), None)
        if receipt is None:
            return Reply(HTTPStatus.ACCEPTED, {"stored": True})
        return Reply(HTTPStatus.OK, orjson.loads(self._receipts.written(receipt)))

    async def _kept(self, readings: Sequence[Reading]) -> list[Told]:
        """Whoever has the turn stores everything that waits; the others find their answer there."""
        future: asyncio.Future[list[Told]] = asyncio.get_running_loop().create_future()
        self._waiting.append((readings, future))
        async with self._turn:
            if not future.done():
                waiting, self._waiting = self._waiting, []
                told = await self._flow.keep([reading for some, _ in waiting for reading in some])
                for _, other in waiting:
                    if not other.done():
                        other.set_result(told)
        return await future


def content(body: bytes) -> object:
    """The body's JSON; None where it is broken."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, rest = authorization.partition(" ")
    try:
        text = base64.b64decode(rest, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        text = ""
    name, _, secret = text.partition(":")
    return name, secret


def _same(secret: str, known: bytes) -> bool:
    return hmac.compare_digest(sha256(secret.encode()).digest(), known)


def _fields(kind: str, body: bytes) -> dict[str, str]:
    """Fields of a form or of a JSON object, whichever the gateway posts."""
    if "json" in kind:
        found = content(body)
        return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _problem(status: int, code: str, field: str) -> Reply:
    return Reply(status, {"code": code, "field": field})
