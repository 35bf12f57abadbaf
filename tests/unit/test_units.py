"""The systemd units start the processes there are, as nobody special; systemd itself finds nothing wrong with them."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from deploy.local.parts import SERVICES

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
OURS = sorted(path for path in UNITS.glob("*.service") if path.name != "yinling-backup.service")
PYTHON = "/opt/yinling/.venv/bin/python"


def lines(path: Path, key: str) -> list[str]:
    """What a unit gives for a key."""
    return re.findall(rf"^{key}=(.*)$", path.read_text("utf-8"), re.MULTILINE)


def test_every_process_has_its_unit() -> None:
    """The same commands as on a developer's machine, and the target wants all of them."""
    started = {command.removeprefix(f"{PYTHON} -m ") for path in OURS for command in lines(path, "ExecStart")}
    wanted = {" ".join(command).replace("--worker 1", "--worker %i") for command in SERVICES.values()}
    assert started == {one for one in wanted if not one.endswith("--worker 2")}
    assert all(find_spec(command.split()[0]) for command in started)
    asked = {name for line in lines(UNITS / "yinling.target", "Wants") for name in line.split()}
    assert {re.sub(r"@\d", "@", name) for name in asked} == {path.name for path in OURS}


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.stem))
def test_nobody_is_root_or_may_write(path: Path) -> None:
    """No rights to gain, nothing to write to but what it needs, its secrets in files that only root reads."""
    text = path.read_text("utf-8")
    for line in ("User=yinling", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "UMask=0077"):
        assert f"\n{line}\n" in text
    assert lines(path, "Restart") == ["always"]
    assert all(file.startswith("/etc/yinling/") for file in lines(path, "EnvironmentFile"))
    assert not lines(path, "Environment"), "secrets are not for units, which everybody may read"


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    """Where systemd is installed it reads them itself; where it is not, each line has at least its form."""
    there = shutil.which("systemd-analyze")
    for path in UNITS.iterdir():
        text = path.read_text("utf-8")
        assert all(re.fullmatch(r"(#.*|\[\w+\]|\w+=.*|)", line) for line in text.splitlines()), path.name
        (tmp_path / path.name).write_text(text.replace(PYTHON, sys.executable), "utf-8")
    if there:
        done = subprocess.run(
            [there, "verify", "--man=no", *(str(path) for path in sorted(tmp_path.iterdir()))],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        ours = [line for line in done.stderr.splitlines() if "yinling" in line]
        assert (done.returncode, ours) == (0, [])
