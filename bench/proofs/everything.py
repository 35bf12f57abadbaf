"""`./yinling prove all`: every proof one after the other, and what they came to in docs/proof.md.

Each runs in a process of its own, as anybody would run it, and ends with one JSON object. The page keeps its words;
between its two marks stands what this run has found, on this machine, of this version.
"""

import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.instance import ROOT
from bench.machine import machine
from shared.runtime.clock import SystemClock, stopwatch

PAGE = ROOT / "docs" / "proof.md"
BEGIN, END = "<!-- what the last run found -->", "<!-- end of it -->"
LONGEST_S, QUICK_LONGEST_S = 8 * 3600, 600
LANES = 2
"""So many quick forms at a time: most of one is waiting until somebody is missed, has come back, would be late."""
CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Proof:
    """One command: what it keeps, how it is asked in the quick form and in the long one, and which figures count.

    What is judged by its speed runs `alone`.
    """

    name: str
    keeps: str
    quick: tuple[str, ...]
    long: tuple[str, ...]
    figures: tuple[str, ...]
    alone: bool = False


PROOFS = (
    Proof("life", "P16", ("--examples", "150"), ("--examples", "10000"), ("examples",)),
    Proof("orders", "P16", ("--examples", "300"), ("--examples", "10000"), ("examples",)),
    Proof("simulation", "P1 P4 P16", ("--seeds", "300"), ("--seeds", "10000"), ("seeds", "violations", "presses")),
    Proof("race", "P4", ("--rounds", "30"), ("--rounds", "10000"), ("accepts", "won", "broken", "accept_p99_ms"),
          alone=True),
    Proof(
        "ingest", "P1 P2 P3", ("--alarms", "1500"), ("--alarms", "100000"),
        ("alarms", "faults", "lost", "unreceipted", "duplicates_shown", "recorded_p99_ms"),
    ),
    Proof(
        "kill", "P1 P8", ("--alarms", "120"), ("--alarms", "5000", "--faults", "200"),
        ("alarms", "faults", "lost", "duplicates_shown", "double_assigned", "early", "recorded_max_ms"),
    ),
    Proof(
        "chaos", "P1–P4 P8 P12", (), ("--faults", "2000"),
        ("alarms", "faults", "lost", "unreceipted", "duplicates_shown", "holes", "double_assigned", "early", "poison",
         "late", "leaked", "hidden_poison", "not_reached", "left_out"),
    ),
    Proof(
        "storm", "P7", ("--alarms", "800", "--seconds", "8", "--beats", "800", "--rounds", "1"), (),
        ("alarms", "seconds", "beats", "lost", "duplicates", "p99_ms", "opened_p99_ms", "p99_ms_without"), alone=True,
    ),
    Proof(
        "timers", "P9", ("--incidents", "80", "--rate", "5"), ("--incidents", "10000", "--rate", "40"),
        ("deadlines", "early", "missed", "late_p99_ms", "amid_faults_late_max_ms", "left_out"), alone=True,
    ),
    Proof(
        "presence", "P10", ("--devices", "200"), (),
        ("devices", "unnoticed", "false", "noticed_max_s", "hub_max_s", "reports"),
    ),
    Proof("scope", "P14", ("--calls", "1000"), ("--calls", "100000"), ("calls", "leaks")),
    Proof("audit", "P15", ("--tampers", "100"), ("--tampers", "1000"), ("tampers", "found")),
    Proof("evidence", "—", ("--visits", "400"), ("--visits", "2000"), ("visits", "found_share", "false_share")),
    Proof(
        "upgrade", "P13", (), (),
        ("alarms", "lost", "unreceipted", "duplicates_shown", "double_assigned", "holes", "before", "steps",
         "left_out"),
    ),
    Proof(
        "restore", "P13", (), ("--alarms", "5000"),
        ("receipted_before", "lost", "since_the_backup", "rpo_s", "rto_s", "era", "faults_in_the_log"),
    ),
)  # fmt: skip


LONG = ("chaos", "upgrade", "presence", "restore", "kill", "ingest")


@dataclass(frozen=True, slots=True)
class Ran:
    """A proof that has run: whether it showed what it should, its object, or in words why there is none."""

    proof: Proof
    seconds: float
    holds: bool
    report: dict[str, Any]
    fault: str = ""


