"""Devices from a table, through the platform's own door: each gets its secret and her who wears it.

A broker may keep its own list of who is let in, so devices are registered by the service that keeps it, one by one.
"""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from deploy.local.devices_cli import CODES
from services.dispatch.domain.imports import cells
from services.dispatch.domain.imports.sheets import Column, Sheet

KINDS = {
    "按钮": "button", "手环": "wearable", "网关": "hub", "传感器": "sensor",
    **{kind: kind for kind in ("button", "wearable", "hub", "sensor")},
}  # fmt: skip
DEVICES = Sheet(
    "devices", "设备",
    (
        Column("id", cells.number, ("设备编号", "编号"), required=True),
        Column("model", cells.words(64), ("型号",), required=True),
        Column("division", cells.division, ("行政区划", "行政区划代码", "区划"), required=True),
        Column("kind", cells.one_of(KINDS), ("种类", "类型")),
        Column("elder", cells.number, ("老人编号", "佩戴人编号")),
    ),
)  # fmt: skip

Post = Callable[[str, dict[str, Any]], dict[str, Any] | str]
"""Ask the platform; the answer, or its refusal in words."""
THERE = CODES["exists"]


class Stock:
    """Registers devices and keeps what is told of each only once."""

    def __init__(self, post: Post, to: Path) -> None:
        """`to` is made with the first secret, readable by its owner only."""
        self._post, self._to = post, to

    def add(self, device: Mapping[str, Any]) -> str:
        """`added`, `same`, or a refusal in words. One that is there already is placed, and keeps its secret."""
        kind = device.get("kind") or "button"
        body = {"id": device["id"], "kind": kind, "model": device["model"], "division": device["division"],
                "cls": "hub" if kind == "hub" else "own"}  # fmt: skip
        made = self._post("/devices", body)
        if isinstance(made, dict):
            self._keep(str(device["id"]), str(made["secret"]), str(made.get("claim_code") or ""))
        elif made != THERE:
            return made
        elder = device.get("elder")
        placed = self._post(f"/devices/{device['id']}/place", {"elder": elder}) if elder else {}
        if isinstance(placed, str):
            return placed
        return "added" if isinstance(made, dict) else "same"

    def _keep(self, name: str, secret: str, code: str) -> None:
        fresh = not self._to.exists()
        with self._to.open("a", encoding="utf-8-sig" if fresh else "utf-8", newline="") as file:
            self._to.chmod(0o600)
            writer = csv.writer(file)
            if fresh:
                writer.writerow(("设备编号", "密钥", "认领码"))
            writer.writerow((name, secret, code))
