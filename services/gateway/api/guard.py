"""Before and after every request: foreign origins, big bodies, security headers."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.api.problems import ProblemError, answer

MAX_BODY = 64 * 1024
MAX_EVIDENCE = 512 * 1024
"""Photos and spoken notes are the only large things that come in."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:{0}; "
    "media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:{0}; worker-src 'self' blob:; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self)",
}


class Guard:
    """Plain ASGI around the application."""

    def __init__(self, app: ASGIApp, origins: Iterable[str], tile_hosts: Iterable[str] = ()) -> None:
        """`origins` may write besides our own host; pages may ask `tile_hosts` for the picture under a map."""
        self._app = app
        self._origins = frozenset(origins)
        self._security = SECURITY | {"Content-Security-Policy": POLICY.format("".join(f" {h}" for h in tile_hosts))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer for it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope)
        sending = _secured(send, self._security)
        if refused is not None:
            await answer(refused)(scope, receive, sending)
        else:
            await self._app(scope, _limited(receive, _most(scope)), sending)

    def _refused(self, scope: Scope) -> ProblemError | None:
        headers = Headers(scope=scope)
        length, most = headers.get("content-length", "0"), _most(scope)
        if length.isascii() and length.isdigit() and int(length) > most:
            return ProblemError(413, "too_large", params={"most": most})
        if scope["method"] not in SAFE and "authorization" not in headers and self._foreign(headers):
            return ProblemError(403, "foreign_origin", field="Origin")
        return None

    def _foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return not (origin is None or origin in self._origins or urlsplit(origin).netloc == headers.get("host"))


def _most(scope: Scope) -> int:
    return MAX_EVIDENCE if scope["method"] == "PUT" and "/evidence/" in scope["path"] else MAX_BODY


def _limited(receive: Receive, most: int) -> Receive:
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return counting


def _secured(send: Send, security: Mapping[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in security.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
