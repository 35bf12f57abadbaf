"""Settings from the environment (`YINLING_…`), set by `./yinling up`, compose or the operator."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LEAST_SECRET = 16


class MissingSecretError(Exception):
    """YINLING_SERVICE_SECRET is missing or shorter than 16 characters; commands are signed with it."""


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
    mqtt_user: str = "devices"
    mqtt_password: SecretStr = SecretStr("")
    nats_url: str = ""
    nats_password: SecretStr = SecretStr("")
    nats_issuer_seed: SecretStr = SecretStr("")

    service_secret: SecretStr = SecretStr("")
    dispatch_url: str = "http://127.0.0.1:8602"
    dispatch_host: str = "127.0.0.1"
    dispatch_port: int = 8602
    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8600
    public_origins: tuple[str, ...] = ()
    web_root: Path = Path("web/dist")
    secure_cookies: bool = False
    demo: bool = False
    build: str = "dev"

    ready_fd: int | None = None

    def signing_secret(self) -> str:
        """The secret that gateway and dispatch share; MissingSecretError rather than a weak one."""
        secret = self.service_secret.get_secret_value()
        if len(secret) < LEAST_SECRET:
            raise MissingSecretError
        return secret
