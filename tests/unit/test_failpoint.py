"""Where a proof may end a process: only by order, once, and at points that are there."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.proofs.chaos import POINTS
from tests.instances import ROOT

PASS = "from shared.runtime.failpoint import reach; reach('here'); print('passed')"
REACHED = re.compile(r'reach\(f?"([^"]+)"\)')


def passing(folder: Path | None) -> "subprocess.CompletedProcess[str]":
    """A process that comes to the point `here`."""
    environment = {name: value for name, value in os.environ.items() if name != "YINLING_FAILPOINTS"}
    given = {"YINLING_FAILPOINTS": str(folder)} if folder else {}
    return subprocess.run(
        [sys.executable, "-c", PASS], cwd=ROOT, env=environment | given, capture_output=True, text=True, check=False
    )


def test_who_reaches_it_first_is_killed_there_and_the_next_goes_on(tmp_path: Path) -> None:
    """The order is carried out once."""
    (tmp_path / "here").touch()
    first, second = passing(tmp_path), passing(tmp_path)
    assert (first.returncode, first.stdout) == (-signal.SIGKILL, "")
    assert not (tmp_path / "here").exists()
    assert (second.returncode, second.stdout) == (0, "passed\n")


def test_without_a_folder_no_order_is_looked_for(tmp_path: Path) -> None:
    """In service there is none: an order that lies anywhere is nobody's."""
    (tmp_path / "here").touch()
    assert passing(None).stdout == "passed\n"
    assert (tmp_path / "here").exists()


@pytest.fixture(scope="module")
def points() -> Counter[str]:
    """Every point that stands in the code, and how often."""
    texts = (path.read_text("utf-8") for part in ("services", "shared") for path in (ROOT / part).rglob("*.py"))
    return Counter(found for text in texts for found in REACHED.findall(text))


@pytest.mark.parametrize("point", [point for some in POINTS for point in some])
def test_every_point_of_the_proof_is_reached_somewhere(point: str, points: Counter[str]) -> None:
    """A follower's points carry its name."""
    follower, _, what = point.rpartition(".")
    assert points[point] == 1 or (points["{self.name}." + what] == 1 and follower.count("."))
