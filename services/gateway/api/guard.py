"""Before and after every request: foreign origins, big bodies, security headers."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.api.problems import ProblemError, answer

MAX_BODY = 64 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; manifest-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(self)",
}


class Guard:
    """Plain ASGI around the application."""

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        """`origins` may write besides our own host."""
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer for it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope)
        sending = _secured(send)
        if refused is not None:
            await answer(refused)(scope, receive, sending)
        else:
            await self._app(scope, _limited(receive), sending)

    def _refused(self, scope: Scope) -> ProblemError | None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length) > MAX_BODY:
            return ProblemError(413, "too_large", params={"most": MAX_BODY})
        if scope["method"] not in SAFE and "authorization" not in headers and self._foreign(headers):
            return ProblemError(403, "foreign_origin", field="Origin")
        return None

    def _foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return not (origin is None or origin in self._origins or urlsplit(origin).netloc == headers.get("host"))


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            raise HTTPException(413)
        return message

    return counting


def _secured(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
