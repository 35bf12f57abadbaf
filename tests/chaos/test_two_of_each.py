"""A house with two of each: every process and both brokers are killed in turn, and nothing is lost."""

import json
import subprocess
import sys

import pytest

from tests.instances import ROOT


@pytest.mark.long
@pytest.mark.timeout(400)
def test_two_of_each_lose_nothing() -> None:
    """What `./yinling prove kill` reads from the histories, of a house that has a second one of what dies."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cli", "prove", "kill", "--two", "--alarms", "150", "--faults", "11", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=380,
    )  # fmt: skip
    report = json.loads(done.stdout.splitlines()[-1])
    killed = {kill["process"] for kill in report["kills"]}
    assert killed >= {"broker", "broker-2", "dispatch", "dispatch-2", "gateway", "gateway-2", "devices-1", "devices-2"}
    for promise in ("lost", "duplicates_shown", "double_assigned", "unreceipted", "early", "holes"):
        assert report[promise] == 0, report
    assert done.returncode == 0
