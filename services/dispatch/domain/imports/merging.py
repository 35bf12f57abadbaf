"""What a row makes of what is there: whole rows as they shall stand, by table. What a row does not say stays."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.cells import cell_of
from services.dispatch.domain.imports.cells import plain
from services.dispatch.domain.imports.rows import HOLDS_FOR
from services.dispatch.domain.imports.sheets import CONTACTS
from shared.vocabulary.geo import Position

Values = dict[str, Any]
Stored = Mapping[str, Any]

IN_HOME = ("floor", "lift", "door_code", "key_place")
IN_ELDER = (
    "name", "sex", "born", "phone", "lives_alone", "risk", "health", "dialect", "medicine", "allergies", "dementia",
    "gender_wish", "break_in", "last_wishes", "id_number",
)  # fmt: skip
IN_RESPONDER = (
    "name", "kind", "phone", "provider_id", "mode", "nights", "sex", "dialects", "catchment", "phone_only",
)  # fmt: skip
IN_CONTACT = ("name", "relation", "phone", "has_key", "from_h", "until_h")
SPEEDS = MappingProxyType({"walk": 1.2, "bike": 3.0, "ebike": 5.0, "car": 7.0})
"""Metres a second from door to door."""
EMPTY: Mapping[str, Any] = MappingProxyType(
    {
        "lives_alone": False, "dementia": False, "break_in": False, "nights": False, "phone_only": False,
        "has_key": False, "mode": "walk", "dialects": [], "catchment": [], "relation": "家属", "from_h": 0,
        "until_h": 24,
    }
)  # fmt: skip
"""What stands where nothing is said; null everywhere else."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is there already of a row's elder, home and so on; JSON as the database has it."""

    row: Stored | None = None
    home: Stored | None = None
    contacts: Mapping[int, Stored] = field(default_factory=dict)
    skills: Sequence[str] = ()


def _said(values: Stored, names: Sequence[str], before: Stored | None) -> Values:
    """These columns: as the row says, else as they were, else empty."""
    there = before or {}
    return {
        name: (values[name] if values.get(name) is not None else EMPTY.get(name))
        if name in values
        else there.get(name, EMPTY.get(name))
        for name in names
    }


def _spot(values: Stored, before: Stored | None) -> Values:
    """A place that nobody gave does not move one that somebody did."""
    lat, lon, placed = values["spot"]
    if placed == "division" and before is not None and before["division"] == values["division"]:
        return {name: before[name] for name in ("lat", "lon", "placed") if name in before}
    return {"lat": lat, "lon": lon, "placed": placed}


def home_id(values: Stored, elder: Stored | None) -> str:
    """The home a row speaks of: the one it names, else hers, else that of its address.

    Others share it if there is a number in the address; without one it may be a whole village.
    """
    if values.get("home"):
        return str(values["home"])
    if elder is not None:
        return str(elder["home_id"])
    address = plain(values["address"])
    of = f"{values['division']}|{address}" + ("" if any(sign.isdigit() for sign in address) else f"|{values['id']}")
    return "H-" + hashlib.sha256(of.encode()).hexdigest()[:16]


def elder(values: Stored, before: Before, now: str) -> dict[str, list[Values]]:
    """Rows of the home, the elder, her assessment and the contacts in her row."""
    home = home_id(values, before.row)
    old = before.row or {}
    contacts = [
        contact(_numbered(values, n, str(values["id"])), before.contacts.get(n), values["division"])
        for n in range(1, CONTACTS + 1)
        if values.get(f"contact{n}_name")
    ]
    said = _said(values, IN_ELDER, before.row)
    assessed = _assessed(values)
    newest = assessed is not None and str(assessed["until"]) >= str(old.get("assessed_until") or "")
    level = values.get("assessment") if assessed is None or newest else old.get("assessment")
    row = {
        "id": values["id"], "home_id": home, "division": values["division"], **said,
        "assessment": level if "assessment" in values else old.get("assessment"),
        "assessed_until": assessed["until"] if assessed is not None and newest else old.get("assessed_until"),
        "risk_at": old.get("risk_at") if said["risk"] == old.get("risk") else now,
    }  # fmt: skip
    return {
        "home": [
            {"id": home, "division": values["division"], "address": values["address"],
             **_said(values, IN_HOME, before.home), **_spot(values, before.home)}
        ],
        "elder": [row],
        "contact": contacts,
        "assessment": [assessed] if assessed else [],
    }  # fmt: skip


def _numbered(values: Stored, n: int, elder_id: str) -> Values:
    prefix = f"contact{n}_"
    found = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
    return {"elder": elder_id, "ord": n, **found}


def contact(values: Stored, before: Stored | None, division: str) -> Values:
    """A contact's row; a new number has been confirmed by nobody."""
    said = _said(values, IN_CONTACT, before)
    known = before if before is not None and before["phone"] == said["phone"] else {}
    confirmed = {name: known.get(name) for name in ("confirmed_at", "confirmed_by")}
    return {"elder_id": values["elder"], "ord": values["ord"], "division": division, **said, **confirmed}


def _assessed(values: Stored) -> Values | None:
    on: date | None = values.get("assessed_on")
    if on is None:
        return None
    until = values.get("assessed_until") or on + HOLDS_FOR
    return {
        "elder_id": values["id"], "division": values["division"], "assessed_on": on.isoformat(),
        "level": values["assessment"], "until": until.isoformat(), "assessor": values.get("assessor"),
    }  # fmt: skip


def provider(values: Stored, before: Before) -> Values:
    """An organisation's row."""
    spot = _spot(values, before.row)
    return {
        "id": values["id"], "division": values["division"], **_said(values, ("name", "phone"), before.row),
        "lat": spot["lat"], "lon": spot["lon"], "retired_at": None,
    }  # fmt: skip


def responder(values: Stored, before: Before) -> Values:
    """The row of somebody who goes."""
    spot = _spot(values, before.row)
    said = _said(values, IN_RESPONDER, before.row)
    kept = before.row is not None and before.row["mode"] == said["mode"]
    return {
        "id": values["id"], "division": values["division"], **said, "lat": spot["lat"], "lon": spot["lon"],
        "speed_mps": before.row["speed_mps"] if before.row is not None and kept else SPEEDS[said["mode"]],
        "base_cell": cell_of(Position(spot["lat"], spot["lon"])), "retired_at": None,
    }  # fmt: skip
