"""A small office's sign-on: OpenID Connect with codes, PKCE and signed identities."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.util import create_half_hash
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from shared.runtime.clock import FakeClock
from shared.runtime.http import serve_app
from tests.conftest import free_port

CLIENT, SECRET = "yinling", "the-offices-client-secret"


@dataclass
class Office:
    """Whom it names next, how it has proved them, and what it does wrong."""

    clock: FakeClock
    port: int
    subject: str = "officer-7"
    methods: tuple[str, ...] = ("pwd", "mfa")
    wrong: dict[str, Any] = field(default_factory=dict)
    says_it_is: str = ""
    """Another issuer in its own description."""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """Its name."""
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> FastAPI:
        """Its pages."""
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        async def about() -> dict[str, str]:
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return {
                "issuer": self.says_it_is or self.issuer,
                **{name: f"{self.issuer}/{path}" for name, path in ends.items()},
            }

        @app.get("/keys")
        async def keys() -> dict[str, Any]:
            return dict(KeySet([self.key]).as_dict(private=False))

        @app.get("/authorize")
        async def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
            assert asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

        @app.post("/token")
        async def token(request: Request) -> Response:
            form = dict(parse_qsl((await request.body()).decode()))
            asked = self.codes.pop(form["code"], None)
            challenge = create_s256_code_challenge(form.get("code_verifier", ""))
            known = request.headers.get("authorization", "").startswith("Basic ")
            if asked is None or not known or asked["code_challenge"] != challenge:
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse(self._answer(asked["nonce"]))

        return app

    def _answer(self, nonce: str) -> dict[str, Any]:
        now, access = int(self.clock.now().timestamp()), secrets.token_urlsafe(16)
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300, "nonce": nonce,
            "amr": list(self.methods), "at_hash": create_half_hash(access, "RS256").decode(), **self.wrong,
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed}


@asynccontextmanager
async def office(clock: FakeClock) -> AsyncIterator[Office]:
    """A sign-on that answers."""
    it, opened = Office(clock, free_port()), asyncio.Event()
    serving = asyncio.create_task(serve_app(it.app(), "127.0.0.1", it.port, opened))
    await opened.wait()
    try:
        yield it
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
