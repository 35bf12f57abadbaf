"""The application: every endpoint in its place."""

from typing import Any

from fastapi import FastAPI

from services.gateway.api import (
    access,
    bindings,
    channels,
    decisions,
    desk,
    devices,
    doubts,
    elder,
    evidence,
    exports,
    family,
    handouts,
    inbox,
    load,
    maps,
    mass,
    modes,
    operations,
    orders,
    outages,
    people,
    policies,
    portraits,
    problems,
    reads,
    registry,
    regulation,
    reports,
    screens,
    seats,
    second,
    security,
    sessions,
    sso,
    staff,
    supervision,
    walls,
)
from services.gateway.api.door import Door
from services.gateway.api.guard import Guard
from services.gateway.api.noted import Noted
from shared.contracts.http import Problem

ROOT = "/api/v1"
PROBLEM = {"model": Problem, "description": "What was wrong", "content": {"application/problem+json": {}}}
ERRORS: dict[int | str, dict[str, Any]] = {"default": PROBLEM}


def build(door: Door) -> FastAPI:
    """Put the endpoints behind one door."""
    app = FastAPI(
        title="Yinling 银铃", version="1", openapi_url=f"{ROOT}/openapi.json", docs_url=None, redoc_url=None,
        responses=ERRORS, redirect_slashes=False,
    )  # fmt: skip
    app.state.door = door
    problems.install(app)
    for part in (
        sessions, decisions, desk, reads, devices, bindings, outages, inbox, operations, mass, modes, seats, policies,
        people,
    ):  # fmt: skip
        app.include_router(part.router, prefix=ROOT)
    for part in (security, sso, staff, orders, elder, evidence, portraits, load, family, maps, reports, access):
        app.include_router(part.router, prefix=ROOT)
    for part in (supervision, doubts, regulation, exports, walls):
        app.include_router(part.router, prefix=ROOT)
    app.include_router(registry.router, prefix=ROOT)
    app.include_router(registry.public)
    app.include_router(handouts.router, prefix=ROOT)
    app.include_router(channels.router, prefix=ROOT)
    app.include_router(channels.public)
    app.include_router(second.router)
    app.include_router(walls.page)
    app.include_router(operations.router, include_in_schema=False)
    app.add_middleware(Noted, reads=door.reads, root=ROOT)
    app.add_middleware(
        Guard, origins=door.settings.public_origins, tile_hosts=maps.tile_hosts(door),
        secure=door.settings.secure_cookies,
    )  # fmt: skip
    return app


def add_screens(app: FastAPI) -> None:
    """Serve the screens below everything else: their paths would hide later ones."""
    app.include_router(screens.router)
