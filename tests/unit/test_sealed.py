"""Words about people, sealed and found again."""

import base64
import os
from typing import Any

import pytest
from asyncpg.pgproto import pgproto
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.sealed import UNREADABLE, BadRingError, Fields, Private, Sought
from shared.runtime.secrets import WeakSecretError, unsound
from shared.runtime.settings import MissingKeyError, Settings


def key() -> str:
    """A key that nobody typed."""
    return base64.b64encode(os.urandom(32)).decode()


OLD, NEW, SEARCH = key(), key(), key()
RING = Fields(f"2:{NEW} 1:{OLD}", SEARCH)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(WORDS)
def test_what_goes_in_comes_out(word: str) -> None:
    """Through a column, and through JSON; nothing of a longer word lies open."""
    for sealed in (RING.seal(word), RING.seal_sought(word)):
        assert RING.open(sealed) == word
        assert not word or sealed.startswith("y1:2:")
    there = RING.dumps({"name": Sought(word), "health": Private(word), "kind": word})
    assert RING.loads(there) == {"name": word, "health": word, "kind": word} or word.startswith("y1:")


def test_the_same_word_twice_looks_different() -> None:
    """Nobody sees by the text that two people have one illness."""
    assert RING.seal("高血压") != RING.seal("高血压")


def test_what_stands_around_a_word_is_bound_to_it() -> None:
    """Other tokens, or those of a word that has none, and it does not open."""
    his, hers = RING.seal_sought("李建国").split(":"), RING.seal_sought("王小丽").split(":")
    assert RING.open(":".join(his)) == "李建国"
    assert RING.open(":".join([*his[:3], hers[3]])) == UNREADABLE
    assert RING.open(":".join(his[:3])) == UNREADABLE
    assert RING.open(":".join([his[0], "1", *his[2:]])) == UNREADABLE


def test_keys_that_only_open() -> None:
    """The way back to a version that has none."""
    it = RING.open_only()
    assert it.open(RING.seal_sought("李建国")) == it.seal_sought("李建国") == it.seal("李建国") == "李建国"
    assert RING.seal("李建国") != "李建国"


def test_an_older_key_opens_and_a_lost_one_shows_a_hole() -> None:
    """A ring opens with all its keys and seals with the first; a broken or foreign text is no failure of the page."""
    old = Fields(f"1:{OLD}", SEARCH).seal("李建国")
    assert RING.open(old) == "李建国"
    assert Fields(f"3:{key()}", SEARCH).open(old) == UNREADABLE
    assert RING.open(f"{old[:-3]}abc") == UNREADABLE
    assert RING.open("y1:") == UNREADABLE
    assert RING.loads(f'["{old}", "y1: is no seal"]') == ["李建国", "y1: is no seal"]


def test_an_id_that_was_read_from_the_database_goes_in_again() -> None:
    """The driver makes them of a kind of its own."""
    name = "01a200fb-5100-7ca1-8df3-a1b2c3d4e5f6"
    assert RING.loads(RING.dumps({"cause": pgproto.UUID(name)})) == {"cause": name}


def test_without_keys_words_stay_as_they_are() -> None:
    """What is sealed can't be read then, and that is said at once."""
    plain = Fields()
    assert plain.seal("李建国") == plain.seal_sought("李建国") == plain.open("李建国") == "李建国"
    with pytest.raises(BadRingError):
        plain.open(RING.seal("李建国"))


@pytest.mark.parametrize(
    "keys", ["1", "1:short", f"A:{NEW}", f":{NEW}", f"1:{NEW} 1:{OLD}", "1:" + base64.b64encode(bytes(16)).decode()],
    ids=["no key", "no base64", "a letter", "no number", "one id twice", "too short"],
)  # fmt: skip
def test_a_bad_ring_is_refused(keys: str) -> None:
    """Anything but ids and keys of 32 bytes."""
    with pytest.raises(BadRingError):
        Fields(keys, SEARCH)


def test_a_ring_wants_a_search_key() -> None:
    """Without one, names could be guessed from their hashes."""
    with pytest.raises(BadRingError):
        Fields(f"1:{NEW}")
    assert unsound(f"1:{NEW}", "") == ["YINLING_SEARCH_KEY"]
    typed = base64.b64encode(b"passwordpasswordpasswordpassword").decode()
    assert unsound(f"2:{NEW} 1:{typed}", SEARCH) == ["YINLING_FIELD_KEYS"]
    assert unsound(f"2:{NEW} 1:{OLD}", SEARCH) == unsound("", "") == []


def test_outside_the_demo_a_missing_key_is_no_start() -> None:
    """Nothing is written in the open by mistake."""
    with pytest.raises(MissingKeyError):
        Settings().fields()
    assert Settings(demo=True).fields().seal("李建国") == "李建国"
    good: dict[str, Any] = {"field_keys": f"1:{NEW}", "search_key": SEARCH}
    Settings(**good).guard()
    assert Settings(**good).fields().seal("李建国") != "李建国"
    bad: dict[str, Any] = {"field_keys": "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "search_key": "changeme"}
    with pytest.raises(WeakSecretError, match="YINLING_FIELD_KEYS, YINLING_SEARCH_KEY"):
        Settings(**bad).guard()


def tokens(word: str) -> set[str]:
    """What lies beside the sealed word."""
    return set(RING.seal_sought(word).split(":")[3].split(","))


@pytest.mark.parametrize("q", ["李", "李建", "建国", "李建国"])
def test_a_name_is_found_by_its_surname_and_by_any_two_signs(q: str) -> None:
    """One sign begins a name; two or more stand anywhere in it."""
    assert set(RING.wanted(q).words) <= tokens("李建国")
    assert not set(RING.wanted(q).words) <= tokens("王小丽")


def test_one_sign_is_no_address() -> None:
    """All of a county begin with the same."""
    assert RING.wanted("会").places == []
    assert set(RING.wanted("红旗路").places) <= tokens("会昌县红旗路5号")


@pytest.mark.parametrize(
    ("q", "found"),
    [("1390", True), ("139-0000", True), ("13900000017", True), ("0017", True), ("0000", False), ("139", False)],
)
def test_a_number_is_found_by_how_it_begins_or_ends(q: str, found: bool) -> None:  # noqa: FBT001
    """Four digits or more from the front, or its last four; however it is written."""
    assert bool(set(RING.wanted(q).numbers) & tokens("139 0000-0017")) is found


def test_a_whole_number_is_its_first_token() -> None:
    """One account a telephone."""
    assert RING.seal_sought("139-0000-0017").split(":")[3].split(",")[0] == RING.whole(["13900000017"])[0]


def test_another_search_key_finds_nothing() -> None:
    """Tokens are nobody's to guess."""
    assert not set(Fields(f"1:{OLD}", key()).wanted("建国").words) & tokens("李建国")
