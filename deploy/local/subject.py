"""What is held about one elder, all of it; and how she is forgotten. Both under the role that owns the tables.

The file is found by the catalogue, so a table added later is in it by itself. Forgetting changes words, numbers and
pictures and leaves ids, times and codes: what was done stays countable, whom it was done for does not.
"""

import json
from datetime import datetime
from typing import Any

import asyncpg

from services.gateway.store import subject
from shared.runtime.database import speak
from shared.runtime.sealed import Fields
from shared.vocabulary.ids import uuid7

LIVE = """
SELECT id FROM dispatch.incident WHERE elder_id = $1 AND state NOT IN ('closed', 'false_alarm', 'merged') LIMIT 1
"""
FORGET = """
UPDATE dispatch.home h SET address = '已注销', door_code = NULL, key_place = NULL, lat = round(lat::numeric, 2),
    lon = round(lon::numeric, 2)
WHERE id = (SELECT home_id FROM dispatch.elder WHERE id = $1) AND NOT EXISTS (
    SELECT FROM dispatch.elder o WHERE o.home_id = h.id AND o.id <> $1 AND o.name <> '已注销');
UPDATE dispatch.elder SET name = '已注销', sex = NULL, born = NULL, phone = NULL, health = NULL, medicine = NULL,
    allergies = NULL, dialect = NULL, gender_wish = NULL, temp_address = NULL, temp_lat = NULL, temp_lon = NULL,
    temp_until = NULL, last_wishes = NULL, id_number = NULL, status_source = NULL, assessment = NULL,
    risk = NULL
WHERE id = $1;
DELETE FROM dispatch.contact WHERE elder_id = $1;
DELETE FROM dispatch.relation WHERE elder_id = $1;
DELETE FROM dispatch.assessment WHERE elder_id = $1;
DELETE FROM dispatch.elder_code WHERE elder_id = $1;
DELETE FROM dispatch.phone_call WHERE $1 = ANY(elders);
DELETE FROM dispatch.message WHERE incident_id IN (HERS);
DELETE FROM gateway.evidence WHERE incident_id IN (HERS);
DELETE FROM gateway.portrait WHERE elder_id = $1;
DELETE FROM gateway.pairing WHERE elder_id = $1;
DELETE FROM gateway.kin_code WHERE elder_id = $1;
UPDATE dispatch.consent SET guardian = '已注销' WHERE elder_id = $1 AND guardian IS NOT NULL;
UPDATE dispatch.note SET text = '已注销' WHERE incident_id IN (HERS);
UPDATE dispatch.call_attempt SET callee = '已注销' WHERE incident_id IN (HERS);
UPDATE dispatch.call_back SET note = NULL WHERE incident_id IN (HERS);
UPDATE dispatch.incident SET evidence_by = '已注销' WHERE elder_id = $1 AND evidence_by IS NOT NULL;
UPDATE dispatch.order_note SET text = '已注销'
WHERE order_id IN (SELECT id FROM dispatch.service_order WHERE elder_id = $1);
UPDATE dispatch.mass_person SET place = NULL, with_whom = NULL WHERE elder_id = $1;
UPDATE dispatch.mass_entry SET place = NULL, with_whom = NULL, note = NULL WHERE elder_id = $1;
UPDATE gateway.rating SET text = '已注销' WHERE elder_id = $1;
UPDATE gateway.complaint SET text = '已注销', answer = CASE WHEN answer IS NOT NULL THEN '已注销' END,
    caller = CASE WHEN caller IS NOT NULL THEN '已注销' END, reply = CASE WHEN reply IS NOT NULL THEN '已注销' END
WHERE elder_id = $1;
UPDATE gateway.access SET note = '已注销' WHERE elder_id = $1;
UPDATE gateway.kin SET ended_at = coalesce(ended_at, $2), ended_by = coalesce(ended_by, 'erasure') WHERE elder_id = $1;
UPDATE gateway.session SET revoked_at = $2
WHERE revoked_at IS NULL AND account_id IN (SELECT id FROM gateway.account WHERE elder_id = $1);
UPDATE gateway.account SET name = '已注销', disabled_at = $2 WHERE elder_id = $1
""".replace("HERS", "SELECT id FROM dispatch.incident WHERE elder_id = $1").split(";")
APPEND = "SELECT log.append($1::jsonb, $2)"


class NotNowError(Exception):
    """Nobody of this id, or a call for help of hers is not over; the text says which."""


async def held(url: str, elder: str, fields: Fields) -> dict[str, list[Any]]:
    """Everything about one elder, row by row, by table; contents of pictures and sounds are left out."""
    owner = await asyncpg.connect(url)
    try:
        await speak(owner, fields)
        found, _ = await subject.held(owner, elder)
    finally:
        await owner.close()
    return found


async def forget(url: str, elder: str, why: str, now: datetime) -> None:
    """Forget her, in one transaction, and say in the log that it was done."""
    owner = await asyncpg.connect(url)
    try:
        division = await owner.fetchval("SELECT division FROM dispatch.elder WHERE id = $1", elder)
        if division is None:
            raise NotNowError(f"nobody is {elder} 没有此人")
        if live := await owner.fetchval(LIVE, elder):
            raise NotNowError(f"{live} is not over 求助尚未结束")
        async with owner.transaction():
            await owner.execute("SELECT log.lock(ARRAY['access/elder/' || $1])", elder)
            for statement in FORGET:
                await owner.execute(statement, *((elder, now) if "$2" in statement else (elder,)))
            event = {
                "id": str(uuid7(now)), "stream": "access", "stream_id": f"elder/{elder}", "tag": "person.erased",
                "body": {"what": "elder", "target": elder, "elder": elder, "why": why}, "division": division,
                "actor": "operator:erasure",
            }  # fmt: skip
            await owner.execute(APPEND, json.dumps([event]), now)
    finally:
        await owner.close()
