"""Known weaknesses of packages against the list of those we live with, and what the registries' tools say."""

import json
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from deploy.local import supply
from deploy.local.supply import Accepted, Finding, NotAskedError, judged, of_npm, of_pip
from deploy.local.web import WEB

TODAY = date(2026, 11, 23)
LIVED_WITH = Accepted("GHSA-1", "lib", "we never call it", date(2026, 12, 31))


def test_what_nobody_has_looked_at_is_open() -> None:
    """Even another finding in a package of which one was accepted, or the same in another package."""
    known, other = Finding("lib", "1.0", ("PYSEC-9", "GHSA-1")), Finding("lib", "1.0", ("GHSA-2",))
    elsewhere = Finding("web", "2", ("GHSA-1",))
    verdict = judged([known, other, elsewhere, other], [LIVED_WITH], TODAY)
    assert (verdict.open, verdict.over, verdict.idle) == ((other, elsewhere), (), ())


def test_an_acceptance_ends_and_is_tidied_up() -> None:
    """After its day it counts no more; what is found no more is told."""
    found = Finding("lib", "1.0", ("GHSA-1",))
    assert judged([found], [LIVED_WITH], date(2027, 1, 1)).over == (found,)
    assert judged([], [LIVED_WITH], TODAY).idle == (LIVED_WITH,)


def test_what_the_tools_say() -> None:
    """As pip-audit and npm answer; npm's packages that only use a weak one are not told again."""
    said = [
        {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"]}]},
        {"name": "b", "version": "2", "vulns": []},
        {"name": "c", "skip_reason": "not of this platform"},
    ]
    assert of_pip({"dependencies": said}) == [Finding("a", "1", ("PYSEC-1", "CVE-1"))]
    answer = {"vulnerabilities": {
        "deep": {"range": "<2", "via": [{"url": "https://github.com/advisories/GHSA-7"}]},
        "above": {"range": "*", "via": ["deep"]},
    }}  # fmt: skip
    assert of_npm(answer) == [Finding("deep", "<2", ("GHSA-7",))]


def test_silence_is_no_good_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that cannot ask says so in its own way; it is never taken for an empty answer."""
    with pytest.raises(NotAskedError, match="ENOTFOUND"):
        of_npm({"message": "request failed: ENOTFOUND"})
    monkeypatch.setattr(supply, "_called", lambda *_: subprocess.CompletedProcess((), 1, "", "no route to host"))
    with pytest.raises(NotAskedError, match="no route"):
        supply.python_findings()


def test_the_list_can_be_read() -> None:
    """Each line of it has a reason and an end."""
    assert all(one.reason for one in supply.accepted(supply.ACCEPTED.read_text("utf-8")))


@pytest.mark.long
def test_the_lists_name_every_package(tmp_path: Path) -> None:
    """Each pin of what we ship with its hashes, and each package of the screens; without asking anybody."""
    python, web = (json.loads(path.read_text("utf-8")) for path in supply.boms(tmp_path))
    pinned = set(re.findall(r"^([\w.-]+)==", supply.SHIPPED.read_text("utf-8"), re.MULTILINE))
    assert {one["name"] for one in python["components"]} == pinned
    assert all(one["externalReferences"][0]["hashes"] for one in python["components"])
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"]
    there = {name.rpartition("node_modules/")[2]: it for name, it in lock.items() if name}
    named = {"/".join(filter(None, (one.get("group"), one["name"]))) for one in web["components"]}
    assert {name for name, it in there.items() if not it.get("optional")} <= named
