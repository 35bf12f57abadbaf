"""A province of a proof's own in which every word bears the number of its community, so that a leak shows by itself.

Two counties with two streets and two communities each, in one city. In each community one of everything that there is
of people, and on every level one account of each role.
"""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from services.dispatch.domain.policy import SHIPPED, to_data

CITY = "9901"
COMMUNITIES = tuple(f"{CITY}0{c}00{s}00{v}" for c in (1, 2) for s in (1, 2) for v in (1, 2))
STAFF = ("desk", "supervisor", "admin", "installer", "office", "auditor", "security")
HOUSEHOLD = ("responder", "family", "elder")
NAMESPACE = UUID("6c1d7c53-0f4e-4d63-9d6a-5a0a5d0c7a11")
POLICY = json.dumps(to_data(SHIPPED))
COLUMNS = """
SELECT table_schema || '.' || table_name AS name, column_name, udt_name FROM information_schema.columns
WHERE table_schema IN ('dispatch', 'devices', 'gateway', 'report') AND is_nullable = 'NO' AND column_default IS NULL
    AND is_identity = 'NO'
ORDER BY ordinal_position
"""
TAKING = "hashtextextended('follower/dispatch.alarms', 0)"
APPEND = "SELECT log.lock(ARRAY[$1]), log.append($2::jsonb, $3)"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with a session; may see what begins with `scope`."""

    id: str
    role: str
    scope: str
    inboxes: tuple[str, ...]

    @property
    def token(self) -> str:
        """Opens its session."""
        return f"token-{self.id}"


def mark(code: str) -> str:
    """What every word of a community holds."""
    return f"Z{code}"


def number(code: str, what: str) -> UUID:
    """The UUID of a thing of a community."""
    return uuid5(NAMESPACE, f"{code}/{what}")


def ids(code: str) -> dict[str, str]:
    """How the paths of the API name the things of a community."""
    z = mark(code)
    words = {name: f"{letter}-{z}" for name, letter in (
        ("elder", "E"), ("home", "H"), ("incident", "I"), ("device", "B"), ("responder", "R"), ("provider", "P"),
        ("order", "O"),
    )}  # fmt: skip
    uuids = (
        "job", "offer", "call", "event", "outage", "evidence", "kin", "complaint", "series", "quarantine", "opening",
        "grant", "shift", "claim", "account", "session", "factor", "ticket",
        "hazard", "case", "portrait",
    )  # fmt: skip
    return {
        **words, **{name: str(number(code, name)) for name in uuids}, "division": code, "inbox": f"d:{code}",
        "code": "meal",
    }  # fmt: skip


def accounts() -> Iterator[Account]:
    """One of each role on every level, and the people of each community."""
    for division in sorted({code[:digits] for code in COMMUNITIES for digits in (4, 6, 9, 12)}):
        for role in STAFF:
            name = f"{role}-{division}"
            at_desk = role in ("desk", "supervisor", "admin")
            yield Account(name, role, division, (f"u:{name}", *([f"d:{division}"] if at_desk else [])))
    for code in COMMUNITIES:
        for role in HOUSEHOLD:
            yield Account(f"{role}-{code}", role, code, (f"u:{role}-{code}",))


class World:
    """Writes it all, under the role that owns the tables."""

    def __init__(self, owner: "asyncpg.Connection[asyncpg.Record]", now: datetime) -> None:
        """Nothing is written yet."""
        self._owner = owner
        self._now = now
        self._columns: dict[str, list[tuple[str, str]]] = {}

    async def settle(self) -> list[Account]:
        """Divisions, people and accounts; the accounts."""
        for row in await self._owner.fetch(COLUMNS):
            self._columns.setdefault(row["name"], []).append((row["column_name"], row["udt_name"]))
        await self._divisions()
        found = list(accounts())
        for one in found:
            await self._account(one)
        for code in COMMUNITIES:
            async with self._owner.transaction():
                for table, given in rows(code, self._now):
                    await self._put(table, code, given)
            await self.happened(code, "incident.opened", {"job": str(number(code, "job"))})
        return found

    async def _divisions(self) -> None:
        for code in sorted({c[:n] for c in COMMUNITIES for n in (2, 4, 6, 9, 12)}):
            parent = {2: None, 4: code[:2], 6: code[:4], 9: code[:6], 12: code[:9]}[len(code)]
            await self._owner.execute(
                "INSERT INTO dispatch.division (code, name, parent) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                code, f"试验{code}", parent,
            )  # fmt: skip

    async def _account(self, it: Account) -> None:
        home = it.scope if it.role in HOUSEHOLD else ""
        given: dict[str, Any] = {
            "id": it.id, "username": it.id, "name": f"人{mark(home)}" if home else it.id, "role": it.role,
            "division": it.scope, "password_hash": "-",
        }  # fmt: skip
        own = {
            "responder": {"responder_id": f"R-{mark(it.scope)}", "kind": "caregiver"},
            "elder": {"elder_id": f"E-{mark(it.scope)}"},
        }
        await self._put("gateway.account", it.scope, given | own.get(it.role, {}))
        digest = hashlib.sha256(it.token.encode()).digest()
        until = self._now + timedelta(hours=2)
        session = {"token_sha256": digest, "account_id": it.id, "expires_at": until, "proved_at": self._now}
        await self._put("gateway.session", it.scope, session)
        for inbox in it.inboxes:
            await self._owner.execute(
                "INSERT INTO gateway.inbox (id, division, epoch) VALUES ($1, $2, 'e1') ON CONFLICT DO NOTHING",
                inbox, it.scope,
            )  # fmt: skip

    async def happened(self, code: str, tag: str, body: Mapping[str, Any]) -> None:
        """A fact of a community's incident, which its desks are told."""
        incident = f"I-{mark(code)}"
        await self._log(code, f"incident/{incident}", tag, {"incident": incident, **body})

    @asynccontextmanager
    async def nobody_answers(self) -> AsyncIterator[None]:
        """Hold the place at which dispatch takes alarms, so that they stand in no incident meanwhile."""
        await self._owner.execute(f"SELECT pg_advisory_lock({TAKING})")
        yield
        await self._owner.execute(f"SELECT pg_advisory_unlock({TAKING})")

    async def pressed(self, code: str) -> None:
        """A community's device has called, and no incident has taken the alarm in."""
        it, alarm = ids(code), number(code, "devices.raw_event")
        body = {
            "alarm": str(alarm), "eid": f"{it['device']}:1:1", "kind": "sos", "subject": f"elder:{it['elder']}",
            "county": code[:6], "cls": "own", **{name: it[name] for name in ("device", "home", "elder")},
        }  # fmt: skip
        await self._log(code, f"device/{it['device']}", "alarm.raised", body)
        await self._put("devices.guard", code, {"alarm_id": alarm})

    async def _log(self, code: str, stream: str, tag: str, body: Mapping[str, Any]) -> None:
        name, _, of = stream.partition("/")
        event = {
            "id": str(uuid5(NAMESPACE, f"{code}/{tag}/{self._now.isoformat()}/{len(body)}")), "stream": name,
            "stream_id": of, "tag": tag, "body": body, "division": code, "actor": "service:proof",
        }  # fmt: skip
        async with self._owner.transaction():
            await self._owner.execute(APPEND, stream, json.dumps([event]), self._now)

    async def _put(self, table: str, code: str, given: Mapping[str, Any]) -> None:
        """One row; what is not given gets a plain value of its type, and every text the mark."""
        plain = {name: self._plain(kind, table, code) for name, kind in self._columns.get(table, ())}
        row = plain | {"division": code, "county": code[:6]} | dict(given)
        kept = {name: value for name, value in row.items() if name in given or name in plain}
        names, places = ", ".join(kept), ", ".join(f"${n}" for n in range(1, len(kept) + 1))
        await self._owner.execute(
            f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING", *kept.values()
        )  # fmt: skip

    def _plain(self, kind: str, table: str, code: str) -> Any:
        values: dict[str, Any] = {
            "bool": False, "timestamptz": self._now, "date": self._now.date(), "jsonb": "{}",
            "bytea": mark(code).encode(), "uuid": number(code, table), "float4": 25.6, "float8": 25.6,
            "int2": 1, "int4": 1, "int8": 1,
        }  # fmt: skip
        return [] if kind.startswith("_") else values.get(kind, mark(code))


