"""What devices say, and the alarms we make of it. Files under payloads/, here and at each adapter, stay for ever."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.devices.adapters import hear, load
from services.devices.adapters.reading import opened
from services.devices.domain.alarm import KEPT_BYTES, Alarm, Number, read
from services.devices.domain.foreign import Binding, Heard, States, relayed
from services.devices.domain.topics import Leaf, place
from services.devices.intake.alarms import content
from shared.contracts.device import DeviceAlarm

HERE = Path(__file__).parent / "payloads"
ADAPTERS = Path(__file__).parents[2] / "services" / "devices" / "adapters"
EXAMPLES = ADAPTERS / "generic" / "examples.toml"


def files(folder: str) -> list[Any]:
    """Every file of this folder."""
    return _named(sorted((HERE / folder).glob("*.json")))


def captures() -> list[Any]:
    """Every published payload of every foreign family."""
    return _named(sorted(ADAPTERS.glob("*/payloads/*.json")))


def _named(found: list[Path]) -> list[Any]:
    return [pytest.param(path, id=f"{path.parent.parent.name}/{path.stem}") for path in found]


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


@pytest.fixture(autouse=True)
def described() -> Iterator[None]:
    """The families that the product describes as examples, for this test alone."""
    assert load(EXAMPLES) == []
    yield
    load(None)


@pytest.mark.parametrize("path", captures())
def test_foreign_devices(path: Path) -> None:
    """One press is one alarm, and means what its binding says."""
    case = json.loads(path.read_text("utf-8"))
    bound = case["binding"]
    binding = Binding(bound["address"], "F-1", "360733", bound["meaning"], case.get("datum", "wgs84"))
    now = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    states, heard = States(), list[Alarm]()
    for topic, payload, said in told(case):
        for happening in said.happenings:
            if binding.address in happening.addresses and states.begins(happening):
                alarm = relayed(topic, payload, happening, binding, now)
                heard += [alarm] if alarm else []
    once = {alarm.spare.seq: alarm for alarm in heard}.values()
    assert [shown(alarm, expected) for alarm, expected in zip(once, case["expected"], strict=True)] == case["expected"]
    assert all(alarm.relayed and alarm.number is None for alarm in once)


@pytest.mark.parametrize("path", captures())
def test_foreign_devices_tell_how_they_are(path: Path) -> None:
    """Battery, signal, mains and reachability reach the device list; unknown things offer themselves for binding."""
    case = json.loads(path.read_text("utf-8"))
    known: dict[str, dict[str, object]] = {}
    words: dict[str, list[str]] = {}
    for _, _, said in told(case):
        for sign in said.signs:
            fields = {name: getattr(sign, name) for name in sign.__slots__ if name not in {"addresses", "position"}}
            known.setdefault(sign.addresses[0], {}).update({k: v for k, v in fields.items() if v is not None})
        words |= {found.address: list(found.words) for found in said.discovered}
    for address, expected in case.get("signs", {}).items():
        assert known[address] == expected
    if "discovered" in case:
        assert words == case["discovered"]


@pytest.mark.parametrize("path", captures())
def test_every_payload_says_where_its_shape_was_published(path: Path) -> None:
    """We have no such hardware here; nobody is to take these for recordings."""
    case = json.loads(path.read_text("utf-8"))
    assert case["source"].startswith("published shape: ")
    assert case["about"]


def told(case: dict[str, Any]) -> Iterator[tuple[str, bytes, Heard]]:
    """What each message of a capture says."""
    for message in case["messages"]:
        payload = as_bytes(message["payload"])
        yield message["topic"], payload, hear(message["topic"], payload, opened(payload))


def shown(alarm: Alarm, expected: dict[str, Any]) -> dict[str, Any]:
    """Kind and flags always, the rest where the capture tells it."""
    flags = {"flags": list(alarm.flags)} if alarm.flags else {}
    rest: dict[str, Any] = {name: getattr(alarm, name) for name in ("batt", "loc") if name in expected}
    if isinstance(rest.get("loc"), dict):
        rest["loc"] = {k: round(v, 7) if k in {"lat", "lon"} else v for k, v in rest["loc"].items()}
    return {"kind": str(alarm.kind), **flags, **rest}
