"""Devices press through a line that breaks while workers and broker are killed; the checker reads it all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.instances import ROOT


@pytest.mark.long
@pytest.mark.timeout(400)
def test_no_press_is_lost_on_its_way_to_the_desk(tmp_path: Path) -> None:
    """Receipted and lost 0, un-receipted 0 after fifteen quiet seconds, duplicates 0, and every fault happened."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cli", "prove", "ingest", "--alarms", "400", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=380,
    )  # fmt: skip
    (tmp_path / "stderr").write_text(done.stderr, "utf-8")
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["alarms"] == report["receipted"] == 400
    for promise in ("lost", "unreceipted", "duplicates_shown", "stored_twice"):
        assert report[promise] == 0, report
    happened = {"devices-1", "devices-2", "broker", "presence", "line cut", "line silent", "database hangs up"}
    assert happened <= set(report["by_fault"])
    assert report["repeated"] > 0
    assert report["second_path"] > 0
    assert done.returncode == 0