def rows(code: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """One of everything that there is of people, table by table."""
    yield from _registry(code, now)
    yield from _case(code, now)
    yield from _beside(code, now)


def _registry(code: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Homes, people and things."""
    it, z = ids(code), mark(code)
    uuid = {name: number(code, name) for name in it}
    yield "dispatch.home", {"id": it["home"], "door_code": z, "key_place": z}
    yield "dispatch.elder", {
        "id": it["elder"], "home_id": it["home"], "phone": f"Z{code}", "health": z, "medicine": z, "allergies": z,
    }  # fmt: skip
    yield "dispatch.contact", {"elder_id": it["elder"], "ord": 1}
    yield "dispatch.provider", {"id": it["provider"]}
    yield "dispatch.responder", {
        "id": it["responder"], "kind": "caregiver", "provider_id": it["provider"], "on_duty": True, "reachable": True,
        "seen_lat": 25.6, "seen_lon": 115.8, "seen_at": now,
    }  # fmt: skip
    yield "devices.device", {"id": it["device"], "home_id": it["home"], "elder_id": it["elder"]}
    yield "devices.health", {"device_id": it["device"], "online": True, "seen_at": now}
    yield "devices.raw_event", {"device_id": it["device"]}
    yield "devices.placement", {"device_id": it["device"], "home_id": it["home"], "elder_id": it["elder"]}
    yield "devices.outage", {"id": uuid["outage"], "devices": 9}
    yield "devices.fault", {
        "device_id": it["device"], "kind": "offline", "outage_id": uuid["outage"], "elder_id": it["elder"],
    }  # fmt: skip
    yield "devices.quarantine", {"id": uuid["quarantine"], "digest": z.encode(), "topic": f"county/{code[:6]}"}


def _case(code: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """An open call for help with somebody on the way, and one that is over."""
    it, z, later = ids(code), mark(code), now + timedelta(hours=20)
    uuid = {name: number(code, name) for name in it}
    case = {"incident_id": it["incident"]}
    whom = {"responder_id": it["responder"], "responder_kind": "caregiver"}
    by = f"desk-{code}"
    yield "dispatch.incident", {
        "id": it["incident"], "state": "open", "subject": f"elder:{it['elder']}", "family": "person", "kind": "sos",
        "class": "own", "home_id": it["home"], "elder_id": it["elder"], "device_id": it["device"], "policy": POLICY,
    }  # fmt: skip
    yield "dispatch.incident", {
        "id": f"I-closed-{z}", "state": "closed", "subject": f"elder:{it['elder']}", "family": "person", "kind": "sos",
        "class": "own", "home_id": it["home"], "elder_id": it["elder"], "closed_at": now, "outcome": "genuine",
        "evidence": "seen", "evidence_by": z, "policy": POLICY,
    }  # fmt: skip
    yield "dispatch.deadline", {**case, "kind": "ladder", "target": "", "due_at": later}
    yield "dispatch.alarm", {**case, "kind": "sos", "device_id": it["device"]}
    yield "dispatch.job", {"id": uuid["job"], **case, "state": "accepted"}
    offer = {**case, **whom, "job_id": uuid["job"]}
    yield "dispatch.offer", {**offer, "id": uuid["offer"], "state": "accepted", "respond_by": later}
    yield "dispatch.assignment", {**offer, "offer_id": uuid["offer"], "role": "first", "state": "accepted"}
    yield "dispatch.track", {"responder_id": it["responder"], "at": now}
    yield "dispatch.call_attempt", {**case, "result": "answered", "callee": "elder", "by_account": by}
    yield "dispatch.note", case
    yield "dispatch.answer", {**case, "by_account": by}
    yield "dispatch.call_back", {"incident_id": f"I-closed-{z}", "elder_id": it["elder"]}
    yield "dispatch.message", {**case, "channel": "sms", "to_kind": "elder", "state": "sent"}
    yield "dispatch.phone_call", {"id": uuid["call"], "direction": "in", "elders": [it["elder"]], "by_account": by}


def _beside(code: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Mass events, seats, orders, evidence, families."""
    it, z, later = ids(code), mark(code), now + timedelta(hours=20)
    uuid = {name: number(code, name) for name in it}
    case = {"incident_id": it["incident"]}
    by = f"desk-{code}"
    yield "dispatch.mass_event", {"id": uuid["event"], "areas": [code], "kind": "storm", "state": "open", **case}
    yield "dispatch.mass_person", {"event_id": uuid["event"], "elder_id": it["elder"], "state": "not_reached"}
    yield "dispatch.mass_entry", {
        "event_id": uuid["event"], "elder_id": it["elder"], "was": "safe", "state": "safe", "how": "call",
    }  # fmt: skip
    yield "dispatch.mode_change", {}
    yield "dispatch.drill", {"incident_id": f"I-closed-{z}"}
    yield "dispatch.post", {}
    yield "dispatch.seat", {"account": by, "name": z}
    yield "dispatch.hand_over", {"incidents": [it["incident"]]}
    yield "dispatch.service_order", {
        "id": it["order"], "state": "draft", "elder_id": it["elder"], "home_id": it["home"], "service": "meal",
        "people": [it["responder"]], "window_to": later, "arrived_at": now,
    }  # fmt: skip
    yield "dispatch.order_note", {"order_id": it["order"]}
    yield "dispatch.series", {"id": uuid["series"], "elder_id": it["elder"], "service": "meal"}
    yield "dispatch.skill", {"responder_id": it["responder"]}
    yield "dispatch.shift", {"id": uuid["shift"], "responder_id": it["responder"], "until_at": later}
    yield "gateway.evidence", {
        "id": uuid["evidence"], **case, "job_id": uuid["job"], "kind": "photo", "media": "image/jpeg",
        "sha256": hashlib.sha256(z.encode()).digest(), "by_account": f"responder-{code}", "told_at": now,
    }  # fmt: skip
    shown = {"content": base64.b64encode(z.encode()).decode(), "by_account": by}
    yield "gateway.portrait", {**shown, "id": uuid["portrait"], "responder_id": it["responder"]}
    yield "gateway.portrait", {**shown, "id": number(code, "face"), "elder_id": it["elder"]}
    family = {"elder_id": it["elder"], "account_id": f"family-{code}"}
    yield "gateway.kin", {
        **family, "id": uuid["kin"], "relation": "daughter", "may": ["calls", "health", "devices", "orders"],
        "given_by": "elder", "made_by": by,
    }  # fmt: skip
    yield "gateway.rating", {**family, "about": it["incident"]}
    yield "gateway.complaint", {**family, "id": uuid["complaint"], "about": it["incident"], "due_at": later}
    yield "gateway.complaint", {
        "id": uuid["case"], "source": "hotline", "number": f"GZ{z}", "caller": z, "made_by": by, "accept_by": later,
        "reply_by": later, "due_at": later,
    }  # fmt: skip
    yield "gateway.hazard", {
        "id": uuid["hazard"], "kind": "device", "grade": "general", "owner": by, "found_by": by,
    }  # fmt: skip
    yield "gateway.visit_check", {
        "order_id": it["order"], "responders": [it["responder"]], "score": 90, "reasons": "[]",
    }  # fmt: skip
    yield "gateway.circle", {"elders": 9, "within": 7}
    yield "report.incident", {
        "id": it["incident"], "kind": "sos", "class": "own", "state": "open", "responder": it["responder"],
        "device": it["device"], "keys": b"",
    }  # fmt: skip
    yield "report.day", {"day": now.date()}
    yield "gateway.nudge", {**case, "to_kind": "desk", "by_account": by}
    yield "gateway.access", {
        "id": uuid["opening"], "kind": "reveal", "elder_id": it["elder"], "account_id": by, "reason": "visit",
        "account_division": code,
    }  # fmt: skip
