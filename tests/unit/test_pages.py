"""What the pages tell people to type is there: commands with their options, containers, links to other pages."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bench.cli import app as proofs
from deploy.local.cli import app as house

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HOUSE, PROOFS = typer.main.get_command(house), typer.main.get_command(proofs)
OF_PROOFS = ("bench", "prove", "replay")
TYPED = re.compile(r"\./yinling((?: [^`#\n()|;,]+)+)")
CONTAINERS = re.compile(r"docker compose (?:[\w-]+ )*?(?:stop|exec|run|restart|logs)(?: -{1,2}[\w-]+)* ([a-z][\w-]*)")


def _wrong(typed: str) -> str:
    """What of a line there is not; empty when it can be typed."""
    words = typed.replace("[", "").replace("]", "").split()
    at: Any = PROOFS if words[0] in OF_PROOFS else HOUSE
    for word in words:
        below = getattr(at, "commands", {})
        if word.startswith("--"):
            known = {"--help", *(name for it in at.params for name in (*it.opts, *it.secondary_opts))}
            if word.partition("=")[0] not in known:
                return f"{word} of {at.name}"
        elif word in below:
            at = below[word]
        elif below and not (word.isupper() or word == "…"):
            return f"{word} of {at.name}"
    return ""


def _typed() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for found in TYPED.finditer(page.read_text("utf-8")):
            yield str(page.relative_to(ROOT)), found[1].strip()


def test_every_command_can_be_typed() -> None:
    """Its name, its parts and its options."""
    typed = list(_typed())
    assert len(typed) > 100
    assert [(page, line, wrong) for page, line in typed if (wrong := _wrong(line))] == []


@pytest.mark.parametrize("line", ["servr backup x", "server backup --too x", "prove chaoss", "bench press --rte 3"])
def test_what_cannot_be_typed_is_found(line: str) -> None:
    """The test itself."""
    assert _wrong(line)


def test_every_link_leads_somewhere() -> None:
    """Within the repository; what lies elsewhere nobody can promise."""
    lost = [
        (str(page.relative_to(ROOT)), link)
        for page in PAGES
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
        if not (page.parent / link).exists()
    ]
    assert lost == []


def test_every_container_is_in_the_file() -> None:
    """Of what pages stop, start and look into."""
    services = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"])
    named = [
        (str(page.relative_to(ROOT)), found[1])
        for page in PAGES
        for found in CONTAINERS.finditer(page.read_text("utf-8"))
    ]
    assert len(named) > 5
    assert [one for one in named if one[1] not in services] == []
