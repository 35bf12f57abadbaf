"""Certificates of our own, and both brokers behind them."""

import asyncio
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from typer import Typer
from typer.testing import CliRunner

from deploy.local.certs import CertificateError, Certificates, certs, make
from shared.runtime.mqtt import AWAY, Broker, session
from shared.runtime.settings import Settings
from tests.brokers import RunningBroker, alarm, book, device, press, register, running, secret_of, up, worker
from tests.conftest import TestDatabase

__all__ = ["book"]

KINDS = ("nats", "mosquitto")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority, a broker on this machine, and two devices."""
    folder = tmp_path_factory.mktemp("certs")
    make(folder, devices=["B-1", "B-2"])
    return Certificates(folder)


def started(kind: str, folder: Path, certificates: Certificates, *, mtls: bool) -> RunningBroker:
    """A broker with TLS that knows B-1 and B-2."""
    it = running(kind, folder, certificates, mtls=mtls)
    it.admit("B-1", "B-2")
    return it


async def refused(address: Broker) -> bool:
    """Whether the broker lets nobody in like this."""
    try:
        async with session(address):
            return False
    except AWAY:
        return True


# paho leaves a socket to the garbage collector when the handshake fails
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", KINDS)
async def test_a_press_over_tls(
    kind: str, tmp_path: Path, certificates: Certificates, settings: Settings, database: TestDatabase
) -> None:
    """Encrypted, and only to the broker that our authority has signed; in clear nobody is heard."""
    await register(database, "B-1")
    broker = started(kind, tmp_path, certificates, mtls=False)
    elsewhere = Certificates(tmp_path / "other")
    make(elsewhere.folder)
    try:
        async with worker(broker.settings(settings)):
            async with device(broker, "B-1") as button:
                assert (await press(button, "B-1"))["stage"] == "recorded"
            assert await refused(replace(broker.address("B-1"), ca=None))
            assert await refused(replace(broker.address("B-1"), ca=elsewhere.authority))
            assert await refused(broker.address("B-1", "wrong"))
    finally:
        broker.stop()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_device_is_who_its_certificate_says(
    kind: str, tmp_path: Path, certificates: Certificates, settings: Settings, database: TestDatabase
) -> None:
    """With certificates for devices: none without one, and B-2's makes nobody B-1."""
    await register(database, "B-1", "B-2")
    broker = started(kind, tmp_path, certificates, mtls=True)
    certificate, key = certificates.device("B-2")
    try:
        async with worker(broker.settings(settings)):
            async with device(broker, "B-1") as button:
                assert (await press(button, "B-1"))["stage"] == "recorded"
            assert await refused(replace(broker.address("B-1"), cert=None, key=None))
            forged = replace(broker.address("B-1"), cert=certificate, key=key)
            if kind == "nats":
                assert await refused(forged)
            else:
                async with session(forged) as link:
                    with pytest.raises(AWAY):
                        await link.subscribe("yl/v1/360733/B-1/down/#")
                    await link.subscribe("yl/v1/360733/B-2/down/#")
    finally:
        broker.stop()


async def test_a_withdrawn_device_may_do_nothing_under_its_certificate(
    tmp_path: Path, certificates: Certificates, settings: Settings, database: TestDatabase
) -> None:
    """Mosquitto believes the certificate itself; what is left without a credential is an empty connection."""
    await register(database, "B-1")
    broker = running("mosquitto", tmp_path, certificates, mtls=True)
    try:
        async with worker(broker.settings(settings)), session(broker.address("B-1", secret_of("B-1"))) as link:
            with pytest.raises(AWAY):
                await link.subscribe("yl/v1/360733/B-1/down/#")
            await link.publish(up("B-1"), alarm("B-1"))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await link.arrivals.take(1)
    finally:
        broker.stop()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A second run adds what is missing and leaves the rest byte for byte; keys are their owner's only."""
    first = make(tmp_path, ["broker.example", "10.0.0.1"], ["B-1"])
    before = {path: path.read_bytes() for path in first}
    assert [path.name for path in make(tmp_path, ["other.example"], ["B-1", "B-2"])] == ["B-2.crt", "B-2.key"]
    assert {path: path.read_bytes() for path in first} == before
    assert {stat.S_IMODE(path.stat().st_mode) for path in first if path.suffix == ".key"} == {0o600}
    it = x509.load_pem_x509_certificate((tmp_path / "broker.crt").read_bytes())
    names = it.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["broker.example"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.1"]
    client = x509.load_pem_x509_certificate((tmp_path / "devices" / "B-1.crt").read_bytes())
    assert client.subject.rfc4514_string() == "CN=B-1"


def test_half_a_pair_is_told(tmp_path: Path) -> None:
    """A key whose certificate is gone is not made good by guessing."""
    make(tmp_path)
    (tmp_path / "broker.crt").unlink()
    with pytest.raises(CertificateError, match=r"broker\.key"):
        make(tmp_path)


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    """A name that is no device's, before anything is written; then what was made; then that nothing was."""
    app = Typer()
    app.command()(certs)
    run = CliRunner()
    wrong = run.invoke(app, ["--into", str(tmp_path / "c"), "--device", "B/1"])
    assert (wrong.exit_code, "--device 'B/1'" in wrong.output) == (2, True)
    assert not (tmp_path / "c").exists()
    made = run.invoke(app, ["--into", str(tmp_path / "c"), "--host", "局域网.example", "--device", "B-1"])
    assert (made.exit_code, made.output.count("made ")) == (0, 8)
    assert "nothing was changed" in run.invoke(app, ["--into", str(tmp_path / "c")]).output
