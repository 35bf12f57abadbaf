"""What an alarm is, which message is which alarm, and what a device is told: values in, values out."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.devices.domain.alarm import Alarm, read
from services.devices.domain.foreign import Happening, States, refusal
from services.devices.domain.identity import FOR_EVER, fingerprint, spare
from services.devices.domain.permissions import Credential, grant, subjects
from services.devices.domain.quarantine import Why, stray
from services.devices.domain.told import News, Told, latest
from services.devices.domain.topics import Leaf, Place, place, receipt_topic
from services.devices.intake.alarms import content
from services.devices.store.alarms import _body
from shared.contracts.device import DeviceReceipt
from shared.contracts.events import AlarmRaised
from shared.vocabulary.alarms import Flag, Stage

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
HERE = Place("360733", "B-1")
TOPIC = "yl/v1/360733/B-1/up/alarm"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=5,
)
FIELDS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("v", "eid", "kind", "boot", "seq", "ts", "loc", "batt", "path", "attempt"), JSON)
)


def parsed(payload: bytes, now: datetime = NOW, *, retained: bool = False) -> Alarm:
    """Read as the intake does."""
    return read(HERE, TOPIC, payload, content(payload), now, retained=retained)


@given(st.binary(max_size=200))
def test_any_bytes_ring(payload: bytes) -> None:
    """No byte sequence raises, and each can be written into the log."""
    alarm = parsed(payload)
    assert orjson.loads(_body(alarm, str(UUID(int=1))))["device"] == "B-1"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(FIELDS)
def test_any_object_rings_and_can_be_logged(fields: dict[str, object]) -> None:
    """Whatever is in the fields, the event's body is one that dispatch can read."""
    alarm = read(HERE, TOPIC, b"{}", fields, NOW, retained=False)
    body = orjson.loads(_body(alarm, str(UUID(int=1))))
    rest = {"subject": "device:B-1", "home": None, "elder": None, "cls": "own", "flags": list(alarm.flags)}
    AlarmRaised.model_validate({**body, **rest})
    assert "\0" not in alarm.eid


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("yl/v1/360733/B-1/up/alarm", Place("360733", "B-1")),
        ("yl/v1/360733/老人-1/up/alarm", Place("360733", "老人-1")),
        ("yl/v1/360733/B-1/up/state", None),
        ("yl/v1/360733/B-1/up/alarm/x", None),
        ("yl/v2/360733/B-1/up/alarm", None),
        ("yl/v1//B-1/up/alarm", None),
        ("yl/v1/360733/" + "B" * 200 + "/up/alarm", None),
        ("yl/v1/360733/B\x001/up/alarm", None),
        ("", None),
    ],
)
def test_topics(topic: str, found: Place | None) -> None:
    """Only our own, and only with ids that can be kept."""
    assert place(topic, Leaf.ALARM) == found


def test_receipts_go_beside_the_alarms() -> None:
    """Under the device's own id."""
    assert receipt_topic("360733", "B-1") == "yl/v1/360733/B-1/down/receipt"


def test_attempts_share_a_key_and_other_content_does_not() -> None:
    """An alarm without numbers is known by everything but its attempt and path."""
    first = parsed(b'{"v":1,"kind":"sos","ts":1,"attempt":1,"path":"wifi"}')
    second = parsed(b'{"v":1,"kind":"sos","ts":1,"attempt":2,"path":"cell"}', NOW + timedelta(seconds=5))
    other = parsed(b'{"v":1,"kind":"sos","ts":2,"attempt":1}')
    assert first.spare.seq == second.spare.seq != other.spare.seq
    assert first.spare.boot > second.spare.boot
    assert first.spare.boot - second.spare.boot < first.spare.reach_ms


def test_a_retained_alarm_without_numbers_never_rings_again() -> None:
    """The broker gives it to us at every start."""
    assert parsed(b"SOS", retained=True).spare.reach_ms == FOR_EVER.total_seconds() * 1000


@given(st.binary())
def test_fingerprints_fit_a_bigint(raw: bytes) -> None:
    """And are never negative."""
    assert 0 <= fingerprint(raw) < 2**53
    assert spare(raw, NOW).boot < 0


