"""The button page: press any device of the demo from a browser and watch what its receipts say.

`GET /demo/devices`, `/demo/things` (foreign ones) and `/demo/radios` · `POST /demo/press` {device, kind?, radio?} ·
`POST /demo/use` {address} · `GET /demo/presses/{eid}`.
"""

from collections import OrderedDict
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from shared.vocabulary.alarms import AlarmKind
from simulators.courtesy import Courtesy
from simulators.demo import Demo
from simulators.fleet import Fleet
from simulators.mqtt import LOST
from simulators.press import Press
from simulators.radio import KINDS

REMEMBERED = 500
SHOWN = ("id", "kind", "home", "elder", "elder_masked", "place")


class ButtonPage:
    """Endpoints over a fleet; secrets stay here."""

    def __init__(self, demo: Demo, fleet: Fleet, courtesy: Courtesy, web: Path) -> None:
        """Serve the built page from `web`."""
        self._demo = demo
        self._fleet = fleet
        self._courtesy = courtesy
        self._web = web
        self._presses: OrderedDict[str, Press] = OrderedDict()

    def app(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/demo/devices", self._devices),
            Route("/demo/things", self._things),
            Route("/demo/radios", self._radios),
            Route("/demo/press", self._press, methods=["POST"]),
            Route("/demo/use", self._use, methods=["POST"]),
            Route("/demo/presses/{eid}", self._status),
            Route("/", self._index),
            Mount("/assets", StaticFiles(directory=self._web / "assets", check_dir=False)),
        ]
        return Starlette(routes=routes)

    async def _index(self, _: Request) -> Response:
        page = self._web / "button.html"
        if not page.is_file():
            return _problem(404, "page_not_built")
        return FileResponse(page, headers={"cache-control": "no-cache"})

    async def _devices(self, _: Request) -> Response:
        return JSONResponse([{name: device.get(name) for name in SHOWN} for device in self._demo.devices])

    async def _things(self, _: Request) -> Response:
        return JSONResponse(self._demo.things)

    async def _radios(self, _: Request) -> Response:
        return JSONResponse(list(KINDS))

    async def _use(self, request: Request) -> Response:
        try:
            address = str((await request.json())["address"])
            await self._fleet.use(address)
        except (ValueError, TypeError, AttributeError):
            return _problem(422, "bad_use")
        except KeyError:
            return _problem(404, "unknown_thing")
        except LOST:
            return _problem(503, "platform_away")
        return JSONResponse({"address": address}, status_code=202)

    async def _press(self, request: Request) -> Response:
        try:
            asked = await request.json()
            device, kind = str(asked["device"]), AlarmKind(asked.get("kind", "sos"))
            weather = KINDS[asked["radio"]] if "radio" in asked else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return _problem(422, "bad_press")
        if device not in self._fleet:
            return _problem(404, "unknown_device")
        if weather is not None:
            self._fleet.under(device, weather)
        press = self._fleet.press(device, kind)
        self._courtesy.pressed(press)
        self._remember(press)
        return JSONResponse({"eid": press.eid}, status_code=202)

    async def _status(self, request: Request) -> Response:
        press = self._presses.get(request.path_params["eid"])
        if press is None:
            return _problem(404, "unknown_press")
        return JSONResponse(status(press), headers={"cache-control": "no-store"})

    def _remember(self, press: Press) -> None:
        self._presses[press.eid] = press
        while len(self._presses) > REMEMBERED:
            self._presses.popitem(last=False)


def status(press: Press) -> dict[str, Any]:
    """What the page polls."""
    return {"eid": press.eid, "attempts": press.attempts, "receipts": press.receipts}


def _problem(code: int, what: str) -> Response:
    body = {"type": "about:blank", "title": what.replace("_", " "), "status": code, "code": what}
    return JSONResponse(body, status_code=code, media_type="application/problem+json")
