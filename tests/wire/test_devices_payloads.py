"""What real devices say, and the alarms we make of it. Files under payloads/ are kept for ever."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.devices.adapters import happenings
from services.devices.domain.alarm import KEPT_BYTES, Alarm, Number, read
from services.devices.domain.foreign import Binding, States, relayed
from services.devices.domain.topics import Leaf, place
from services.devices.intake.alarms import content
from shared.contracts.device import DeviceAlarm

HERE = Path(__file__).parent / "payloads"


def files(*folders: str) -> list[Any]:
    """Every captured file of these makers."""
    found = sorted(path for folder in folders for path in (HERE / folder).glob("*.json"))
    return [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in found]


def as_bytes(payload: object) -> bytes:
    """Text as it is, anything else as JSON."""
    return payload.encode() if isinstance(payload, str) else orjson.dumps(payload)


@pytest.mark.parametrize("path", files("native"))
def test_our_own_devices(path: Path) -> None:
    """Whatever they say rings; what is odd about it is flagged."""
    case = json.loads(path.read_text("utf-8"))
    payload = as_bytes(case["payload"])
    whose = place(case["topic"], Leaf.ALARM)
    assert whose is not None
    now = datetime.fromtimestamp(case["now"] / 1000, UTC)
    alarm = read(whose, case["topic"], payload, content(payload), now, retained=False)
    expected = case["expected"]
    assert alarm.kind == expected["kind"]
    assert alarm.number == (Number(*expected["number"]) if expected["number"] else None)
    assert sorted(alarm.flags) == expected["flags"]
    assert alarm.eid == (expected["eid"] or f"B-00017:x:{alarm.spare.seq:x}")
    assert alarm.payload == payload[:KEPT_BYTES]
    for name in {"batt", "path", "loc"} & set(expected):
        assert getattr(alarm, name) == expected[name]
    if "happened" in expected:
        happened = alarm.happened_at and round(alarm.happened_at.timestamp() * 1000)
        assert happened == expected["happened"]


def test_the_contract_takes_what_the_reader_takes_without_a_flag() -> None:
    """An unflagged message is a valid DeviceAlarm."""
    for parameter in files("native"):
        case = json.loads(parameter.values[0].read_text("utf-8"))
        if not case["expected"]["flags"] and case["expected"]["eid"] == case["payload"].get("eid"):
            DeviceAlarm.model_validate(case["payload"])


@pytest.mark.parametrize("path", files("zigbee2mqtt", "shelly"))
def test_foreign_devices(path: Path) -> None:
    """One press is one alarm, and means what its binding says."""
    case = json.loads(path.read_text("utf-8"))
    binding = Binding(case["binding"]["address"], "F-1", "360733", case["binding"]["meaning"])
    now = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    states, heard = States(), list[Alarm]()
    for message in case["messages"]:
        payload = as_bytes(message["payload"])
        for happening in happenings(message["topic"], payload, content(payload)):
            if binding.address in happening.addresses and states.begins(happening):
                alarm = relayed(message["topic"], payload, happening, binding, now)
                heard += [alarm] if alarm else []
    once = {alarm.spare.seq: alarm for alarm in heard}.values()
    found = [{"kind": str(alarm.kind), **({"flags": list(alarm.flags)} if alarm.flags else {})} for alarm in once]
    assert found == case["expected"]
    assert all(alarm.relayed and alarm.number is None for alarm in once)
