"""Everything that can be broken here is broken; the checker reads what is left."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.proofs.chaos import POINTS
from tests.instances import ROOT


def proven(tmp_path: Path, *asked: str) -> tuple[int, dict[str, Any]]:
    """Exit code and object of a proof."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cli", "prove", *asked, "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    (tmp_path / "stderr").write_text(done.stderr, "utf-8")
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_county_lives_through_everything(tmp_path: Path) -> None:
    """Every process killed and held, every line broken, death at each point; nothing lost, nothing twice."""
    code, report = proven(tmp_path, "chaos")
    assert report["offences"] == []
    assert {f"died at {point}" for some in POINTS for point in some} <= set(report["by_fault"])
    assert report["poison"] > 0
    assert code == 0


@pytest.mark.long
@pytest.mark.timeout(400)
def test_there_and_back_between_two_versions(tmp_path: Path) -> None:
    """Needs the history of this repository: the version before is taken from it."""
    code, report = proven(tmp_path, "upgrade")
    assert report["offences"] == []
    assert len(report["steps"]) == 3
    assert code == 0


@pytest.mark.long
@pytest.mark.timeout(300)
def test_every_rung_at_its_second(tmp_path: Path) -> None:
    """Nothing early and nothing missed, though dispatch is killed and the wall clocks are wrong."""
    code, report = proven(tmp_path, "timers", "--incidents", "60")
    assert (report["early"], report["missed"]) == (0, 0)
    assert report["deadlines"] > 120
    assert code == 0


@pytest.mark.long
@pytest.mark.timeout(400)
def test_silence_is_noticed(tmp_path: Path) -> None:
    """All of it, in one report, and nobody's beside it."""
    code, report = proven(tmp_path, "presence", "--devices", "60")
    assert (report["unnoticed"], report["false"], report["reports"]) == (0, 0, 1)
    assert code == 0


@pytest.mark.long
@pytest.mark.timeout(300)
def test_what_was_backed_up_comes_back(tmp_path: Path) -> None:
    """The database is thrown away; a new era begins."""
    code, report = proven(tmp_path, "restore", "--alarms", "40")
    assert (report["lost"], report["era"], report["faults_in_the_log"]) == (0, 2, 0)
    assert code == 0
