"""What a server needs once: secrets on the host; roles, schema and broker accounts in a container; a demo county.

docker-compose.yml says when each is run and gives everything through the environment.
"""

import asyncio
import base64
import os
import secrets as randomness
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import typer
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.runtime.sealed import BadRingError, Fields
from shared.runtime.secrets import KEY_BYTES, WeakSecretError, password_in, sound_key, unsound, weak

ROOT = Path(__file__).parents[2]
WORDS = tuple(f"{name}_PASSWORD" for name in ("ADMIN", "OWNER", "DEVICES", "DISPATCH", "GATEWAY", "WATCH", "REPORT"))
SECRETS = ("MQTT_PASSWORD", "SERVICE_SECRET", "CANARY_SECRET", "CHANNEL_SECRET")
NAMES = tuple(f"YINLING_{name}" for name in (*WORDS, *SECRETS))
KEY, FIELDS, SEARCH = "YINLING_DEVICE_KEY", "YINLING_FIELD_KEYS", "YINLING_SEARCH_KEY"
HEAD = "# Made by ./yinling server secrets and read by docker-compose.yml. Keep it to yourself.\n"

server = typer.Typer(no_args_is_help=True, help="The same on a server: what docker-compose.yml calls.")


class _Given(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="YINLING_", extra="ignore", hide_input_in_errors=True)


class MigrateSettings(_Given):
    """What `migrate` is given. The database addresses carry the passwords that the roles shall have."""

    admin_database: str = Field(repr=False)
    owner_database: str = Field(repr=False)
    devices_database: str = Field(repr=False)
    dispatch_database: str = Field(repr=False)
    gateway_database: str = Field(repr=False)
    watch_database: str = Field(repr=False)
    report_database: str = Field(repr=False)
    mqtt_password: str = Field(repr=False)
    service_secret: str = Field(repr=False)
    canary_secret: str = Field(repr=False)
    device_key: str = Field(repr=False)
    field_keys: str = Field(repr=False)
    search_key: str = Field(repr=False)
    broker_folder: Path

    def passwords(self) -> dict[str, str]:
        """Password by role."""
        from deploy.local.migrate import ROLES  # noqa: PLC0415  the command line should start quickly

        return {role: password_in(getattr(self, f"{role}_database")) for role in ROLES}

    def guard(self) -> None:
        """Raise WeakSecretError unless every secret is one that nobody guesses."""
        found = {f"{role}_database": word for role, word in self.passwords().items()}
        found["admin_database"] = password_in(self.admin_database)
        found |= {name: getattr(self, name) for name in ("mqtt_password", "service_secret", "canary_secret")}
        guessable = [f"YINLING_{name.upper()}" for name, word in found.items() if weak(word)]
        if not sound_key(self.device_key):
            guessable.append(KEY)
        guessable += unsound(self.field_keys, self.search_key)
        if guessable:
            raise WeakSecretError(f"guessable secret in {', '.join(guessable)}: run ./yinling server secrets")


class RotateSettings(_Given):
    """What `rotate-keys` is given: the whole ring, of which the first key shall seal everything."""

    owner_database: str = Field(repr=False)
    field_keys: str = Field(repr=False)
    search_key: str = Field(repr=False)


class SeedSettings(_Given):
    """What `seed` is given. `demo_http` and `mqtt_…` are how the simulators reach the platform."""

    owner_database: str = Field(repr=False)
    mqtt_password: str = Field(repr=False)
    canary_secret: str = Field(repr=False)
    device_key: str = Field(repr=False)
    field_keys: str = Field(repr=False)
    search_key: str = Field(repr=False)
    broker_folder: Path
    demo_folder: Path
    demo_homes: int = Field(default=300, ge=10, le=20_000)
    demo_seed: int = 1
    demo_http: str
    mqtt_host: str
    mqtt_port: int


@server.command("migrate")
def migrate_command() -> None:
    """Create or update roles, schema and the broker's service account; may be repeated."""
    from deploy.local.migrate import bootstrap, migrate  # noqa: PLC0415  the command line should start quickly

    it = _read(MigrateSettings)
    try:
        it.guard()
    except WeakSecretError as fault:
        raise typer.Exit(_say(str(fault))) from None
    database = urlsplit(it.owner_database).path.removeprefix("/")
    asyncio.run(bootstrap(it.admin_database, database, it.passwords()))
    migrate(it.owner_database)
    _seal(it)
    admit_services(it.broker_folder, it.mqtt_password)
    _first_keeper(it.owner_database)


def _seal(it: "MigrateSettings | RotateSettings", *, lay_open: bool = False) -> dict[str, int]:
    from deploy.local.sealing import LostKeyError, seal  # noqa: PLC0415  as above

    try:
        fields = Fields(it.field_keys, it.search_key)
        return asyncio.run(seal(it.owner_database, fields.open_only() if lay_open else fields))
    except (LostKeyError, BadRingError) as fault:
        raise typer.Exit(_say(str(fault))) from None


@server.command("rotate-keys")
def rotate_keys_command(
    *, lay_open: Annotated[bool, typer.Option("--open", help="The other way, for a version that has no keys.")] = False
) -> None:
    """Seal words about people anew, under the first of YINLING_FIELD_KEYS; may be repeated after any end."""
    done = _seal(_read(RotateSettings), lay_open=lay_open)
    for table, rows in done.items():
        typer.echo(f"{table}: {rows}")
    typer.echo(f"{sum(done.values())} rows {'lie open 已解密存放' if lay_open else 'sealed anew 已重新加密'}")
    typer.echo("keep the older keys for three days: what consoles were told lies under them 旧密钥请再保留三天")


