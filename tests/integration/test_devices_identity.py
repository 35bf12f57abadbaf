"""A device comes to be known, is taken over by a press, moves, and is let in no more; over both brokers."""

import asyncio
import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.devices.authority import AuthorityAwayError
from services.devices.domain.mac import key_of
from services.devices.flow import withdrawals
from services.devices.store.identity import elder_at
from shared.runtime.clock import stopwatch
from shared.runtime.mqtt import AWAY, Link, session
from shared.runtime.settings import Settings
from tests.brokers import (
    COUNTY,
    Book,
    RunningBroker,
    alarm,
    book,
    broker,
    nats_broker,
    receipts,
    running,
    until,
    up,
    worker,
)
from tests.house import KEY, Decisions, decisions

__all__ = ["book", "broker", "nats_broker"]

DOWN = f"yl/v1/{COUNTY}/B-1/down/#"


async def let_in(broker: RunningBroker, secret: str, device: str = "B-1") -> bool:
    """Whether the broker lets it in."""
    try:
        async with session(broker.address(device, secret)):
            return True
    except AWAY:
        return False


async def pressed(link: Link, seq: int = 1) -> dict[str, object]:
    """Press and hear the receipt."""
    await link.publish(up("B-1"), alarm("B-1", seq))
    [receipt] = await receipts(link)
    return receipt


async def claimed(them: Decisions, broker: RunningBroker) -> str:
    """Register and claim B-1; returns its fresh secret."""
    made = await them.registered("B-1")
    opened = await them.ok("start_claim", "B-1", code=made["claim_code"])
    async with session(broker.address("B-1", made["secret"]), topics=[DOWN]) as link:
        await pressed(link)
    done = await them.ok("finish_claim", "B-1", claim=opened["claim"])
    return str(done["secret"])


async def test_a_press_within_the_minute_gives_a_fresh_credential(
    broker: RunningBroker, settings: Settings, book: Book
) -> None:
    """Code, login, press: the device hears its new secret, the factory secret is void, nobody was rung."""
    async with worker(broker.settings(settings)), decisions(broker, settings) as them:
        made = await them.registered("B-1")
        opened = await them.ok("start_claim", "B-1", code=made["claim_code"].lower())
        assert await them.ok("finish_claim", "B-1", key="poll", claim=opened["claim"]) == {"state": "waiting"}
        async with session(broker.address("B-1", made["secret"]), topics=[DOWN]) as link:
            assert (await pressed(link))["stage"] == "recorded"
            done = await them.ok("finish_claim", "B-1", key="poll", claim=opened["claim"])
            assert done["state"] == "claimed"
            [told] = await receipts(link)
            assert (told["cmd"], told["secret"]) == ("credential", done["secret"])
            async with asyncio.timeout(5):
                await link.lost()
        assert not await let_in(broker, made["secret"])
        assert await let_in(broker, done["secret"])
        assert await them.ok("finish_claim", "B-1", key="poll", claim=opened["claim"]) == {"state": "claimed"}
    assert await book.raised() == []
    rows = await book.connection.fetch("SELECT tag FROM log.event WHERE stream_id = 'B-1' ORDER BY stream_seq")
    assert [row["tag"] for row in rows] == ["device.registered", "device.tested", "device.claimed"]


async def test_no_secret_is_kept_in_clear(nats_broker: RunningBroker, settings: Settings, book: Book) -> None:
    """Of secret and code only hashes stay; the signing key is sealed. A repeated command hears no secret."""
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings) as them:
        made = await them.registered("B-1")
        secret = (await them.ok("rekey", "B-1", key="once"))["secret"]
        assert await them.ok("rekey", "B-1", key="once") == {}
    for table in ("devices.device", "devices.claim", "devices.idempotency", "log.event"):
        text = "".join(row[0] for row in await book.connection.fetch(f"SELECT t::text FROM {table} t"))
        assert not [word for word in (made["secret"], made["claim_code"], secret) if word in text]
        for word in (key_of(secret).hex(), base64.b64encode(key_of(secret)).decode()):
            assert word not in text
    sealed = await book.row("SELECT mac_key FROM devices.device")
    assert them.house.sealer.opened("B-1", sealed["mac_key"]) == key_of(secret)
    assert KEY not in text


