"""A bad radio is as bad as it says, and the same seed gives the same bad luck."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from simulators.radio import GOOD, KINDS, Radio, Weather

START = datetime(2026, 11, 22, tzinfo=UTC)
MANY = 4_000


def flown(weather: Weather, seed: int = 1) -> list[list[float]]:
    """What becomes of many messages, one a second."""
    radio = Radio(weather, Random(seed), START)
    return [radio.flights(START + timedelta(seconds=second)) for second in range(MANY)]


def test_a_good_radio_sends_everything_once_and_at_once() -> None:
    """No weather, no luck needed."""
    assert flown(GOOD) == [[0.0]] * MANY


def test_losses_and_copies_are_as_many_as_it_says() -> None:
    """Three in ten are lost; of the rest three in ten come twice."""
    flights = flown(Weather(loss=0.3, duplicates=0.3))
    arrived = [copies for copies in flights if copies]
    assert 1 - len(arrived) / MANY == pytest.approx(0.3, abs=0.03)
    assert sum(len(copies) == 2 for copies in arrived) / len(arrived) == pytest.approx(0.3, abs=0.03)


def test_delays_stay_within_their_bounds_and_let_later_messages_overtake() -> None:
    """A message that waits two seconds more is passed by those after it."""
    waits = [copies[0] for copies in flown(Weather(delay_s=0.4, jitter_s=0.2, reorder=0.25, overtaken_s=2.0))]
    assert all(0.4 <= wait <= 0.6 or 2.4 <= wait <= 2.6 for wait in waits)
    arrivals = [second + wait for second, wait in enumerate(waits)]
    assert arrivals != sorted(arrivals)
    assert sum(wait > 2 for wait in waits) / MANY == pytest.approx(0.25, abs=0.03)


def test_in_a_gap_nothing_gets_out() -> None:
    """Ten minutes of every quarter of an hour, at an instant of the radio's own."""
    weather = Weather(gap_every_s=900, gap_s=600)
    one, other = Radio(weather, Random(1), START), Radio(weather, Random(2), START)
    shut = [one.shut(START + timedelta(seconds=second)) for second in range(1_800)]
    assert sum(shut) == 1_200
    assert shut[:900] == shut[900:]
    assert shut != [other.shut(START + timedelta(seconds=second)) for second in range(1_800)]
    lost = [not copies for copies in flown(weather)]
    assert sum(lost) / MANY == pytest.approx(2 / 3, abs=0.1)


@pytest.mark.parametrize("name", KINDS)
def test_the_same_seed_gives_the_same_luck(name: str) -> None:
    """And another seed other luck, where there is luck at all."""
    weather = KINDS[name]
    assert flown(weather) == flown(weather)
    if weather.loss:
        assert flown(weather) != flown(weather, seed=2)