def test_a_clock_within_reason_is_believed() -> None:
    """Five minutes ahead, a day behind."""
    for shift, flag in ((299, None), (301, Flag.CLOCK_AHEAD), (-86_399, None), (-86_401, Flag.CLOCK_BEHIND)):
        ts = int((NOW + timedelta(seconds=shift)).timestamp() * 1000)
        alarm = parsed(orjson.dumps({"v": 1, "eid": "x", "kind": "sos", "boot": 1, "seq": 1, "ts": ts}))
        assert alarm.flags == ((flag,) if flag else ())
        assert (alarm.happened_at is None) == (flag is not None)


def test_the_latest_news_wins_and_a_stage_never_goes_back() -> None:
    """Several pieces of news in one batch become one receipt an incident."""
    news = [
        News("I-2", Stage.SEEN),
        News("I-1", Stage.ACCEPTED, "王护士", 420),
        News("I-1", Stage.SEEN),
        News("I-1", Stage.ACCEPTED, say="正在换人"),
    ]
    assert latest(news) == [News("I-1", Stage.ACCEPTED, say="正在换人"), News("I-2", Stage.SEEN)]


def test_a_receipt_is_what_the_contract_says() -> None:
    """Unknown fields are left out; times are milliseconds."""
    told = Told("B-1", "360733", "B-1:1:1", 1, Stage.RECORDED, NOW)
    assert told.wire() == {"v": 1, "eid": "B-1:1:1", "rev": 1, "stage": "recorded", "rx": 1795327200000}
    full = Told("B-1", "360733", "B-1:1:1", 3, Stage.ACCEPTED, NOW, "I-1", "王护士", 420, "王护士七分钟到")
    assert DeviceReceipt.model_validate(full.wire()).model_dump(exclude_none=True) == full.wire()


@pytest.mark.parametrize(
    ("topic_filter", "found"),
    [
        ("yl/v1/360733/B-1/up/#", ("yl.v1.360733.B-1.up", "yl.v1.360733.B-1.up.>")),
        ("shellies/a.b/+", ("shellies.a//b.*",)),
        ("zigbee2mqtt/#", ("zigbee2mqtt", "zigbee2mqtt.>")),
    ],
)
def test_filters_as_subjects(topic_filter: str, found: tuple[str, ...]) -> None:
    """As nats-server translates them."""
    assert subjects(topic_filter) == found


@pytest.mark.parametrize("prefix", ["zigbee2mqtt", "zigbee2mqtt/", "zigbee2mqtt/#"])
def test_a_hub_is_granted_its_prefix(prefix: str) -> None:
    """However it is written; a button has none."""
    hub = grant(Credential("HUB-1", "360733", b"", prefix, revoked=False))
    assert hub.publish == ("yl/v1/360733/HUB-1/up/#", "zigbee2mqtt/#")
    assert grant(Credential("B-1", "360733", b"", None, revoked=False)).subscribe == ("yl/v1/360733/B-1/down/#",)


def test_a_state_rings_when_it_begins() -> None:
    """Not while it lasts; again when it begins again."""
    states = States()
    on, off = Happening(("a",), "smoke", on=True), Happening(("a",), "smoke", on=False)
    assert [states.begins(item) for item in (off, on, on, off, on)] == [False, True, False, False, True]
    assert states.begins(Happening(("a",), "single"))


@pytest.mark.parametrize("name", ["zigbee2mqtt/sos bedroom", "zigbee2mqtt/a+b", "zigbee2mqtt/#", "a\u3000b", "", "a>b"])
def test_names_that_brokers_choke_on_are_refused_in_words(name: str) -> None:
    """The operator reads why."""
    assert "rename" in (refusal(name) or "")


@pytest.mark.parametrize("name", ["zigbee2mqtt/sos_bedroom", "zigbee2mqtt/卧室/求助", "shellies/a.b-c"])
def test_other_names_are_not(name: str) -> None:
    """Dots and Chinese work."""
    assert refusal(name) is None


def test_anything_can_be_set_aside() -> None:
    """Also what no database column takes as it is."""
    item = stray("yl/\0/\ud800/x", b"\0" * 20_000, Why.NO_PLACE, "3607")
    assert "\0" not in item.topic
    item.topic.encode()
    assert (len(item.payload), item.county, len(item.digest)) == (16384, "", 32)
