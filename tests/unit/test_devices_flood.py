"""Folding of floods: nobody is forgotten, whatever comes in whatever batches."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.devices.domain.alarm import Alarm, Number
from services.devices.domain.flood import FREE, Flood
from services.devices.domain.identity import Spare
from services.devices.domain.mac import body_fits, body_tag, fits, key_of, tag
from services.devices.domain.topics import Place
from shared.vocabulary.alarms import AlarmKind

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
KINDS = [AlarmKind.SOS, AlarmKind.FALL]


def alarm(device: str, seq: int, kind: AlarmKind = AlarmKind.SOS) -> Alarm:
    """One of a device's many."""
    return Alarm(Place("360733", device), "t", b"", Number(1, seq), Spare(-1, seq, 0), f"{device}:1:{seq}", kind)


batches = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 400), st.sampled_from(KINDS)), max_size=60),
        st.floats(0, 4),
    ),
    max_size=8,
)


@given(batches)
def test_every_alarm_is_kept_or_counted_in_one_that_is(
    given_batches: list[tuple[list[tuple[str, int, AlarmKind]], float]],
) -> None:
    """Kept and folded together are what came, and the folds add up."""
    flood, now = Flood(), NOON
    for said, pause in given_batches:
        came = [alarm(*one) for one in said]
        sifted = flood.sift(came, now)
        kept = {(a.place.device, a.key, a.kind) for a in sifted.kept}
        folded = {(a.place.device, a.key, a.kind) for a in sifted.folded}
        assert kept | folded == {(a.place.device, a.key, a.kind) for a in came}
        assert sum(a.folds for a in sifted.kept) == len(sifted.folded)
        assert {(a.place.device, a.kind) for a in came} == {(a.place.device, a.kind) for a in sifted.kept}
        now += timedelta(seconds=pause)


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=FREE, unique=True), st.integers(1, 5))
def test_a_person_is_never_folded(numbers: list[int], times: int) -> None:
    """Twenty different presses in ten seconds, each repeated, ring each for itself."""
    flood = Flood()
    for _ in range(times):
        sifted = flood.sift([alarm("A", seq) for seq in numbers], NOON)
        assert (len(sifted.kept), sifted.folded) == (len(numbers), [])


def test_a_flood_ends_with_its_window() -> None:
    """Ten seconds later the device is an ordinary one again."""
    flood = Flood()
    flood.sift([alarm("A", seq) for seq in range(100)], NOON)
    sifted = flood.sift([alarm("A", 100)], NOON + timedelta(seconds=10))
    assert (sifted.kept[0].quiet, sifted.kept[0].folds, sifted.kept[0].flags) == (False, 0, ())


@given(st.text(min_size=1), st.lists(st.one_of(st.none(), st.integers(), st.text()), max_size=6), st.text())
def test_only_the_right_tag_fits(secret: str, parts: list[object], wrong: str) -> None:
    """In either alphabet and without padding; nothing else, and nothing raises."""
    key = key_of(secret)
    good = tag(key, parts)
    assert fits(key, parts, good)
    assert fits(key, parts, good.replace("+", "-").replace("/", "_").rstrip("="))
    assert not fits(key, [*parts, "more"], good)
    assert fits(key, parts, wrong) is False or wrong.strip().rstrip("=") == good.rstrip("=")


@given(st.binary(max_size=200))
def test_a_body_is_signed_for_one_device(body: bytes) -> None:
    """The same body from another device does not fit."""
    key = key_of("secret")
    assert body_fits(key, "B-1", body, body_tag(key, "B-1", body))
    assert not body_fits(key, "B-2", body, body_tag(key, "B-1", body))
