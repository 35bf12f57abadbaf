"""What speaks against a visit: each sign alone at its limit, and nothing against people who are merely careless."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from PIL import Image

from services.gateway.domain.doubts import DOUBTFUL, Album, Photo, Reason, Shown, Visit, judged, score
from services.gateway.domain.looks import apart, bands, look
from services.gateway.flow.looks import seen
from simulators.frauds import passed_on, picture

NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)
HERE = tuple(Shown(phase, "position", holds=True, dist_m=20, accuracy_m=15) for phase in ("arrive", "leave"))
SOUND = Visit(
    "O-1", "H-1", 25.6, 115.8, 60, NINE, NINE + timedelta(minutes=58),
    {"R-1": {"phone": NINE - timedelta(hours=1)}}, proofs=HERE, photos=(Photo("aa", 0x1234, NINE),),
)  # fmt: skip


def later(minutes: float, **more: object) -> Visit:
    """The same person's next visit, in another home, so many minutes after."""
    begin = SOUND.left_at + timedelta(minutes=minutes)
    end = begin + timedelta(minutes=60)
    values = {"order": "O-2", "home": "H-2", "arrived_at": begin, "left_at": end, "photos": ()} | more
    return replace(SOUND, **values)  # type: ignore[arg-type]


def reasons(*visits: Visit, before: tuple[Visit, ...] = ()) -> dict[str, list[str]]:
    """Codes of the signs against each."""
    found = judged(visits, before, Album((*visits, *before)))
    return {order: [one.code for one in signs] for order, signs in found.items()}


def test_nothing_speaks_against_an_ordinary_visit() -> None:
    """Nor against the next one, in another home within reach."""
    assert reasons(SOUND, later(8, lat=25.62)) == {"O-1": [], "O-2": []}


@pytest.mark.parametrize(
    ("minutes", "codes"), [(23, ["short_stay"]), (24, ["shortish"]), (35.5, ["shortish"]), (36, [])]
)
def test_a_stay_is_short_under_two_fifths_of_what_was_agreed(minutes: float, codes: list[str]) -> None:
    """Three fifths are well; a service without proof of leaving has no length that anybody knows."""
    visit = replace(SOUND, left_at=NINE + timedelta(minutes=minutes))
    assert reasons(visit) == {"O-1": codes}
    assert reasons(replace(visit, leaves=False)) == {"O-1": []}


@pytest.mark.parametrize(
    ("proofs", "codes"),
    [
        ([Shown("arrive", "position", holds=False, dist_m=325, accuracy_m=20)], ["far", "no_proof"]),
        ([Shown("arrive", "position", holds=False, dist_m=315, accuracy_m=20)], ["no_proof"]),
        ([Shown("arrive", "position", holds=False, dist_m=5000, accuracy_m=301)], ["no_proof"]),
        ([Shown("arrive", "position", holds=False, dist_m=5000, accuracy_m=20), *HERE], []),
        ([Shown("arrive", "home_code", holds=True),
          Shown("arrive", "position", holds=False, dist_m=900, accuracy_m=20)], []),
        ([Shown("arrive", "home_code", holds=True),
          Shown("arrive", "position", holds=False, dist_m=1100, accuracy_m=20)], ["far"]),
        ([], ["no_proof"]),
    ],
)  # fmt: skip
def test_a_position_speaks_where_it_is_surely_elsewhere(proofs: list[Shown], codes: list[str]) -> None:
    """Vague ones say nothing, a better one afterwards takes it back, a label weighs against a near miss."""
    assert reasons(replace(SOUND, proofs=tuple(proofs))) == {"O-1": codes}


def test_nobody_is_in_two_towns_within_minutes() -> None:
    """Faster than 35 m/s, or in both at once; whom it was told of first is not doubted for it."""
    away = later(10, lat=25.9)
    [fast] = judged([SOUND, away], [], Album([]))["O-2"]
    assert (fast.code, fast.params["order"], fast.params["seconds"]) == ("too_fast", "O-1", 600)
    assert reasons(SOUND, later(20, lat=25.9)) == {"O-1": [], "O-2": []}
    assert reasons(SOUND, later(-30, lat=25.9))["O-2"] == ["too_fast"]
    assert reasons(away, before=(SOUND,)) == {"O-2": ["too_fast"]}
    label = replace(SOUND, proofs=(Shown("arrive", "home_code", holds=True),))
    assert reasons(label, away) == {"O-1": ["too_fast"], "O-2": []}, "a label can be copied, a position was there"
    assert reasons(away, before=(label,)) == {"O-2": []}, "the other has its own turn"
    assert reasons(label, before=(away,)) == {"O-1": ["too_fast"]}, "also when it ended first"
    assert reasons(SOUND, before=(away,)) == {"O-1": []}, "of two that were shown the later is doubted"
    short = replace(SOUND, left_at=NINE + timedelta(minutes=5))
    soon = replace(away, arrived_at=short.left_at + timedelta(minutes=4))
    assert reasons(short, soon) == {"O-1": ["short_stay"], "O-2": ["too_fast"]}, "she was there, if not for long"
    home_again = replace(later(80), order="O-3")
    assert reasons(SOUND, away, home_again)["O-3"] == [], "a doubted visit says nothing against the next"


