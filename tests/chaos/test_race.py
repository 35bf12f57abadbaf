"""Fifty consoles say yes to one job in the same instant, over real HTTP."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.proofs.race import judged
from simulators.door import Reply
from tests.instances import ROOT

ROUNDS = 10


@pytest.mark.timeout(240)
def test_one_goes_and_the_others_are_told_who(tmp_path: Path) -> None:
    """In every round one winner, at most one kept as backup, and whoever came too late knows whom to ring."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cli", "prove", "race", "--rounds", str(ROUNDS), "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=220,
    )  # fmt: skip
    (tmp_path / "stderr").write_text(done.stderr, "utf-8")
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["offences"] == []
    assert report["won"] == ROUNDS
    assert report["accepts"] == ROUNDS * 50
    assert report["asked_each"] == 50
    assert report["told_who"] >= ROUNDS * 40
    assert done.returncode == 0


def made(change: str, helper: int, role: str = "first") -> dict[str, str]:
    """A line of the log about a helper's assignment."""
    name = f"proof-{helper:04}"
    return {"tag": f"assignment.{change}", "assignment": f"a{helper}", "responder": name, "role": role}


@pytest.mark.parametrize(
    ("facts", "held", "found"),
    [
        ([made("made", 1), made("made", 2)], [1], "two first"),
        ([made("made", 1), made("demoted", 1), made("made", 2)], [], "0 go first"),
        ([made("made", 1), made("stood_down", 1), made("made", 2)], [1, 2], "2 go first"),
    ],
)
def test_the_judge_sees_two_winners(facts: list[dict[str, str]], held: list[int], found: str) -> None:
    """Who judges a race must be able to find something."""
    rows = [{"responder_id": f"proof-{n:04}", "role": "first", "state": "accepted"} for n in held]
    assert found in " ".join(judged([], facts, rows))


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (Reply(200, {}), "is not assigned"),
        (Reply(409, {"code": "offer_taken", "params": {"who": None}}), "was not told who"),
        (Reply(500, {}), "was answered 500"),
    ],
)
def test_the_judge_reads_what_everybody_was_answered(reply: Reply, found: str) -> None:
    """Told yes and not sent, told no and not by whom, or told nothing at all."""
    rows = [{"responder_id": "proof-0001", "role": "first", "state": "accepted"}]
    assert found in " ".join(judged([("proof-0002", reply)], [made("made", 1)], rows))
