"""The screens' files, as built by web/."""

import re
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response

from services.gateway.api.door import door
from services.gateway.api.problems import ProblemError

router = APIRouter(include_in_schema=False)

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ALWAYS_ASK = {"Cache-Control": "no-cache"}
UNBUILT = "The screens are not built. Run `./yinling build`, or `npm ci && npm run build` in web/.\n"


@router.get("/")
@router.get("/{name}")
async def page(request: Request, name: str = "index") -> Response:
    """A screen (`/desk`, `/field`, …), or a file beside them."""
    root = door(request).settings.web_root
    wanted = name if "." in name else f"{name}.html"
    if NAME.fullmatch(wanted) and (root / wanted).is_file():
        return FileResponse(root / wanted, headers=ALWAYS_ASK)
    if not (root / "index.html").is_file() and "." not in name:
        return PlainTextResponse(UNBUILT, 503)
    raise ProblemError(404, "not_found")


@router.get("/assets/{path:path}")
async def asset(request: Request, path: str) -> Response:
    """A file whose name changes with its content."""
    root = (door(request).settings.web_root / "assets").resolve()
    found = (root / path).resolve()
    if not (_within(root, found) and found.is_file()):
        raise ProblemError(404, "not_found")
    return FileResponse(found, headers=FOR_EVER)


def _within(root: Path, found: Path) -> bool:
    return found.is_relative_to(root)
