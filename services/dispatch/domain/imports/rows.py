"""A row against what is known: its division, its place, what belongs together in it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from services.dispatch.domain.imports.cells import BadCellError, plain
from services.dispatch.domain.imports.places import Gazetteer
from services.dispatch.domain.imports.sheets import CONTACTS
from services.dispatch.domain.imports.table import Fault, Row

HOLDS_FOR = timedelta(days=730)
"""An assessment holds for two years at most where its file does not say how long."""


def settled(row: Row, gazetteer: Gazetteer, today: date) -> tuple[Row, list[Fault]]:
    """The row with its division's code and its place, and what is wrong with it."""
    values, faults = dict(row.values), list(_apart(row, today))
    try:
        _place(values, gazetteer)
    except BadCellError as bad:
        column = "lat" if bad.code in {"swapped", "far_away", "nowhere"} else "division"
        said = "" if bad.code == "nowhere" else str(row.values.get(column, ""))
        faults.append(Fault(row.line, bad.code, column, said, bad.params))
    for code in values.get("catchment") or ():
        try:
            gazetteer.code(code)
        except BadCellError as bad:
            faults.append(Fault(row.line, bad.code, "catchment", code, bad.params))
    return Row(row.line, values), faults


def _place(values: dict[str, Any], gazetteer: Gazetteer) -> None:
    if "division" not in values:
        return
    values["division"] = gazetteer.code(values["division"])
    lat, lon = values.pop("lat", None), values.pop("lon", None)
    values["spot"] = gazetteer.spot(values["division"], lat, lon)
    if values.get("catchment"):
        values["catchment"] = [gazetteer.code(said) for said in values["catchment"]]


def _apart(row: Row, today: date) -> list[Fault]:
    """Cells that do not go together."""
    values, faults = row.values, []
    if ("lat" in values) != ("lon" in values):
        faults.append(Fault(row.line, "missing", "lon" if "lat" in values else "lat"))
    for n in range(1, CONTACTS + 1):
        name, phone = f"contact{n}_name", f"contact{n}_phone"
        if bool(values.get(name)) != bool(values.get(phone)):
            faults.append(Fault(row.line, "missing", phone if values.get(name) else name))
    faults += _assessed(row, today)
    if values.get("born") is not None and values["born"] > today.year:
        faults.append(Fault(row.line, "in_the_future", "born", str(values["born"])))
    return faults


def _assessed(row: Row, today: date) -> list[Fault]:
    values: Mapping[str, Any] = row.values
    on, until = values.get("assessed_on"), values.get("assessed_until")
    if on is not None and values.get("assessment") is None:
        return [Fault(row.line, "missing", "assessment")]
    if on is not None and on > today:
        return [Fault(row.line, "in_the_future", "assessed_on", on.isoformat())]
    if until is not None and on is None:
        return [Fault(row.line, "missing", "assessed_on")]
    if until is not None and until <= on:
        return [Fault(row.line, "ends_before", "assessed_until", until.isoformat())]
    return []


def divided(rows: Iterable[Row]) -> list[Fault]:
    """Rows of one home that stands at two addresses."""
    first: dict[str, Row] = {}
    faults = []
    for row in rows:
        if home := row.values.get("home"):
            there = first.setdefault(home, row)
            if plain(there.values["address"]) != plain(row.values["address"]):
                faults.append(Fault(row.line, "two_addresses", "address", row.values["address"], {"line": there.line}))
    return faults