async def test_five_tries_an_hour(nats_broker: RunningBroker, settings: Settings) -> None:
    """The sixth is refused even with the right code, and told when the next may be."""
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings) as them:
        made = await them.registered("B-1")
        for _ in range(5):
            them.clock.advance(60)
            assert await them.refused("start_claim", "B-1", code="2222222222") == (409, "wrong_code")
        answer = await them("start_claim", "B-1", code=made["claim_code"])
        assert (answer.status, answer.body["code"]) == (429, "too_many_tries")
        assert answer.body["params"]["retry_after_s"] == 3600 - 4 * 60
        them.clock.advance(answer.body["params"]["retry_after_s"])
        assert "claim" in await them.ok("start_claim", "B-1", code=made["claim_code"])


async def test_a_late_press_claims_nothing_and_rings(
    nats_broker: RunningBroker, settings: Settings, book: Book
) -> None:
    """After the minute a press is a press; the factory secret still holds, so that one may start again."""
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings, ago_s=61) as them:
        made = await them.registered("B-1")
        opened = await them.ok("start_claim", "B-1", code=made["claim_code"])
        async with session(nats_broker.address("B-1", made["secret"]), topics=[DOWN]) as link:
            await pressed(link)
        them.clock.advance(59)
        assert (await them.ok("finish_claim", "B-1", claim=opened["claim"])) == {"state": "waiting"}
        them.clock.advance(1)
        assert await them.refused("finish_claim", "B-1", claim=opened["claim"]) == (409, "claim_over")
        assert await let_in(nats_broker, made["secret"])
    assert len(await book.raised()) == 1


async def test_a_claim_is_its_openers(nats_broker: RunningBroker, settings: Settings) -> None:
    """Another login can't fetch the credential; a second claim ends the first; a claimed device is nobody else's."""
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings) as them:
        made = await them.registered("B-1")
        first = await them.ok("start_claim", "B-1", code=made["claim_code"])
        assert await them.refused("finish_claim", "B-1", by="other", claim=first["claim"]) == (409, "not_yours")
        second = await them.ok("start_claim", "B-1", code=made["claim_code"])
        async with session(nats_broker.address("B-1", made["secret"]), topics=[DOWN]) as link:
            await pressed(link)
        assert await them.refused("finish_claim", "B-1", claim=first["claim"]) == (409, "claim_over")
        assert (await them.ok("finish_claim", "B-1", claim=second["claim"]))["state"] == "claimed"
        again = {"code": made["claim_code"]}
        assert await them.refused("start_claim", "B-1", **again) == (409, "already_claimed")
        assert await them.refused("finish_claim", "B-1", claim="nonsense") == (422, "invalid_field")


async def test_revoking_ends_a_connection_that_stands(broker: RunningBroker, settings: Settings, book: Book) -> None:
    """Within a minute is the promise, at once is what happens; then it is refused, and the desk can see that."""
    async with worker(broker.settings(settings)), decisions(broker, settings) as them:
        made = await them.registered("B-1")
        async with session(broker.address("B-1", made["secret"])) as link:
            began = stopwatch()
            assert await them.ok("revoke", "B-1", reason="丢失 lost") == {}
            await link.lost()
            assert stopwatch() - began < 5
        assert not await let_in(broker, made["secret"])
        expected = ("B-1", "revoked", COUNTY) if broker.kind == "nats" else ("<unknown>", "nameless", "")
        await until(lambda: book.count("devices.denial"))
        denial = await book.row("SELECT device, why, county, count FROM devices.denial")
        assert tuple(denial)[:3] == expected
        assert denial["count"] >= 1
        assert await them.refused("rekey", "B-1") == (409, "revoked")
        assert (await book.row("SELECT revoked_why FROM devices.device"))[0] == "丢失 lost"


async def test_a_fresh_key_voids_the_old_one(broker: RunningBroker, settings: Settings) -> None:
    """The connection under the old secret ends, only the new one lets it in, under its own topics as before."""
    async with worker(broker.settings(settings)), decisions(broker, settings) as them:
        old = await claimed(them, broker)
        async with session(broker.address("B-1", old)) as link:
            fresh = (await them.ok("rekey", "B-1"))["secret"]
            async with asyncio.timeout(5):
                await link.lost()
        assert not await let_in(broker, old)
        async with session(broker.address("B-1", fresh), topics=[DOWN]) as link:
            assert (await pressed(link, 2))["stage"] == "recorded"
            with pytest.raises(AWAY):
                await link.subscribe(f"yl/v1/{COUNTY}/B-2/down/#")


