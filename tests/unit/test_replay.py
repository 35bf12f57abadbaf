"""Replay of generated worlds: as quick as asking everyone, with a fraction of the calls; and no looking ahead."""

import json
from pathlib import Path

import pytest

from bench import replay
from bench.figures import percentile
from bench.replay import Episode, Run, World, line, summary
from bench.worlds import asking_everyone, world

EPISODES = 2000


def lived(content: dict[str, object]) -> dict[str, float]:
    """What a world came to."""
    it = World.model_validate(content)
    return summary([line(Run(episode).live(), ambulance=it.ambulance) for episode in it.episodes])


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("around", "alerts", "redundant"), [(30, 8.8, 0.5), (10, 8.5, 0.32)])
def test_help_comes_as_soon_as_if_everybody_were_asked(around: int, alerts: float, redundant: float) -> None:
    """Within 1.5 % at the ninetieth percentile, with few calls and few needless ways."""
    content = world(EPISODES, around, seed=7)
    total = lived(content)
    bound = percentile([asking_everyone(episode) for episode in content["episodes"]], 0.9)
    assert total["p90_s"] <= bound * 1.015
    assert total["alerts"] <= alerts
    assert total["redundant"] <= redundant


def test_the_same_world_gives_the_same_lines() -> None:
    """Nothing is drawn by chance."""
    assert lived(world(40, 12, seed=3)) == lived(world(40, 12, seed=3))


def test_answers_are_not_seen_before_they_are_given() -> None:
    """Whoever is asked in the first instant is asked whatever anybody will say."""

    def first_asked(answer: str) -> list[str]:
        content = world(1, 20, seed=5)["episodes"][0]
        for person in content["responders"]:
            person |= {"answer": answer, "delay_s": 60.0}
        case = Run(Episode.model_validate(content)).live().ended
        return [offer.responder_id for offer in case.offers.values() if offer.sent_at == case.incident.opened_at]

    assert first_asked("accept") == first_asked("refuse") == first_asked("silent")
    assert len(first_asked("silent")) == 7


def test_a_nearer_one_takes_over_and_the_slowest_turns_round() -> None:
    """Of three who accept, the two who are there first go."""
    people = [
        {"id": name, "lat": metres / 111_195, "lon": 0.0, "speed_mps": 2.0, "answer": "accept", "delay_s": delay}
        for name, metres, delay in (("far", 900, 15), ("middle", 500, 20), ("near", 100, 25))
    ]
    episode = {"id": "e", "priority": 1, "lat": 0.0, "lon": 0.0, "ends_s": None, "responders": people}
    run = Run(Episode.model_validate(episode)).live()
    roles = {one.responder_id: (one.role, one.state) for one in run.ended.assignments.values()}
    assert roles["far"][1] == "stood_down"
    assert (roles["near"][0], roles["middle"][0]) == ("first", "backup")
    assert run.arrivals == sorted(run.arrivals)
    assert len(run.arrivals) == 2


def test_an_episode_nobody_reaches_has_no_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an ambulance the wait has no end; the command's last line is the summary."""
    content = world(1, 0, seed=1) | {"ambulance": False}
    path = tmp_path / "world.json"
    path.write_text(json.dumps(content), "utf-8")
    assert replay.main(path, as_json=True) == 0
    first, total = (json.loads(text) for text in capsys.readouterr().out.splitlines())
    assert (first["first_s"], first["arrivals_s"], total["median_s"]) == (None, [], None)


def test_a_wrong_world_is_told_by_its_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not by a trace."""
    content = world(1, 2, seed=1)
    content["episodes"][0]["responders"][1]["speed_mps"] = 0
    path = tmp_path / "world.json"
    path.write_text(json.dumps(content), "utf-8")
    assert replay.main(path) == 2
    assert "episodes.0.responders.1.speed_mps" in capsys.readouterr().err
