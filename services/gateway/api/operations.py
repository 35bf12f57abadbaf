"""For operators and machines: alive, ready, figures, parts."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.api.door import Json, TheDoor
from shared.contracts import http
from shared.runtime import metrics as house

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def alive() -> Response:
    """Tell that the process answers."""
    return Json({"ok": True})


@router.get("/readyz")
async def ready(door: TheDoor) -> Response:
    """Tell whether it can do its work: the database answers."""
    able = door.health()["database"]
    return Json({"ok": able}, 200 if able else 503)


@router.get("/status", response_model=http.Status)
async def status(door: TheDoor) -> Response:
    """Which parts answer."""
    parts = dict(door.health())
    return Json(http.Status(ok=all(parts.values()), parts=parts))


@router.get("/metrics")
async def metrics(door: TheDoor) -> Response:
    """Figures for Prometheus."""
    figures = {**{f"{name}_up": float(up) for name, up in door.health().items()}, **door.gauges()}
    lines = [f"yinling_gateway_{name} {value:g}" for name, value in sorted(figures.items())]
    return Response(house.written() + ("\n".join(lines) + "\n").encode(), media_type=house.KIND)
