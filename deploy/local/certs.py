"""`./yinling certs`: an authority of our own and what it signs: the broker, the services, each device that wants one.

Nothing that is there is ever overwritten: a second run adds what is missing. Keys are P-256, as small devices
can do.
"""

import ipaddress
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SERVICE = "devices"
"""Common name of the services' certificate: the user that they are at the broker."""
DEVICE = re.compile(r"[A-Za-z0-9_-]{1,64}")
AUTHORITY_DAYS = 7300
BROKER_DAYS = 825
CLIENT_DAYS = 3650
EARLIER = timedelta(hours=1)
"""Devices whose clock is a little behind must not refuse a fresh certificate."""
HOSTS = ("localhost", "127.0.0.1")

Pair = tuple[Path, Path]


class CertificateError(Exception):
    """A name that cannot be certified, or a folder that cannot be gone on with; the text says which and why."""


@dataclass(frozen=True)
class Certificates:
    """Where they are in a folder; each is PEM, each key readable by its owner only."""

    folder: Path

    @property
    def authority(self) -> Path:
        """What devices and services trust; the one file to hand out."""
        return self.folder / "ca.crt"

    @property
    def broker(self) -> Pair:
        """Certificate and key of the broker."""
        return self._pair("broker")

    @property
    def service(self) -> Pair:
        """Certificate and key of our own processes."""
        return self._pair("service")

    def device(self, device: str) -> Pair:
        """Certificate and key of a device."""
        return self._pair(f"devices/{device}")

    def _pair(self, name: str) -> Pair:
        return self.folder / f"{name}.crt", self.folder / f"{name}.key"


def make(
    folder: Path, hosts: Sequence[str] = HOSTS, devices: Iterable[str] = (), now: datetime | None = None
) -> list[Path]:
    """Make what is missing and return the files that were made; raises CertificateError before anything is written."""
    names = [_host(host) for host in hosts] or [_host(host) for host in HOSTS]
    ids = [_device(device) for device in devices]
    it, at = Certificates(folder), now or datetime.now(UTC)
    (folder / "devices").mkdir(parents=True, exist_ok=True, mode=0o700)
    made = _authority(it, at)
    signer = _Signer.read(it)
    made += signer.sign(it.broker, hosts[0] if hosts else HOSTS[0], at, BROKER_DAYS, names)
    made += signer.sign(it.service, SERVICE, at, CLIENT_DAYS)
    for device in ids:
        made += signer.sign(it.device(device), device, at, CLIENT_DAYS)
    return made


@dataclass(frozen=True)
class _Signer:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def read(cls, it: Certificates) -> "_Signer":
        key = serialization.load_pem_private_key((it.folder / "ca.key").read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise CertificateError(
                f"{it.folder / 'ca.key'} is not a P-256 key; put our own authority into a folder of its own"
            )
        return cls(x509.load_pem_x509_certificate(it.authority.read_bytes()), key)

    def sign(
        self, pair: Pair, name: str, at: datetime, days: int, hosts: Sequence[x509.GeneralName] = ()
    ) -> list[Path]:
        """A certificate for a server with these hosts, else for a client; nothing if one of the files is there."""
        if _there(pair):
            return []
        key = ec.generate_private_key(ec.SECP256R1())
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
        draft = (
            _draft(name, self.certificate.subject, key, at, days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if hosts:
            draft = draft.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        return _keep(pair, draft.sign(self.key, hashes.SHA256()), key)


def _authority(it: Certificates, at: datetime) -> list[Path]:
    pair = it.authority, it.folder / "ca.key"
    if _there(pair):
        return []
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("Yinling")
    draft = (
        _draft("Yinling", name, key, at, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_MAY_SIGN, critical=True)
    )
    return _keep(pair, draft.sign(key, hashes.SHA256()), key)


def _draft(
    name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - EARLIER)
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _keep(pair: Pair, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> list[Path]:
    """The key first: a certificate without its key would look finished."""
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(pair[1], private, 0o600)
    _write(pair[0], certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return list(pair)


def _there(pair: Pair) -> bool:
    """Whether both are there; half a pair is nothing to guess about."""
    there = [path for path in pair if path.exists()]
    if len(there) == 1:
        raise CertificateError(f"{there[0]} is there without its other half: bring that, or take this away")
    return bool(there)


def _write(path: Path, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return x509.DNSName(host.encode("idna").decode())
    except UnicodeError:
        raise CertificateError(f"--host {host!r}: neither an address nor a name") from None


def _device(device: str) -> str:
    if not DEVICE.fullmatch(device) or device == SERVICE:
        raise CertificateError(f"--device {device!r}: 1 to 64 letters, digits, - or _, and not '{SERVICE}'")
    return device


_MAY_SIGN = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


def certs(
    into: Annotated[Path, typer.Option(help="Folder; what is there already stays.")] = Path("certs"),
    host: Annotated[list[str] | None, typer.Option(help="Name or address of the broker; may be repeated.")] = None,
    device: Annotated[list[str] | None, typer.Option(help="Device that gets one of its own; may be repeated.")] = None,
) -> None:
    """Make an authority and certificates for the broker, the services and devices; never overwrites."""
    try:
        made = make(into, host or HOSTS, device or ())
    except (CertificateError, OSError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None
    for path in made:
        typer.echo(f"made {path}", err=True)
    if not made:
        typer.echo("everything is there already; nothing was changed", err=True)
