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
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
"""In the order of the folders: what takes longest begins, and the many quick ones fill both workers to the end."""
DEBIAN = {"chromium": "chromium", "mosquitto": "mosquitto", "nginx": "nginx", "fc-list": "fontconfig"}
CJK_FONT = "fonts-noto-cjk"
NGINX_STREAM = "libnginx-mod-stream"


def run(only: Sequence[str], console: Console, *, long: bool) -> int:
    """Run everything, or pytest on `only`; the exit code of the first thing that failed. `long`: no test left out."""
    provide(console)
    if not only and (code := _rules(console) or _screens(console)):
        return code
    which = () if long else ("-m", "not long")
    return _call(console, "pytest", (sys.executable, "-m", "pytest", *SIDE_BY_SIDE, *which, *only))


def _rules(console: Console) -> int:
    return next((code for name, command in RULES if (code := _call(console, name, command))), 0)


def _screens(console: Console) -> int:
    console.print("· screens 界面")
    try:
        web.build(lambda text: console.print(f"· {text}"))
        for script in ("types:check", "test", "sizes"):
            web.npm("run", script)
    except web.WebBuildError as fault:
        console.print(str(fault), markup=False)
        return 1
    return 0


def _call(console: Console, name: str, command: Sequence[str | Path]) -> int:
    console.print(f"· {name}")
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def provide(console: Console) -> None:
    """Get a Chromium, CJK fonts, a Mosquitto and an nginx, or say loudly what will not be run."""
    missing = _missing() + ([] if _has_cjk() else [CJK_FONT])
    if "nginx" in missing:
        missing.append(NGINX_STREAM)
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        console.print(f"· installing {', '.join(missing)}")
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", *missing)
    if not shutil.which("chromium", path=_path()):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    for package in _missing():
        console.print(f"[bold red]{package} could not be had: the tests that need it will be skipped")


def _missing() -> list[str]:
    return [package for program, package in DEBIAN.items() if not shutil.which(program, path=_path())]


def _apt(*arguments: str) -> None:
    """Quietly, and without starting what is installed (run level 1 keeps Debian's services down)."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run(["apt-get", *arguments], env=environment, check=False, capture_output=True)  # noqa: S607


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"


def _has_cjk() -> bool:
    fonts = shutil.which("fc-list")
    if fonts is None:
        return False
    return bool(subprocess.run([fonts, ":lang=zh"], capture_output=True, check=False).stdout.strip())