def _first_keeper(owner_url: str, *, again: bool = False) -> None:
    from deploy.local.keeper import first, let_in_again  # noqa: PLC0415  as above

    made = asyncio.run((let_in_again if again else first)(owner_url, datetime.now(UTC)))
    if made is not None:
        typer.echo(f"security administrator 安全管理员: {made.username}  one-time password 一次性密码: {made.password}")
        typer.echo(f"good until {made.until:%Y-%m-%d %H:%M} UTC; it opens nothing but its own change 只能用来改密码")


@server.command("keeper")
def keeper_command(
    owner_database: Annotated[str, typer.Option(envvar="YINLING_OWNER_DATABASE", help="Address of the database.")],
) -> None:
    """Let the first security administrator in again: a fresh one-time password, second factors taken away."""
    _first_keeper(owner_database, again=True)


def admit_services(folder: Path, secret: str) -> None:
    """Let the services in at the broker; devices that its list knows already stay."""
    from deploy.mosquitto.provision import provision  # noqa: PLC0415  as above

    provision(folder, (), hubs={}, service_password=secret)


@server.command("seed")
def seed_command() -> None:
    """Load the synthetic county, admit its devices at the broker and write demo.json; may be repeated."""
    from deploy.local.mosquitto import admit  # noqa: PLC0415  the command line should start quickly
    from deploy.local.seed import seed, write_demo  # noqa: PLC0415  as above

    it = _read(SeedSettings)
    seeded = asyncio.run(
        seed(
            it.owner_database, it.demo_folder, datetime.now(UTC), number=it.demo_seed, homes=it.demo_homes,
            device_key=it.device_key, canary_secret=it.canary_secret,
            fields=Fields(it.field_keys, it.search_key),
        )
    )  # fmt: skip
    admit(it.broker_folder, seeded, it.mqtt_password)
    socket = it.demo_http.replace("http", "ws", 1) + "/ws"
    addresses = {"http": it.demo_http, "ws": socket, "mqtt": {"host": it.mqtt_host, "port": it.mqtt_port}}
    write_demo(it.demo_folder / "demo.json", addresses, seeded.county, seeded.secrets)


@server.command("secrets")
def secrets_command(
    host: Annotated[str, typer.Option(help="The server's name, for a certificate to begin with.")] = "localhost",
    into: Annotated[Path, typer.Option(help="Folder of docker-compose.yml.")] = ROOT,
) -> None:
    """Write .env and a certificate of our own making; what is there already stays."""
    made = [path for path, was_made in ((into / ".env", _environment(into)), *_certificate(into, host)) if was_made]
    for path in made:
        typer.echo(f"made {path}", err=True)
    if not made:
        typer.echo("everything is there already; nothing was changed", err=True)


def _environment(into: Path) -> bool:
    """What a newer version needs beside is added."""
    path = into / ".env"
    there = path.read_text("utf-8") if path.exists() else HEAD
    known = {line.partition("=")[0] for line in there.splitlines()}
    made = {**{name: _fresh() for name in NAMES}, KEY: _key(), FIELDS: f"1:{_key()}", SEARCH: _key()}
    new = "".join(f"{name}={word}\n" for name, word in made.items() if name not in known)
    if new:
        _write_private(path, there + ("" if there.endswith("\n") else "\n") + new)
    return bool(new)


def _key() -> str:
    return base64.b64encode(randomness.token_bytes(KEY_BYTES)).decode()


def _fresh() -> str:
    while weak(word := randomness.token_urlsafe(32)):
        pass
    return word


def _certificate(into: Path, host: str) -> Iterable[tuple[Path, bool]]:
    """A certificate to begin with; browsers warn about it until a real one takes its place."""
    folder = into / "secrets"
    key, certificate = folder / "tls.key", folder / "tls.crt"
    if key.exists() or certificate.exists():
        return ()
    openssl = shutil.which("openssl")
    if openssl is None:
        _say(f"openssl is not installed: put a certificate into {certificate} and its key into {key}")
        return ()
    folder.mkdir(mode=0o700, exist_ok=True)
    _sign(openssl, key, certificate, host)
    # The folder is closed to others; the proxy, another user in its container, is handed the files one by one.
    key.chmod(0o644)
    return ((certificate, True), (key, True))


def _sign(openssl: str, key: Path, certificate: Path, host: str) -> None:
    kind = "IP" if host.replace(".", "").isdigit() or ":" in host else "DNS"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "365", "-subj", f"/CN={host}", "-addext", f"subjectAltName={kind}:{host}",
            "-keyout", key, "-out", certificate,
        ],
        check=True, capture_output=True,
    )  # fmt: skip


S = TypeVar("S", bound=_Given)


def _read(settings: type[S]) -> S:
    """The settings; what is missing is told by name."""
    try:
        return settings()
    except ValidationError as fault:
        wrong = ", ".join(f"YINLING_{str(error['loc'][0]).upper()}" for error in fault.errors())
        raise typer.Exit(_say(f"missing or wrong in the environment: {wrong}")) from None


def _say(text: str) -> int:
    typer.echo(text, err=True)
    return 2


def _write_private(path: Path, text: str) -> None:
    """Replace a file whole, readable by its owner only."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    part.rename(path)
