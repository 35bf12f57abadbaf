"""Before and after every request: foreign origins, floods, big bodies, security headers."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from secrets import token_urlsafe
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.api.door import COOKIE, HOST_ONLY
from services.gateway.api.problems import ProblemError, answer
from services.gateway.domain import cards, printing, status_page
from services.gateway.domain.rates import OFFICE, REMEMBERED_AT_MOST, Rates
from shared.runtime.clock import stopwatch

MAX_BODY = 64 * 1024
MAX_EVIDENCE = 512 * 1024
MAX_TABLE = 4 * 1024 * 1024
"""Photos, spoken notes and a county's lists are the only large things that come in."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PRINTED = " ".join(
    f"'sha256-{base64.b64encode(hashlib.sha256(page.STYLE.encode()).digest()).decode()}'"
    for page in (cards, printing, status_page)
)
"""Styles of the pages that we write ourselves."""
POLICY = (
    "default-src 'self'; style-src 'self' 'nonce-{2}' {3}; img-src 'self' data: blob:{0}; "
    "media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{1}{0}; worker-src 'self' blob:; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
LASTING = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
IMPORTS = "/api/v1/imports/"
DEVICES = "/device/"
"""Alarms by the second path: nothing between them and their own rules, which never drop a first press."""
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

    def __init__(
        self, app: ASGIApp, origins: Iterable[str], tile_hosts: Iterable[str] = (), *, secure: bool = False
    ) -> None:
        """`origins` may write besides our own host; pages may ask `tile_hosts` for the picture under a map.

        `secure`: we are reached over TLS only, and browsers shall know it.
        """
        self._app = app
        self._origins = frozenset(origins)
        self._tiles = "".join(f" {host}" for host in tile_hosts)
        self._security = SECURITY | (LASTING if secure else {})
        self._cookie = HOST_ONLY + COOKIE if secure else COOKIE
        self._rates = Rates()
        self._proven: dict[int, None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer for it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, nonce = Headers(scope=scope), token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        refused = self._refused(scope, headers)
        sending = _secured(send, self._security | {"Content-Security-Policy": self._policy(headers, nonce)})
        if refused is not None:
            await answer(refused, scope)(scope, receive, sending)
            return
        await self._app(scope, _limited(receive, _most(scope)), sending)
        if "who" in scope["state"]:
            self._remember(self._session(headers))

    def _refused(self, scope: Scope, headers: Headers) -> ProblemError | None:
        length, most = headers.get("content-length", "0"), _most(scope)
        if length.isascii() and length.isdigit() and int(length) > most:
            return ProblemError(413, "too_large", params={"most": most})
        if scope["method"] not in SAFE and "authorization" not in headers and self._foreign(headers):
            return ProblemError(403, "foreign_origin", field="Origin")
        if not scope["path"].startswith(DEVICES) and not self._allowed(scope, headers):
            return ProblemError(429, "too_many_requests", params={"retry_after_s": 1}, headers={"Retry-After": "1"})
        return None

    def _allowed(self, scope: Scope, headers: Headers) -> bool:
        """A session counts by itself once it has proven to be one; whatever else is said counts for the address."""
        session = self._session(headers)
        if session in self._proven:
            return self._rates.allow(session, stopwatch())
        client = scope.get("client")
        return self._rates.allow(hash(client[0] if client else ""), stopwatch(), 1 / OFFICE)

    def _session(self, headers: Headers) -> int:
        """A hash, since headers may be long."""
        given = headers.get("authorization") or cookie_parser(headers.get("cookie", "")).get(self._cookie, "")
        return hash(("session", given))

    def _remember(self, session: int) -> None:
        self._proven.pop(session, None)
        self._proven[session] = None
        if len(self._proven) > REMEMBERED_AT_MOST:
            del self._proven[next(iter(self._proven))]

    def _policy(self, headers: Headers, nonce: str) -> str:
        host = headers.get("host", "")
        # by name, since older telephones do not count sockets as one's own
        sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
        return POLICY.format(self._tiles, sockets, nonce, PRINTED)

    def _foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None and headers.get("sec-fetch-site") == "cross-site":
            return True
        return not (origin is None or origin in self._origins or urlsplit(origin).netloc == headers.get("host"))


def _most(scope: Scope) -> int:
    method, path = scope["method"], scope["path"]
    if method == "POST" and path.startswith(IMPORTS):
        return MAX_TABLE
    large = "/evidence/" in path or path.endswith("/portrait")
    return MAX_EVIDENCE if method == "PUT" and large else MAX_BODY


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
