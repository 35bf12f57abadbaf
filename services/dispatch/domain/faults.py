"""What is wrong with somebody's things, kept in the case by device and kind, in words that JSON knows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

Faults = dict[str, Any]
"""`device/kind` → `{fault, device, kind, protects, at}`; `at` is when we learned of it, RFC 3339."""


def noted(device: str | None, kind: str, *, fault: UUID | None, protects: bool, at: datetime) -> Faults:
    """One fault. `fault` is None when the device said it in an alarm; `protects`: she can't call any more."""
    there = {"fault": str(fault) if fault else None, "device": device, "kind": str(kind), "protects": protects}
    return {name(device, kind): {**there, "at": at.isoformat()}}


def name(device: str | None, kind: str) -> str:
    """The same fault of the same device has the same name, whoever tells of it."""
    return f"{device or ''}/{kind}"


def without(faults: Faults, device: str, kind: str) -> Faults:
    """What is left when this one is mended."""
    return {key: fault for key, fault in faults.items() if key != name(device, kind)}


def protects(faults: Faults) -> bool:
    """Whether one of them takes her protection away."""
    return any(fault["protects"] for fault in faults.values())


def unprotected_since(faults: Faults) -> datetime:
    """When we learned of the first one that takes her protection away. Only if there is one."""
    return min(datetime.fromisoformat(fault["at"]) for fault in faults.values() if fault["protects"])


def gravest(faults: Mapping[str, Any], otherwise: str) -> str:
    """What the case is called: the first that takes protection away, else the first of all."""
    ordered = sorted(faults.values(), key=lambda f: (not f["protects"], f["at"], f["kind"]))
    return ordered[0]["kind"] if ordered else otherwise
