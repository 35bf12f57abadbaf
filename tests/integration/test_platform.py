"""Which parts answer, as a gateway sees it: a broker that hangs is noticed, and no broker logs a look as an error."""

import signal
from pathlib import Path

import pytest

from deploy.local.certs import Certificates, make
from services.gateway.push.platform import Platform
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from tests.brokers import CLOCK, RunningBroker, broker, running

__all__ = ["broker"]


async def lives(settings: Settings) -> bool:
    """What a gateway that begins now sees of the broker."""
    database = Database(settings.gateway_database, name="test-gateway", size=1)
    await database.open()
    try:
        platform = Platform(database, CLOCK, settings)
        await platform.look()
    finally:
        await database.close()
    return platform.parts()["broker"]


async def noticed(it: RunningBroker, settings: Settings) -> None:
    """There, and its log says nothing of it; hung, there again, gone."""
    log, at = it.folder / "broker.log", it.settings(settings)
    assert await lives(at)
    before = len(log.read_bytes())
    assert await lives(at)
    said = log.read_bytes()[before:].decode()
    assert "err" not in said.lower(), said
    assert it.process is not None
    it.process.send_signal(signal.SIGSTOP)
    assert not await lives(at)
    it.process.send_signal(signal.SIGCONT)
    assert await lives(at)
    it.stop()
    assert not await lives(at)


async def test_a_broker_that_hangs(broker: RunningBroker, settings: Settings) -> None:
    """Asked in clear."""
    await noticed(broker, settings)


@pytest.mark.parametrize("mtls", [False, True])
async def test_a_broker_that_hangs_over_tls(tmp_path: Path, settings: Settings, mtls: bool) -> None:  # noqa: FBT001
    """Where the one listener speaks TLS, and where it wants to see a certificate, too."""
    make(tmp_path / "certs")
    it = running("nats", tmp_path, Certificates(tmp_path / "certs"), mtls=mtls)
    try:
        await noticed(it, settings)
    finally:
        it.stop(signal.SIGKILL)
