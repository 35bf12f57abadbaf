"""`./yinling test`: the build's rules, the screens' tests, then every tier of pytest."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from deploy.local import web
from deploy.local.web import ROOT

BIN = Path(sys.executable).parent
RULES = (
    ("ruff", (BIN / "ruff", "check", ".")),
    ("ruff format", (BIN / "ruff", "format", "--check", ".")),
    ("mypy", (BIN / "mypy",)),
    ("import-linter", (BIN / "lint-imports",)),
    ("schemas", (sys.executable, "-m", "deploy.schemas", "--check")),
)
DEBIAN = {"chromium": "chromium", "mosquitto": "mosquitto", "fc-list": "fontconfig"}
CJK_FONT = "fonts-noto-cjk"


def run(only: Sequence[str], console: Console) -> int:
    """Run everything, or pytest on `only`; the exit code of the first thing that failed."""
    provide(console)
    if not only:
        for name, command in RULES:
            if code := _call(console, name, command):
                return code
        console.print("· screens 界面")
        web.build(lambda text: console.print(f"· {text}"))
        web.npm("run", "types:check")
        web.npm("test")
    return _call(console, "pytest", (sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *only))


def _call(console: Console, name: str, command: Sequence[str | Path]) -> int:
    console.print(f"· {name}")
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def provide(console: Console) -> None:
    """Get a Chromium, CJK fonts and a Mosquitto, or say loudly what will not be run."""
    missing = [package for program, package in DEBIAN.items() if not shutil.which(program, path=_path())]
    if not _has_cjk():
        missing.append(CJK_FONT)
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        console.print(f"· installing {', '.join(missing)}")
        quiet = {"check": False, "capture_output": True, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update"], **quiet)  # type: ignore[call-overload]  # noqa: PLW1510, S607
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing], **quiet)  # type: ignore[call-overload]  # noqa: PLW1510, S607
    if not shutil.which("chromium", path=_path()):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    for program in ("chromium", "mosquitto"):
        if not shutil.which(program, path=_path()):
            console.print(f"[bold red]{program} could not be had: the tests that need it will be skipped")


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"


def _has_cjk() -> bool:
    fonts = shutil.which("fc-list")
    if fonts is None:
        return False
    return bool(subprocess.run([fonts, ":lang=zh"], capture_output=True, check=False).stdout.strip())
