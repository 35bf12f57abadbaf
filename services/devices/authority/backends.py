"""The broker of these settings, as an authority."""

from services.devices.authority import Backend
from services.devices.authority.embedded import EmbeddedAuthority
from services.devices.authority.mosquitto import MosquittoAuthority
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.mqtt import Broker
from shared.runtime.settings import Settings


def backend(settings: Settings, broker: Broker, database: Database, clock: Clock, name: str) -> Backend:
    """The back end for `settings.broker`; `name` is the worker's, `broker` the service's door."""
    if settings.broker == "nats":
        return EmbeddedAuthority(settings, database, clock)
    return MosquittoAuthority(broker, name, database, clock)
