"""The screens' files, as built by web/."""

import asyncio
import re
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from services.gateway.api.door import door
from services.gateway.api.problems import ProblemError

router = APIRouter(include_in_schema=False)

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ALWAYS_ASK = {"Cache-Control": "no-cache"}
NONCE = "__CSP_NONCE__"
"""Where the built pages want the number that lets their styles in (web/vite.config.ts)."""
UNBUILT = "The screens are not built. Run `./yinling build`, or `npm ci && npm run build` in web/.\n"


@router.get("/")
@router.get("/{name}")
async def page(request: Request, name: str = "index") -> Response:
    """A screen (`/desk`, `/field`, …), or a file beside them."""
    root = door(request).settings.web_root
    wanted = name if "." in name else f"{name}.html"
    if NAME.fullmatch(wanted) and (root / wanted).is_file():
        return await _file(request, root / wanted)
    if not (root / "index.html").is_file() and "." not in name:
        return PlainTextResponse(UNBUILT, 503)
    raise ProblemError(404, "not_found")


async def _file(request: Request, path: Path) -> Response:
    if path.suffix != ".html":
        return FileResponse(path, headers=ALWAYS_ASK)
    text = await asyncio.to_thread(path.read_text, "utf-8")
    return HTMLResponse(text.replace(NONCE, request.state.nonce), headers=ALWAYS_ASK)


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