def test_one_telephone_is_not_in_two_hands_at_once() -> None:
    """It belongs to who was logged in with it first; handed on within half an hour it is a hint, later nothing."""
    owner = {"R-2": {"tablet": NINE - timedelta(hours=2)}}
    hers = replace(SOUND, order="O-9", home="H-9", phones=owner, photos=())
    for minutes, codes in ((-30, ["shared_phone"]), (10, ["phone_handed_on"]), (31, [])):
        visit = later(minutes, phones={"R-1": {"tablet": SOUND.left_at + timedelta(minutes=minutes)}})
        assert reasons(visit, hers) == {"O-2": codes, "O-9": []}
    both = replace(SOUND, phones={**owner, "R-1": {"tablet": NINE}})
    assert reasons(both) == {"O-1": ["shared_phone"]}


def test_a_photo_counts_once_and_in_one_home() -> None:
    """The same bytes anywhere; the same picture in another home, within three bits of sixty-four."""
    same = later(30, photos=(Photo("aa", None, None),))
    assert reasons(same, SOUND) == {"O-1": [], "O-2": ["same_photo"]}
    for off, codes in ((0b111, ["alike_photo"]), (0b1111, [])):
        alike = later(30, photos=(Photo("bb", 0x1234 ^ off, None),))
        assert reasons(SOUND, alike)["O-2"] == codes
        assert reasons(SOUND, replace(alike, home="H-1"))["O-2"] == [], "her room looks as it did last week"
    assert reasons(replace(SOUND, photos=(Photo("aa", 1, NINE - timedelta(minutes=16)),))) == {"O-1": ["old_photo"]}


def test_one_small_sign_is_no_doubt_and_two_are() -> None:
    """No proof, or told late: people forget and valleys have no network. Both together are looked at."""
    assert score([Reason("no_proof"), Reason("told_late")]) >= DOUBTFUL
    for one in ("no_proof", "told_late", "shortish", "old_photo", "phone_handed_on"):
        assert score([Reason(one)]) < DOUBTFUL
    assert score([Reason("same_photo"), Reason("far")]) == 100
    assert reasons(replace(SOUND, told_late=True, proofs=())) == {"O-1": ["no_proof", "told_late"]}


def test_a_copy_keeps_its_look_and_other_pictures_have_another() -> None:
    """Smaller, brighter, packed anew: at most a few bits. A wall has no look, and neither has what is no picture."""
    chance = Random(3)
    pictures = [picture(chance) for _ in range(40)]
    looks = [found for one in pictures if (found := seen(one)) is not None]
    assert len(looks) > 35
    copies = [seen(passed_on(one, chance)) for one in pictures]
    near = [apart(a, b) for one, b in zip(pictures, copies, strict=True) if (a := seen(one)) and b]
    assert sum(bits <= 3 for bits in near) >= 0.9 * len(near)
    assert min(apart(a, b) for n, a in enumerate(looks) for b in looks[:n]) > 3
    wall = io.BytesIO()
    Image.new("L", (160, 120), 200).save(wall, "JPEG")
    assert [seen(content) for content in (wall.getvalue(), b"", pictures[0][:40], b"\x89PNG")] == [None] * 4


def test_looks_that_differ_in_three_bits_share_a_band() -> None:
    """So the database finds every one of them by its four bands; a look fits a signed number of 64 bits."""
    chance = Random(5)
    for _ in range(200):
        one = chance.getrandbits(64) - (1 << 63)
        other = one
        for bit in chance.sample(range(64), 3):
            other ^= 1 << bit if bit < 63 else -(1 << 63)
        assert apart(one, other) == 3
        assert set(bands([one])) & set(bands([other]))
    steps = [n % 2 * 100 for n in range(72)]
    assert -(1 << 63) <= (look(steps) or 0) < 1 << 63