def main(*, quick: bool, only: Sequence[str], page: Path | None, as_json: bool) -> int:
    """Run them, write the page, and return the exit code: 1 if one does not hold; some alone change no page."""
    if unknown := set(only) - {proof.name for proof in PROOFS}:
        sys.stderr.write(f"no such proof: {', '.join(sorted(unknown))}\n")
        return 2
    begun, before = stopwatch(), machine()
    done = _all([proof for proof in PROOFS if not only or proof.name in only], quick=quick)
    took = stopwatch() - begun
    page = page or (PAGE if len(done) == len(PROOFS) else None)
    if page is not None:
        write(page, block(done, before, quick=quick, took=took, at=CLOCK.now()))
    whole = {
        "ok": all(it.holds for it in done), "seconds": round(took), "quick": quick,
        "proofs": {it.proof.name: it.report or {"ok": False, "fault": it.fault} for it in done}, "machine": before,
    }  # fmt: skip
    sys.stdout.write((json.dumps(whole, ensure_ascii=False) if as_json else "\n".join(_rows(done))) + "\n")
    return 0 if whole["ok"] else 1


def _all(chosen: Sequence[Proof], *, quick: bool) -> list[Ran]:
    """In the order they are asked for; of quick forms some run side by side, the longest of them first."""
    run = partial(_run, quick=quick)
    done = {proof: run(proof) for proof in chosen if proof.alone or not quick}
    with ThreadPoolExecutor(LANES) as lanes:
        beside = sorted((proof for proof in chosen if proof not in done), key=_longest_first)
        done |= zip(beside, lanes.map(run, beside), strict=True)
    return [done[proof] for proof in chosen]


def _longest_first(proof: Proof) -> int:
    return LONG.index(proof.name) if proof.name in LONG else len(LONG)


def _run(proof: Proof, *, quick: bool) -> Ran:
    sys.stderr.write(f"· prove {proof.name}\n")
    ran = _ran(proof, quick=quick)
    sys.stderr.write(f"  {proof.name} {'holds' if ran.holds else 'DOES NOT HOLD'}, {ran.seconds:.0f} s\n")
    return ran


def _ran(proof: Proof, *, quick: bool) -> Ran:
    asked, longest_s = (proof.quick, QUICK_LONGEST_S) if quick else (proof.long, LONGEST_S)
    command = [sys.executable, "-m", "bench.cli", "prove", proof.name, *asked, "--json"]
    begun = stopwatch()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            told, complained = process.communicate(timeout=longest_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)  # it takes away what it has started
            told, complained = process.communicate()
    took = stopwatch() - begun
    try:
        return Ran(proof, took, process.returncode == 0, json.loads(told.splitlines()[-1]))
    except (IndexError, ValueError):
        return Ran(proof, took, holds=False, report={}, fault=_last_words(complained))


def _last_words(said: str) -> str:
    """The last line that says anything."""
    return next((line.strip() for line in reversed(said.splitlines()) if line.strip(" │╰─╯")), "it said nothing")[:200]


def block(done: Sequence[Ran], before: dict[str, Any], *, quick: bool, took: float, at: datetime) -> str:
    """What stands between the marks."""
    seeds = ", ".join(f"{it.proof.name} {it.report['seed']}" for it in done if "seed" in it.report)
    form = "`./yinling prove all --quick`" if quick else "`./yinling prove all`"
    where = f"{before['cpu']}, {before['cores']} cores, {before['memory_mib']} MiB, {before['system']}"
    head = [
        f"{at:%Y-%m-%d}, {form} in {took / 60:.1f} minutes, version {_version()}.",
        f"Machine: {where}, Python {platform.python_version()}, load before {before['load_before']}.",
        f"Seeds: {seeds}.", "", "| proof | keeps | figures | s | holds |", "|---|---|---|---|---|",
    ]  # fmt: skip
    return "\n".join([BEGIN, "", *head, *_rows(done), *_broken(done), "", END])


def _rows(done: Sequence[Ran]) -> Iterator[str]:
    for it in done:
        found = ", ".join(f"{name} {_said(it.report[name])}" for name in it.proof.figures if name in it.report)
        holds = "yes" if it.holds else "**no**"
        yield f"| {it.proof.name} | {it.proof.keeps} | {found or it.fault} | {it.seconds:.0f} | {holds} |"


def _broken(done: Sequence[Ran]) -> Iterator[str]:
    """Every promise that was broken, with the first of its offences."""
    for it in done:
        for offence in it.report.get("offences", [])[:5]:
            yield f"\n{it.proof.name}: `{json.dumps(offence, ensure_ascii=False)[:300]}`"


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_said(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return f"{value:,}" if isinstance(value, int | float) else str(value)[:12]


def _version() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False  # noqa: S607
    )  # fmt: skip
    return done.stdout.strip() or os.environ.get("YINLING_BUILD", "without a history")


def write(page: Path, found: str) -> None:
    """Replace what stands between the marks."""
    text = page.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    page.write_text(before + found + rest.partition(END)[2], "utf-8")
