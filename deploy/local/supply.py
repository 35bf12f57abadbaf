"""What others have found in the packages that we are made of, and the list of these packages (CycloneDX).

Both use the tools that each registry's own people keep. Who could not be asked is told as such: a check without a
network says nothing of our safety.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from deploy.local.web import ROOT, WEB, node

BIN = Path(sys.executable).parent
ACCEPTED = ROOT / "deploy" / "accepted.toml"
PINS = ROOT / "requirements" / "dev.txt"
SHIPPED = ROOT / "requirements" / "run.txt"
PATIENCE_S = 180


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A known weakness of a package, under the names that it is known by."""

    package: str
    version: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that somebody has looked at; it stands until a day."""

    id: str
    package: str
    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done: `open` is new, `over` was accepted too long ago, `idle` is found no more."""

    open: tuple[Finding, ...]
    over: tuple[Finding, ...]
    idle: tuple[Accepted, ...]


class NotAskedError(Exception):
    """A registry could not be asked; the text says what its tool said."""


def accepted(text: str) -> list[Accepted]:
    """The list of deploy/accepted.toml; TypeError where a line lacks something."""
    return [Accepted(**line) for line in tomllib.loads(text).get("finding", ())]


def judged(found: Iterable[Finding], known: Sequence[Accepted], today: date) -> Verdict:
    """Findings against what was accepted."""
    open_, over, met = list[Finding](), list[Finding](), set[Accepted]()
    for one in sorted(set(found)):
        fitting = [it for it in known if it.package == one.package and it.id in one.ids]
        met.update(fitting)
        if not fitting:
            open_.append(one)
        elif all(it.until < today for it in fitting):
            over.append(one)
    return Verdict(tuple(open_), tuple(over), tuple(it for it in known if it not in met))


def python_findings() -> list[Finding]:
    """Ask about every pinned Python package; NotAskedError."""
    said = _ran(
        BIN / "pip-audit", "-r", PINS, "--require-hashes", "--disable-pip", "-f", "json", "--progress-spinner", "off",
        "--timeout", "5",
    )  # fmt: skip
    return of_pip(said)


def web_findings() -> list[Finding]:
    """Ask about every package of the lock file of web/; NotAskedError."""
    return of_npm(_ran(*node(), "audit", "--json", "--package-lock-only"))


def of_pip(said: Mapping[str, Any]) -> list[Finding]:
    """Findings in pip-audit's answer."""
    return [
        Finding(package["name"], package["version"], (weak["id"], *weak.get("aliases", ())))
        for package in said["dependencies"]
        for weak in package.get("vulns", ())
    ]


def of_npm(said: Mapping[str, Any]) -> list[Finding]:
    """Findings in npm's answer; a package that only uses a weak one is not told again."""
    if "vulnerabilities" not in said:
        raise NotAskedError(str(said.get("message") or said.get("error") or "no answer"))
    return [
        Finding(name, it["range"], (str(weak["url"]).rpartition("/")[2],))
        for name, it in said["vulnerabilities"].items()
        for weak in it["via"]
        if isinstance(weak, dict)
    ]


def boms(into: Path) -> list[Path]:
    """Write what the processes and the screens are made of, as CycloneDX."""
    into.mkdir(parents=True, exist_ok=True)
    python, web = into / "python.cdx.json", into / "web.cdx.json"
    _done(
        BIN / "cyclonedx-py", "requirements", SHIPPED, "--pyproject", ROOT / "pyproject.toml", "--of", "JSON",
        "--output-reproducible", "-o", python,
    )  # fmt: skip
    listed = _done(*node(), "sbom", "--sbom-format", "cyclonedx", "--package-lock-only")
    web.write_text(listed.stdout, "utf-8")
    return [python, web]


def _ran(*command: str | Path) -> dict[str, Any]:
    """Run a tool that answers in JSON, whatever its exit code: they fail when they find something, too."""
    done = _called(*command)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise NotAskedError((done.stderr or done.stdout).strip()[-300:]) from None
    return answer


def _done(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    done = _called(*command)
    if done.returncode:
        raise NotAskedError(done.stderr.strip()[-300:])
    return done


def _called(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    path = f"{node()[0].parent}:{os.environ.get('PATH', '')}"
    try:
        return subprocess.run(
            command, cwd=WEB, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
            timeout=PATIENCE_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotAskedError(f"no answer within {PATIENCE_S} s") from None
