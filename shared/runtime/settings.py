"""Settings from the environment (`YINLING_…`), set by `./yinling up`, compose or the operator."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.runtime.sealed import Fields
from shared.runtime.secrets import WeakSecretError, password_in, sound_key, unsound, weak

LEAST_SECRET = 16
OWN_SECRETS = ("service_secret", "mqtt_password", "nats_password", "canary_secret", "channel_secret")
"""What we make ourselves; the rest is given by others."""


class MissingSecretError(Exception):
    """YINLING_SERVICE_SECRET is missing or shorter than 16 characters; commands are signed with it."""


class MissingKeyError(Exception):
    """YINLING_FIELD_KEYS is missing: words about people would lie open in the database."""


class Settings(BaseSettings):
    """Where the parts are. Passwords are part of the database addresses and never logged."""

    model_config = SettingsConfigDict(env_prefix="YINLING_", extra="ignore")

    devices_database: str = Field(default="", repr=False)
    dispatch_database: str = Field(default="", repr=False)
    gateway_database: str = Field(default="", repr=False)
    watch_database: str = Field(default="", repr=False)
    owner_database: str = Field(default="", repr=False)

    broker: str = Field(default="nats", pattern="^(nats|mosquitto)$")
    mqtt_host: str = "127.0.0.1"
    mqtt_port: int = 1883
    mqtt_also: tuple[str, ...] = ()
    """Further brokers, `host:port`, each by itself; a device is at one of them (docs/operations/failover.md)."""
    mqtt_user: str = "devices"
    mqtt_password: SecretStr = SecretStr("")
    nats_url: str = ""
    nats_also: tuple[str, ...] = ()
    """Where the embedded brokers of `mqtt_also` are asked and told, in their order."""
    nats_password: SecretStr = SecretStr("")
    nats_issuer_seed: SecretStr = SecretStr("")

    service_secret: SecretStr = SecretStr("")
    devices_urls: tuple[str, ...] = ("http://127.0.0.1:8603", "http://127.0.0.1:8604")
    devices_host: str = "127.0.0.1"
    devices_ports: tuple[int, ...] = (8603, 8604)
    device_key: SecretStr = SecretStr("")
    """Base64 of 32 bytes; seals what must be kept of devices' keys. Its loss costs signed alarms their check."""
    field_keys: SecretStr = SecretStr("")
    """What seals words about people: `id:base64 id:base64 …`, 32 bytes each. The first seals, all of them open."""
    search_key: SecretStr = SecretStr("")
    """Base64 of 32 bytes; sealed words are sought by hashes under it. It is never changed alone."""
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    canaries: tuple[str, ...] = ()
    """Counties that a canary presses in."""
    canary_secret: SecretStr = SecretStr("")
    """Of every canary's device and of its account."""
    canary_every_s: float = Field(default=20, gt=0)
    canary_limit_s: float = Field(default=10, gt=0)
    gateway_url: str = "http://127.0.0.1:8600"
    gateway_also: tuple[str, ...] = ()
    """Further gateways; a canary's console goes to one that answers."""
    adapters_file: Path | None = None
    dispatch_url: str = "http://127.0.0.1:8602"
    dispatch_also: tuple[str, ...] = ()
    """Further workers of dispatch; any of them may carry out any command."""
    dispatch_host: str = "127.0.0.1"
    dispatch_port: int = 8602
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Where a process without a door of its own shows its figures; 0: nowhere."""
    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8600
    public_origins: tuple[str, ...] = ()
    sso_issuer: str = Field(default="", pattern=r"^(https?://[^\s]+)?$")
    """An office's sign-on (OpenID Connect): its issuer, as its discovery document says. Empty: none."""
    sso_client: str = ""
    sso_secret: SecretStr = SecretStr("")
    sso_name: str = "统一认证"
    """What the button at the login is called."""
    web_root: Path = Path("web/dist")
    secure_cookies: bool = False
    demo: bool = False
    build: str = "dev"
    hotline: str = Field(default="12349", pattern=r"^\+?[0-9-]{3,20}$")
    """What an elder's page dials where her division has no duty telephone, and before it knows her."""
    min_client: str = ""
    """Oldest build of our own screens that may go on; older pages load themselves anew. Empty: any."""
    map_tiles: str = Field(default="none", pattern="^(none|tianditu|amap|pmtiles)$")
    """What lies under the map of the screens (docs/maps.md)."""
    map_key: SecretStr = SecretStr("")
    """Of Tianditu, for browsers; whoever is logged in can read it."""
    map_file: Path | None = None
    """A PMTiles file, served to the screens by ourselves."""
    seal_heads: Path | None = None
    """Where the head of the sealed log is handed up: a file only ever added to, which the level above keeps."""
    channel_sms: SecretStr = SecretStr("")
    """Where texts go: an exchange's https address, or one of Apprise's with {to} or {id} in it (docs/channels.md)."""
    channel_voice: SecretStr = SecretStr("")
    channel_push: SecretStr = SecretStr("")
    channel_family: SecretStr = SecretStr("")
    """Where a family's messages go; empty means as texts."""
    channel_secret: SecretStr = SecretStr("")
    """Shared with the exchange: it is shown to it, and its reports are signed with it. Without one none is believed."""
    message_language: str = Field(default="zh-CN", pattern="^(zh-CN|en)$")

    ready_fd: int | None = None

    def guard(self) -> None:
        """Raise WeakSecretError, outside the demo, for a given secret that could be guessed; it names the variables."""
        if self.demo:
            return
        addresses = [name for name in type(self).model_fields if name.endswith("_database")]
        words = {name: password_in(getattr(self, name)) for name in addresses}
        words |= {name: getattr(self, name).get_secret_value() for name in OWN_SECRETS}
        guessable = [f"YINLING_{name.upper()}" for name, word in words.items() if word and weak(word)]
        key = self.device_key.get_secret_value()
        if key and not sound_key(key):
            guessable.append("YINLING_DEVICE_KEY")
        guessable += unsound(self.field_keys.get_secret_value(), self.search_key.get_secret_value())
        if guessable:
            raise WeakSecretError(f"guessable secret in {', '.join(guessable)}: run ./yinling server secrets")

    def fields(self) -> Fields:
        """What seals and opens words about people; MissingKeyError without keys outside the demo."""
        keys, search = self.field_keys.get_secret_value(), self.search_key.get_secret_value()
        if not keys and not self.demo:
            raise MissingKeyError
        return Fields(keys, search)

    def brokers(self) -> tuple[tuple[str, int], ...]:
        """Host and port of every broker, the first one first."""
        also = (at.rpartition(":") for at in self.mqtt_also)
        return ((self.mqtt_host, self.mqtt_port), *((host, int(port)) for host, _, port in also))

    def signing_secret(self) -> str:
        """The secret that gateway and dispatch share; MissingSecretError rather than a weak one."""
        secret = self.service_secret.get_secret_value()
        if len(secret) < LEAST_SECRET:
            raise MissingSecretError
        return secret
