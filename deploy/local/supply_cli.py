"""`./yinling supply`: are our packages known to be weak, and which are they."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.local import supply as it
from deploy.local.people_cli import Json

supply = typer.Typer(no_args_is_help=True, help="Other people's packages: known weaknesses, and a list of them.")
console = Console(stderr=True)
ASKED: dict[str, Callable[[], list[it.Finding]]] = {"python": it.python_findings, "web": it.web_findings}


@supply.command()
def check(
    strict: Annotated[bool, typer.Option("--strict", help="Fail, too, when somebody could not be asked.")] = False,
    as_json: Json = False,
) -> None:
    """Ask the registries what is known of our packages; exit 1 on what is not in deploy/accepted.toml."""
    found, silent = list[it.Finding](), dict[str, str]()
    for name, ask in ASKED.items():
        try:
            found += ask()
        except it.NotAskedError as fault:
            silent[name] = str(fault)
    known = it.accepted(it.ACCEPTED.read_text("utf-8"))
    verdict = it.judged(found, known, datetime.now(UTC).date())
    if as_json:
        print(json.dumps(asdict(verdict) | {"not_asked": silent}, default=str))  # noqa: T201  for programs
    _show(verdict, silent)
    failed = verdict.open or verdict.over or (strict and silent)
    raise typer.Exit(1 if failed else 0)


@supply.command()
def sbom(to: Annotated[Path, typer.Argument(help="Folder for python.cdx.json and web.cdx.json.")]) -> None:
    """Write what the processes and the screens are made of, with versions and hashes (CycloneDX)."""
    try:
        made = it.boms(to.absolute())
    except it.NotAskedError as fault:
        console.print(str(fault), style="red", markup=False)
        raise typer.Exit(1) from None
    for path in made:
        console.print(f"made {path} 物料清单", highlight=False)


def _show(verdict: it.Verdict, silent: dict[str, str]) -> None:
    for name, why in silent.items():
        console.print(f"{name}: not asked 未能查询 ({why})", style="bold yellow", markup=False, highlight=False)
    for what, those in (("not looked at 未评估", verdict.open), ("accepted too long ago 已过期", verdict.over)):
        for one in those:
            console.print(f"{one.package} {one.version} {one.ids[0]}: {what}", style="red", highlight=False)
    for known in verdict.idle if not silent else ():
        console.print(f"{known.package} {known.id}: found no more, take it out of {it.ACCEPTED.name} 可移除")
    if not (verdict.open or verdict.over or silent):
        console.print("nothing new is known of our packages 未发现新问题", style="green")
