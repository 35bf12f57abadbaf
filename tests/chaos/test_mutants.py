"""Builds that are broken on purpose: each breaks one promise, and the test that keeps it must notice."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.instances import ROOT

PARTS = ("bench", "deploy", "services", "shared", "simulators", "tests")


@dataclass(frozen=True)
class Mutant:
    """A file, a passage that stands in it once, what stands there in the broken build, and who must notice."""

    path: str
    right: str
    wrong: str
    keeper: str


MUTANTS = {
    "acknowledged before the commit": Mutant(
        "services/devices/intake/alarms.py",
        """            await flow.keep([_reading(delivery, clock) for delivery in deliveries])
            consumer.acknowledge(deliveries)
""",
        """            consumer.acknowledge(deliveries)
            await flow.keep([_reading(delivery, clock) for delivery in deliveries])
""",
        "tests/wire/test_devices_puback.py::test_no_puback_and_no_receipt_before_commit",
    ),
    "a cursor without the snapshot's bound": Mutant(
        "deploy/migrations/sql/0001_log.sql",
        "AND e.txid < pg_snapshot_xmin(pg_current_snapshot()) AND e.tag = ANY(f.tags)",
        "AND e.tag = ANY(f.tags)",
        "tests/integration/test_log.py::test_an_open_transaction_hides_later_events_until_it_ends",
    ),
    "an accept without its condition": Mutant(
        "services/dispatch/domain/answers.py",
        "    slot = _slot(case, offer, moment)\n    if slot is None:",
        "    slot = _slot(case, offer, moment) or FIRST\n    if slot is None:",
        "tests/integration/test_dispatch_flow.py::test_fifty_accepts_at_once_have_one_winner",
    ),
    "hints as the only wake-up": Mutant(
        "shared/runtime/log.py",
        "        while not await woken(sleeper, POLL_S):",
        "        while not await woken(sleeper, 3600):",
        "tests/integration/test_log.py::test_without_any_hint_the_poll_finds_what_has_grown",
    ),
    "streams written without their lock": Mutant(
        "deploy/migrations/sql/0001_log.sql",
        "    SELECT pg_advisory_xact_lock(h)\n",
        "    SELECT ''::void\n",
        "tests/integration/test_log.py::test_followers_read_every_event_once_and_each_stream_in_order",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
@pytest.mark.timeout(120)
def test_the_broken_build_is_noticed(name: str, tmp_path: Path) -> None:
    """Its keeper runs, and fails by what it looked at: not for want of a file or a word."""
    it = MUTANTS[name]
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    text = (tmp_path / it.path).read_text("utf-8")
    assert text.count(it.right) == 1
    (tmp_path / it.path).write_text(text.replace(it.right, it.wrong), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'base'}", it.keeper],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "1 failed" in done.stdout) == (1, True), done.stdout