async def test_what_a_kill_left_undone_is_swept(broker: RunningBroker, settings: Settings, book: Book) -> None:
    """Revoked and committed, and the process died before the broker was told."""
    async with worker(broker.settings(settings)), decisions(broker, settings) as them:
        made = await them.registered("B-1")
        parts = (them.house.database, them.clock, them.house.authority)
        async with session(broker.address("B-1", made["secret"])) as link:
            await book.connection.execute("UPDATE devices.device SET revoked_at = $1", them.clock.now())
            assert await withdrawals.sweep_once(*parts) == 0
            them.clock.advance(6)
            assert await withdrawals.sweep_once(*parts) == 1
            async with asyncio.timeout(5):
                await link.lost()
        assert await withdrawals.sweep_once(*parts) == 0
        assert not await let_in(broker, made["secret"])
    assert await book.count("devices.device", "withdrawn_at IS NOT NULL") == 1


async def test_a_cut_that_a_kill_left_undone_is_swept(
    nats_broker: RunningBroker, settings: Settings, book: Book
) -> None:
    """A fresh key was committed, and the connection under the old one still stood."""
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings) as them:
        made = await them.registered("B-1")
        async with session(nats_broker.address("B-1", made["secret"])) as link:
            await book.connection.execute("UPDATE devices.device SET cut_at = $1", them.clock.now())
            them.clock.advance(6)
            await withdrawals.sweep_once(them.house.database, them.clock, them.house.authority)
            async with asyncio.timeout(5):
                await link.lost()
        assert await let_in(nats_broker, made["secret"])
    assert await book.count("devices.device", "cut_at IS NULL AND withdrawn_at IS NULL") == 1


async def test_a_command_that_died_before_its_commit_may_be_repeated(broker: RunningBroker, settings: Settings) -> None:
    """The broker knows a secret that nobody has; giving a fresh one again makes it whole."""
    async with worker(broker.settings(settings)), decisions(broker, settings) as them:
        await them.registered("B-1")
        await them.house.authority.issue("B-1", COUNTY, "lost in the kill", None)
        fresh = (await them.ok("rekey", "B-1"))["secret"]
        assert await let_in(broker, fresh)
        assert not await let_in(broker, "lost in the kill")


async def test_without_the_broker_nothing_is_decided(tmp_path: Path, settings: Settings, book: Book) -> None:
    """A credential that the broker can't be told of is not given out; a withdrawal is, and comes into force later."""
    broker = running("mosquitto", tmp_path)
    try:
        async with worker(broker.settings(settings)), decisions(broker, settings) as them:
            made = await them.registered("B-1")
            broker.stop()
            with pytest.raises(AuthorityAwayError):
                await them.registered("B-2")
            assert await them.ok("revoke", "B-1", reason="lost") == {}
            broker.start()
            them.clock.advance(6)
            parts = (them.house.database, them.clock, them.house.authority)
            await until(lambda: swept(*parts))
            assert not await let_in(broker, made["secret"])
            assert "secret" in await them.registered("B-2")
    finally:
        broker.stop()
    assert await book.count("devices.device", "withdrawn_at IS NOT NULL") == 1


async def swept(*parts: Any) -> int:
    """How many the broker has heard of; it may still be connecting."""
    try:
        return await withdrawals.sweep_once(*parts)
    except AuthorityAwayError:
        return 0


async def test_unclaimed_it_is_as_from_the_factory(broker: RunningBroker, settings: Settings, book: Book) -> None:
    """Returned and sold on: its secret is void, its place ended, it can be claimed anew; even if revoked."""
    async with worker(broker.settings(settings)), decisions(broker, settings) as them:
        old = await claimed(them, broker)
        await them.ok("place", "B-1", home="H-1", elder="E-1", division=f"{COUNTY}100")
        await them.ok("revoke", "B-1", reason="returned")
        made = await them.ok("unclaim", "B-1")
        assert not await let_in(broker, old)
        assert await let_in(broker, made["secret"])
        them.clock.advance(3600)
        assert "claim" in await them.ok("start_claim", "B-1", code=made["claim_code"])
    row = await book.row("SELECT home_id, elder_id, revoked_at, withdrawn_at FROM devices.device")
    assert tuple(row) == (None, None, None, None)
    assert await book.count("devices.placement", "until_at IS NULL") == 0


