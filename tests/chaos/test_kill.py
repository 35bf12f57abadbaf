"""Kill each process in turn under load; the independent checker reads what everybody wrote down."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.instances import ROOT


@pytest.mark.timeout(300)
def test_every_process_killed_once(tmp_path: Path) -> None:
    """Nothing receipted is lost, nothing shown twice, nobody assigned twice, everything receipted in the end."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cli", "prove", "kill", "--alarms", "120", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=280, env=None,
    )  # fmt: skip
    (tmp_path / "stderr").write_text(done.stderr, "utf-8")
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["alarms"] >= 120
    assert report["faults"] >= 7
    for promise in ("lost", "duplicates_shown", "double_assigned", "unreceipted"):
        assert report[promise] == 0, report
    assert done.returncode == 0
