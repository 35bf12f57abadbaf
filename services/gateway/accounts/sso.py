"""An office's own sign-on: OpenID Connect, authorization code with PKCE."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.gateway.accounts.secrets import fresh
from services.gateway.accounts.throttle import BadCredentialsError
from shared.runtime.settings import Settings

PATIENCE_S = 5
LEEWAY_S = 60
ALGORITHMS = ["RS256", "PS256", "ES256", "Ed25519"]
STRONG = frozenset({"mfa", "otp", "hwk"})
"""Of RFC 8176: what the office says it has seen besides a password."""


class SignOnAwayError(Exception):
    """The office's sign-on does not answer."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-on under way: what comes back with the browser, and what only we know."""

    state: str
    nonce: str
    verifier: str

    @property
    def kept(self) -> bytes:
        """What is stored until it comes back."""
        return f"{self.nonce} {self.verifier}".encode()


@dataclass(frozen=True, slots=True)
class SignedOn:
    """Whom the office has named, and whether it has seen two factors."""

    subject: str
    strong: bool


def begun() -> Begun:
    """A fresh sign-on."""
    return Begun(fresh(), fresh(), fresh())


def brought_back(state: str, kept: bytes) -> Begun:
    """A sign-on whose browser came back."""
    nonce, _, verifier = kept.decode().partition(" ")
    return Begun(state, nonce, verifier)


async def address(settings: Settings, back: str, it: Begun) -> str:
    """Where the browser is sent; `back` is our own address that it comes back to. SignOnAwayError."""
    async with _client(settings, back) as client:
        about = await _about(settings, client)
        url, _ = client.create_authorization_url(
            about["authorization_endpoint"], state=it.state, nonce=it.nonce, code_verifier=it.verifier
        )
    return str(url)


async def named(settings: Settings, back: str, it: Begun, code: str, now: datetime) -> SignedOn:
    """Whom the office names for this code. BadCredentialsError, or SignOnAwayError."""
    async with _client(settings, back) as client:
        about = await _about(settings, client)
        try:
            token = await client.fetch_token(about["token_endpoint"], code=code, code_verifier=it.verifier)
            keys = (await client.request("GET", about["jwks_uri"], withhold_token=True)).raise_for_status().json()
            claims = _claims(settings, token, keys, it.nonce, now)
        except httpx2.HTTPError as away:
            raise SignOnAwayError from away
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as wrong:
            raise BadCredentialsError from wrong
    return SignedOn(str(claims["sub"]), bool(STRONG & set(claims.get("amr") or ())))


def _claims(settings: Settings, token: dict[str, Any], keys: Any, nonce: str, now: datetime) -> CodeIDToken:
    read = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
    wanted = {"iss": settings.sso_issuer, "aud": settings.sso_client}
    claims = CodeIDToken(
        read.claims, read.header, {name: {"essential": True, "value": value} for name, value in wanted.items()},
        {"nonce": nonce, "client_id": settings.sso_client, "access_token": token.get("access_token")},
    )  # fmt: skip
    claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
    return claims


def _client(settings: Settings, back: str) -> AsyncOAuth2Client:
    return AsyncOAuth2Client(
        settings.sso_client, settings.sso_secret.get_secret_value(), scope="openid", redirect_uri=back,
        code_challenge_method="S256", timeout=PATIENCE_S,
    )  # fmt: skip


async def _about(settings: Settings, client: AsyncOAuth2Client) -> dict[str, Any]:
    """The issuer's own description. One of somebody else's name is none."""
    url = f"{settings.sso_issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        found: dict[str, Any] = (await client.request("GET", url, withhold_token=True)).raise_for_status().json()
    except (httpx2.HTTPError, ValueError) as away:
        raise SignOnAwayError from away
    if found.get("issuer") != settings.sso_issuer:
        raise SignOnAwayError
    return found
