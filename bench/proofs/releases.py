"""The version before this one, as a tree of its own: the newest in the history whose schema is an older one."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from bench.instance import ROOT

REVISIONS = "deploy/migrations/versions"
DIGEST = "from deploy.local import web; print(web._digest())"


class NoHistoryError(Exception):
    """There is no earlier version here: no git, or a clone without its history."""


@contextmanager
def before_this(revision: str | None = None) -> Iterator[tuple[str, Path]]:
    """Its commit and its tree, with the screens of this one, which are built already."""
    commit = revision or _newest_older()
    folder = Path(mkdtemp(prefix="yinling-before-"))
    folder.chmod(0o711)
    try:
        packed = folder / "tree.zip"
        _git("archive", f"--output={packed}", commit)
        shutil.unpack_archive(packed, folder)
        dist = folder / "web" / "dist"
        shutil.copytree(ROOT / "web" / "dist", dist)
        made_of = subprocess.run([sys.executable, "-c", DIGEST], cwd=folder, check=True, capture_output=True, text=True)
        (dist / ".made-of").write_text(made_of.stdout.strip(), "utf-8")
        yield commit, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _newest_older() -> str:
    here = {path.name for path in (ROOT / REVISIONS).glob("*.py")}
    for commit in _git("rev-list", "--max-count=400", "HEAD").decode().split():
        listed = _git("ls-tree", "--name-only", commit, f"{REVISIONS}/").decode().split()
        there = {Path(path).name for path in listed}
        if there and there < here:
            return commit
    raise NoHistoryError("no commit with an older schema")


def _git(*arguments: str) -> bytes:
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S607
    except (OSError, subprocess.CalledProcessError) as fault:
        raise NoHistoryError(str(fault)) from fault
