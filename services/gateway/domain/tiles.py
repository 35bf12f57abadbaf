"""What lies under the map: addresses of tiles by the operator's choice, and whose servers a browser may ask."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

OWN_FILE = "/api/v1/map/tiles.pmtiles"
AMAP = "https://webrd0{n}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={{x}}&y={{y}}&z={{z}}"
TIANDITU = (
    "https://t{n}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)


@dataclass(frozen=True, slots=True)
class Tiles:
    """A source of tiles; `layers` are addresses with {z}, {x}, {y}, the lowest first, in the datum `crs`."""

    kind: str
    layers: tuple[str, ...] = ()
    crs: str = "wgs84"
    max_zoom: int = 18
    attribution: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Foreign origins that a browser must be allowed to ask."""
        found = {urlsplit(layer) for layer in self.layers if not layer.startswith("/")}
        return tuple(sorted({f"{one.scheme}://{one.netloc}" for one in found}))


def tiles(kind: str, key: str, *, has_file: bool) -> Tiles:
    """The source of that kind; none where its key or its file is missing."""
    if kind == "amap":
        return Tiles(kind, (AMAP.format(n=1),), "gcj02", 18, "© 高德地图 AMap")
    if kind == "tianditu" and key:
        layers = tuple(TIANDITU.format(n=0, layer=layer, key=quote(key, safe="")) for layer in ("vec", "cva"))
        return Tiles(kind, layers, "wgs84", 18, "© 天地图 Tianditu")
    if kind == "pmtiles" and has_file:
        return Tiles(kind, (OWN_FILE,), "wgs84", 15, "© OpenStreetMap")
    return Tiles("none")
