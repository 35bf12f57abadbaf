"""Notes every look at people's data, by what an endpoint says that it answers with: none can be forgotten.

What a command answers with is not noted again: the log has the command, with who and why.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.domain.access import Look, about, shown
from services.gateway.domain.people import Identity
from services.gateway.flow.access import Reads
from shared.vocabulary.people import Role

UNDESCRIBED: Mapping[str, frozenset[str]] = {
    "/evidence/{evidence}": frozenset({"picture"}),
    "/portraits/{portrait}": frozenset({"picture"}),
    "/family/portraits/{portrait}": frozenset({"picture"}),
    "/mass-events/{event}/print": frozenset({"place", "phone"}),
    "/map/incidents/{incident}": frozenset({"seen_at"}),
    "/reports/incidents/{incident}/case-file": frozenset({"place"}),
}
"""What answers show that are no JSON, or whose fields have names of their own."""
NOT_PEOPLE = frozenset({"/divisions/{division}/duty-phone", "/providers", "/discovered", "/cards/{code}"})
"""Telephones of offices, addresses of things."""


class Noted:
    """Plain ASGI around the application."""

    def __init__(self, app: ASGIApp, reads: Reads, root: str) -> None:
        """`root` comes before every path."""
        self._app = app
        self._reads = reads
        self._root = root
        self._shown: dict[str, tuple[str, ...]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a good answer back until the look is written."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 300:
                look = self._look(scope)
                if look is not None:
                    await self._reads.note(look)
            await send(message)

        await self._app(scope, receive, noting)

    def _look(self, scope: Scope) -> Look | None:
        who: Identity | None = scope.get("state", {}).get("who")
        route = scope.get("route")
        if who is None or who.role == Role.ELDER or not isinstance(route, APIRoute):
            return None
        kinds = self._kinds(route)
        if not kinds:
            return None
        path = route.path.removeprefix(self._root)
        what, target = about(path, scope["path_params"], who.account)
        return Look(who.account, who.division, what, target, kinds)

    def _kinds(self, route: APIRoute) -> tuple[str, ...]:
        if route.path not in self._shown:
            self._shown[route.path] = kinds_of(route, self._root)
        return self._shown[route.path]


def kinds_of(route: APIRoute, root: str) -> tuple[str, ...]:
    """Which kinds of people's data an endpoint answers with."""
    path = route.path.removeprefix(root)
    if path in NOT_PEOPLE:
        return ()
    if path in UNDESCRIBED:
        return shown(UNDESCRIBED[path])
    return shown(_fields(TypeAdapter(route.response_model).json_schema())) if route.response_model else ()


def _fields(schema: Any) -> Iterator[str]:
    """Every name of a field in a schema, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from _fields(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _fields(part)
