"""The brokers of these settings, as an authority."""

from collections.abc import Sequence

from services.devices.authority import Backend
from services.devices.authority.embedded import EmbeddedAuthority
from services.devices.authority.mosquitto import MosquittoAuthority
from services.devices.authority.several import Everywhere
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.mqtt import Broker
from shared.runtime.settings import Settings


def backend(settings: Settings, brokers: Sequence[Broker], database: Database, clock: Clock, name: str) -> Backend:
    """The back end for `settings.broker`; `name` is the worker's, `brokers` the service's doors."""
    if settings.broker == "nats":
        urls = (settings.nats_url, *settings.nats_also)
        each = [settings.model_copy(update={"nats_url": url}) for url in urls]
        return _together([EmbeddedAuthority(one, database, clock) for one in each])
    return _together([MosquittoAuthority(broker, name, database, clock) for broker in brokers])


def _together(found: Sequence[Backend]) -> Backend:
    return found[0] if len(found) == 1 else Everywhere(found)
