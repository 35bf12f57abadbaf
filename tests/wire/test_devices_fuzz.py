"""Bad input at every adapter: published payloads with fields lost, changed, nested, cut off and soiled.

Nothing raises, and nothing alarm-like is lost: while a press is still written in a report it rings, however odd the
rest has become; and a report of a button that nobody can read is shown to the desk.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.devices.adapters import BY_ROOT, explain, hear, load, understand, zigbee2mqtt
from services.devices.adapters.mending import ABOUT, broken
from services.devices.adapters.reading import opened
from services.devices.domain.foreign import IGNORE, PLAIN, Happening

ADAPTERS = Path(__file__).parents[2] / "services" / "devices" / "adapters"
PRESSES = ("action", "event", "alarm", "Action", "event_type", "value")
FAMILIES = sorted(path.name for path in ADAPTERS.iterdir() if (path / "payloads").is_dir())


@dataclass(frozen=True)
class Report:
    """A message of a capture; `pairs` are its presses as they are written: a field's name and its word."""

    topic: str
    payload: Any
    pairs: tuple[bytes, ...]


def reports(family: str) -> list[Report]:
    """Every message that this family published."""
    files = sorted((ADAPTERS / family / "payloads").glob("*.json"))
    said = [message for path in files for message in json.loads(path.read_text("utf-8"))["messages"]]
    return [Report(one["topic"], one["payload"], tuple(_pairs(one))) for one in said]


def _pairs(message: dict[str, Any]) -> Iterator[bytes]:
    payload = as_bytes(message["payload"])
    for happening in hear(message["topic"], payload, opened(payload)).happenings:
        if loud(happening):
            pairs = (f'"{name}":"{happening.word}"'.encode() for name in PRESSES)
            yield from (pair for pair in pairs if pair in payload)


def as_bytes(payload: object) -> bytes:
    """Text as it is, anything else as JSON."""
    return payload.encode() if isinstance(payload, str) else orjson.dumps(payload)


def loud(happening: Happening) -> bool:
    """Whether somebody would be rung if it is bound."""
    return happening.rings and PLAIN.get(happening.word) != IGNORE


@pytest.fixture(autouse=True, scope="module")
def described() -> Iterator[None]:
    """With the product's own examples of described families."""
    load(ADAPTERS / "generic" / "examples.toml")
    yield
    load(None)


names = st.text(min_size=1, max_size=8).filter(lambda name: name not in ABOUT)
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=12)
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))
soil = st.sampled_from([b"\0", b"\xff", b"\xed\xa0\x80", b"}", b"]", b'"', b",", b"\\", b"\n", b"null", b"\xe7\x88"])


@st.composite
def mangled(draw: st.DrawFn, family: str) -> tuple[Report, bytes]:
    """A report of this family after some accidents."""
    report = draw(st.sampled_from(reports(family)))
    content = report.payload
    for _ in range(draw(st.integers(0, 3))):
        content = draw(st.sampled_from([_lost, _changed, _nested, _added, _huge]))(draw, content)
    payload = as_bytes(content)
    for _ in range(draw(st.integers(0, 2))):
        payload = draw(st.sampled_from([_cut, _soiled]))(draw, payload)
    return report, payload


def _spot(draw: st.DrawFn, content: Any) -> dict[str, Any] | None:
    """An object somewhere in it, to be changed in place."""
    found = [it for it in _objects(content) if it]
    return draw(st.sampled_from(found)) if found else None


def _objects(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        yield content
    for item in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from _objects(item)


def _copied(content: Any) -> Any:
    return orjson.loads(orjson.dumps(content))


def _lost(draw: st.DrawFn, content: Any) -> Any:
    content = _copied(content)
    spot = _spot(draw, content)
    if spot is not None:
        del spot[draw(st.sampled_from(sorted(spot)))]
    return content


def _changed(draw: st.DrawFn, content: Any) -> Any:
    content = _copied(content)
    spot = _spot(draw, content)
    if spot is None:
        return draw(anything)
    spot[draw(st.sampled_from(sorted(spot)))] = draw(anything)
    return content


def _nested(draw: st.DrawFn, content: Any) -> Any:
    return draw(st.sampled_from([{draw(names): content}, [content], {"data": {"more": content}}]))


def _added(draw: st.DrawFn, content: Any) -> Any:
    content = _copied(content)
    spot = _spot(draw, content)
    if spot is not None:
        spot.setdefault(draw(names), draw(anything))
    return content


def _huge(_: st.DrawFn, content: Any) -> Any:
    return {"pad": "x" * 100_000, **content} if isinstance(content, dict) else content


def _cut(draw: st.DrawFn, payload: bytes) -> bytes:
    return payload[: draw(st.integers(0, len(payload)))]


def _soiled(draw: st.DrawFn, payload: bytes) -> bytes:
    at = draw(st.integers(0, len(payload)))
    return payload[:at] + draw(soil) + payload[at:]


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_raises_and_no_press_is_lost(family: str, data: st.DataObject) -> None:
    """A press that is still written there rings; a broken report of a button is at least shown to the desk."""
    report, payload = data.draw(mangled(family))
    heard = understand(report.topic, payload, opened(payload))
    rung = [happening for happening in heard.happenings if loud(happening)]
    if any(pair in payload for pair in report.pairs):
        assert rung, "a press was lost"
    if heard.speaker and broken(payload, opened(payload)):
        assert rung or heard.unreadable, "a broken report was passed over"
        odd = all(happening.flags for happening in rung if happening.word in PLAIN)
        assert odd or family == "sms", "it rings as if nothing were odd"
    orjson.dumps(explain(report.topic, payload))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_press_to_be_lost(family: str) -> None:
    """The test above would pass by itself if no capture had one."""
    presses = [report for report in reports(family) if report.pairs]
    assert presses or family == "sms"


@settings(max_examples=300, deadline=None)
@given(
    topic=st.sampled_from([*BY_ROOT, "x"]),
    levels=st.lists(
        st.text(max_size=6)
        | st.sampled_from(["bridge", "devices", "config", "device", "events", "rpc", "status", "announce", "LWT"]),
        max_size=4,
    ),
    payload=st.binary(max_size=64) | st.builds(orjson.dumps, anything),
)  # fmt: skip
def test_any_topic_and_any_bytes_are_survived(topic: str, levels: list[str], payload: bytes) -> None:
    """The bridge lives through whatever a hub may publish, and every address it hears can be looked up."""
    whole = "/".join([topic, *levels])
    heard = understand(whole, payload, opened(payload))
    for happening in heard.happenings:
        assert happening.addresses
        assert whole in happening.addresses or all(address.isprintable() for address in happening.addresses)
    assert all(found.address.isprintable() for found in heard.discovered)
    orjson.dumps(explain(whole, payload))


def test_a_stumbling_adapter_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it could not read is told as such, and a cry in it still rings."""

    def stumble(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(zigbee2mqtt, "hear", stumble)
    assert hear("zigbee2mqtt/a", b'{"battery":1}', {"battery": 1}).unreadable
    [happening] = hear("zigbee2mqtt/a", b'{"x":"emergency"}', {"x": "emergency"}).happenings
    assert (happening.addresses, happening.word, happening.flags) == (("zigbee2mqtt/a",), "emergency", ("unparsed",))
