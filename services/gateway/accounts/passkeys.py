"""Passkeys (WebAuthn): a telephone or a key that asks its owner for a finger or a number: two factors."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.gateway.accounts.throttle import BadCredentialsError

NAME = "银铃 Yinling"
VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Site:
    """Where the page comes from, as its browser sees it: host name and whole origins."""

    host: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey to be kept."""

    credential: bytes
    public_key: bytes
    counter: int


def to_register(site: Site, account: str, username: str, there: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    """What the browser is asked to make, and the challenge; `there` are credentials that need no second one."""
    options = generate_registration_options(
        rp_id=site.host, rp_name=NAME, user_id=account.encode(), user_name=username,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in there],
    )  # fmt: skip
    return json.loads(options_to_json(options)), options.challenge


def made(site: Site, challenge: bytes, answer: Mapping[str, Any]) -> Made:
    """The passkey that a browser has made. BadCredentialsError when it is not what was asked for."""
    try:
        it = verify_registration_response(
            credential=dict(answer), expected_challenge=challenge, expected_rp_id=site.host,
            expected_origin=list(site.origins), require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, TypeError, KeyError) as fault:
        raise BadCredentialsError from fault
    return Made(it.credential_id, it.credential_public_key, it.sign_count)


def to_show(site: Site) -> tuple[dict[str, Any], bytes]:
    """What the browser is asked to show, of whomever, and the challenge."""
    options = generate_authentication_options(rp_id=site.host, user_verification=VERIFIED)
    return json.loads(options_to_json(options)), options.challenge


def credential_of(answer: Mapping[str, Any]) -> bytes:
    """Which passkey an answer is about. BadCredentialsError when it says nothing."""
    try:
        return base64url_to_bytes(str(answer["rawId"]))
    except (KeyError, ValueError) as fault:
        raise BadCredentialsError from fault


def shown(site: Site, challenge: bytes, answer: Mapping[str, Any], public_key: bytes, counter: int) -> int:
    """The passkey's new counter. BadCredentialsError when the signature or anything else is not right."""
    try:
        it = verify_authentication_response(
            credential=dict(answer), expected_challenge=challenge, expected_rp_id=site.host,
            expected_origin=list(site.origins), credential_public_key=public_key,
            credential_current_sign_count=counter, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, TypeError, KeyError) as fault:
        raise BadCredentialsError from fault
    return it.new_sign_count