async def test_history_stays_with_the_elder(nats_broker: RunningBroker, settings: Settings, book: Book) -> None:
    """A device that moves to another home leaves its presses with whom it was."""
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings) as them:
        await them.registered("B-1")
        began = them.clock.now()
        for first in ("E-1", "E-2"):
            await them.ok("place", "B-1", home=f"H-{first}", elder=first, division=f"{COUNTY}101")
            assert await them.ok("confirm_place", "B-1", how="tick") == {}
            them.clock.advance(3600)
        await them.ok("place", "B-1", home="H-E-2", elder="E-2", division=f"{COUNTY}101")
        assert await them.refused("confirm_place", "B-1", how="voice") == (409, "nothing_to_confirm")
        await them.ok("place", "B-1", elder="E-3", division=f"{COUNTY}102")
        await them.ok("place", "B-1", elder="E-4", division=f"{COUNTY}102")
    wearers: list[tuple[float, str | None]] = [(-1, None), (60, "E-1"), (3660, "E-2"), (7200.01, "E-4")]
    for after_s, elder in wearers:
        assert await elder_at(book.connection, "B-1", began + timedelta(seconds=after_s)) == elder
    row = await book.row("SELECT division, home_id, elder_id FROM devices.device")
    assert tuple(row) == (f"{COUNTY}102", None, "E-4")
    bodies = await book.connection.fetch("SELECT body::text FROM log.event WHERE tag = 'device.placed'")
    assert len(bodies) == 4


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "toaster"}, "kind"),
        ({"model": ""}, "model"),
        ({"model": "a\nb"}, "model"),
        ({"division": "36073"}, "division"),
        ({"division": "3607"}, "division"),
        ({"class": "god"}, "class"),
        ({"class": "hub", "prefix": "#"}, "prefix"),
        ({"class": "hub", "prefix": "yl/v1/#"}, "prefix"),
        ({"class": "hub", "prefix": "+/x"}, "prefix"),
        ({"class": "hub", "prefix": "$SYS/#"}, "prefix"),
        ({"prefix": "zigbee2mqtt/#"}, "prefix"),
        ({"datum": "moon"}, "datum"),
        ({"beat_s": 5}, "beat_s"),
        ({"beat_s": True}, "beat_s"),
        ({"id": "B-2"}, "id"),
    ],
)
async def test_what_cannot_be_registered_is_told_by_field(
    nats_broker: RunningBroker, settings: Settings, said: dict[str, Any], field: str
) -> None:
    """Nothing is stored, and the field is named."""
    good: dict[str, Any] = {"id": "B-1", "kind": "button", "model": "YL-B1", "division": f"{COUNTY}100"}
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings) as them:
        answer = await them("register_device", "B-1", **{**good, **said})
        assert (answer.status, answer.body["params"]) == (422, {"field": field})


async def test_who_may_decide_about_what(nats_broker: RunningBroker, settings: Settings) -> None:
    """Elsewhere is not found; an id is given once; ids of our own sessions are nobody's; behind a hub no credential."""
    async with worker(nats_broker.settings(settings)), decisions(nats_broker, settings) as them:
        await them.registered("B-1")
        made = {"kind": "button", "model": "x"}
        assert await them.refused("register_device", "B-1", division=f"{COUNTY}101", **made) == (409, "exists")
        assert await them.refused("register_device", "B-9", division="110101", **made) == (404, "not_found")
        for name in ("devices-1", "authority-devices-1", "B/1", "B 1", "", "一"):
            answer = await them.refused("register_device", name, division=COUNTY, **made)
            assert answer == (422, "invalid_field")
        assert await them.refused("place", "B-1", division="110101") == (404, "not_found")
        assert await them.refused("place", "B-1", division="1") == (422, "invalid_field")
        assert await them.refused("revoke", "B-9", reason="x") == (404, "not_found")
        assert await them.refused("revoke", "B-1", reason=" ") == (422, "invalid_field")
        behind = await them.registered("S-1", **{"class": "relayed", "kind": "sensor"})
        assert behind == {"device": "S-1"}
        assert await them.refused("rekey", "S-1") == (409, "relayed")
        gateway = await them.registered("SMS-1", kind="sms")
        assert set(gateway) == {"device", "secret"}


async def test_a_hub_is_claimed_with_its_prefix(broker: RunningBroker, settings: Settings, book: Book) -> None:
    """What it speaks for others goes under the prefix it was registered with, and nowhere else."""
    async with worker(broker.settings(settings)), decisions(broker, settings) as them:
        made = await them.registered("HUB-1", **{"class": "hub", "kind": "hub", "prefix": "zigbee2mqtt"})
        await until(lambda: book.count("devices.lease", "name = 'bridge'"))
        async with session(broker.address("HUB-1", made["secret"])) as hub, asyncio.timeout(10):
            with pytest.raises(AWAY):
                await hub.subscribe("shellies/#")
            await hub.subscribe("zigbee2mqtt/bridge/#")
            while not await book.count("devices.quarantine"):
                await hub.publish("zigbee2mqtt/sos", b'{"action":"emergency"}')
