"""How the records of a synthetic county become rows."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from services.devices.store.keys import Sealer
from shared.vocabulary.divisions import Level
from shared.vocabulary.people import ResponderKind
from simulators.registry import Account, Binding, County, Responder

TABLES = {
    "division": """INSERT INTO dispatch.division (code, name, parent, phone)
                   VALUES ($1::text, $2, $3, '12349' || coalesce('-' || nullif(substr($1, 7), ''), ''))""",
    "home": """INSERT INTO dispatch.home (id, division, address, floor, lift, door_code, key_place, lat, lon)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
    "elder": """INSERT INTO dispatch.elder (id, home_id, division, name, sex, born, phone, lives_alone, assessment,
                                            health, dialect, medicine, allergies)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)""",
    "contact": """INSERT INTO dispatch.contact (elder_id, division, ord, name, relation, phone, has_key)
                  VALUES ($1, $2, $3, $4, $5, $6, $7)""",
    "provider": """INSERT INTO dispatch.provider (id, division, name, phone, lat, lon)
                   VALUES ($1, $2, $3, $4, $5, $6)""",
    "responder": """INSERT INTO dispatch.responder (id, division, provider_id, kind, name, phone, lat, lon, speed_mps,
                                                    nights, on_duty, duty_since, seen_lat, seen_lon, seen_at, reachable)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $7, $8, $13, true)""",
    "skill": "INSERT INTO dispatch.skill (responder_id, division, skill, valid_until) VALUES ($1, $2, $3, NULL)",
    "price": """INSERT INTO dispatch.price (id, service, division, since, until, cents, subsidy_permille,
                                            absent_permille, by_account, at)
                VALUES ($1, $2, $3, $4, NULL, $5, $6, $7, 'import', $8)""",
    "device": """INSERT INTO devices.device (id, kind, county, division, model, class, foreign_prefix, home_id,
                                             elder_id, secret_sha256, mac_key, added_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
    "placement": """INSERT INTO devices.placement (device_id, division, home_id, elder_id, from_at, placed_by,
                                                   confirmed_at, confirmed_by, confirmed_how)
                    VALUES ($1, $2, $3, $4, $5, 'import', $5, 'import', 'import')""",
    "binding": """INSERT INTO devices.binding (hub_id, address, device_id, adapter, meaning)
                  VALUES ($1, $2, $3, $4, $5)""",
    "account": """INSERT INTO gateway.account (id, username, name, role, kind, division, responder_id, password_hash)
                  VALUES ($1, $1, $2, $3, $4, $5, $6, $7)""",
}
"""Statement by table, in the order of their references."""

SKILLS = {ResponderKind.CAREGIVER: ("bath", "escort"), ResponderKind.NURSE: ("escort", "nursing")}
PRICES = (
    ("meal", 1500, 600), ("clinic", 9000, 400), ("escort", 6000, 400), ("bath", 12000, 500), ("cleaning", 8000, 300),
    ("urgent", 5000, 500), ("errand", 3000, 300), ("visit", 2000, 1000),
)  # fmt: skip
"""What a county pays: service, fen, and the public's share in permille."""
ABSENT_PERMILLE = 200

Row = tuple[Any, ...]


def statement(table: str) -> str:
    """Insert that folds what an interrupted start has already written."""
    return TABLES[table] + " ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Locked:
    """What is stored instead of secrets: digests, sealed signing keys, and each account's password hash."""

    secrets: Mapping[str, str]
    sealer: Sealer
    hash_of: Callable[[str], str]

    def device(self, name: str) -> tuple[bytes | None, bytes | None]:
        """Digest and sealed key of a device's secret; nothing for one that has none."""
        secret = self.secrets.get(name)
        return (hashlib.sha256(secret.encode()).digest(), self.sealer.sealed(name, secret)) if secret else (None, None)


def rows_of(it: County, locked: Locked, at: datetime) -> dict[str, list[Row]]:
    """Rows by table, in the order of the statements' parameters."""
    return {
        "division": [astuple(row) for row in it.divisions],
        "home": [astuple(row) for row in it.homes],
        "elder": [astuple(row) for row in it.elders],
        "contact": [astuple(row) for row in it.contacts],
        "provider": [astuple(row) for row in it.providers],
        "responder": [_responder(row, at) for row in it.responders],
        "skill": [(row.id, row.division, skill) for row in it.responders for skill in SKILLS.get(row.kind, ())],
        "price": [_price(county, *price, at) for county in _counties(it) for price in PRICES],
        "device": [(*astuple(row), *locked.device(row.id), at) for row in it.devices],
        "placement": [(row.id, row.division, row.home_id, row.elder_id, at) for row in it.devices if row.home_id],
        "binding": [_binding(row) for row in it.bindings],
        "account": [_account(row, locked.hash_of(row.id)) for row in it.accounts],
    }


def _counties(it: County) -> list[str]:
    return [row.code for row in it.divisions if len(row.code) == Level.COUNTY]


def _price(county: str, service: str, cents: int, subsidy: int, at: datetime) -> Row:
    """From the first of January before the county begins, until further notice."""
    name = uuid5(NAMESPACE_OID, f"price/{county}/{service}")
    return (name, service, county, date(at.year, 1, 1), cents, subsidy, ABSENT_PERMILLE, at)


def _responder(row: Responder, at: datetime) -> Row:
    """On duty means seen at home base when the county begins."""
    return (*astuple(row), at if row.on_duty else None, at)


def _binding(row: Binding) -> Row:
    return (row.hub_id, row.address, row.device_id, row.adapter, dict(row.meaning))


def _account(row: Account, password_hash: str) -> Row:
    return (row.id, row.name, row.role, row.kind, row.division, row.responder_id, password_hash)
