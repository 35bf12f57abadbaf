"""Loopback ports: the usual one when it is free, else any."""

import socket
from dataclasses import dataclass, fields
from secrets import randbelow

LOWEST, HIGHEST = 10_000, 32_000


@dataclass(frozen=True)
class Ports:
    """Ports of one instance."""

    http: int = 8600
    page: int = 8601
    dispatch: int = 8602
    devices: int = 8603
    devices_2: int = 8604
    exchange: int = 8605
    mqtt: int = 1883
    mqtt_services: int = 1884
    nats: int = 4222
    http_2: int = 8606
    dispatch_2: int = 8607
    mqtt_2: int = 1885
    nats_2: int = 4223
    postgres: int = 5432


def choose(wish: Ports, host: str) -> tuple[Ports, list[str]]:
    """Ports that are free now, and which names had to move."""
    chosen: dict[str, int] = {}
    moved: list[str] = []
    for field in fields(Ports):
        wanted = getattr(wish, field.name)
        public = field.name in ("http", "http_2", "page", "exchange", "mqtt", "mqtt_2")
        port = wanted if _free(host if public else "127.0.0.1", wanted) and wanted not in chosen.values() else 0
        if not port:
            port = another(set(chosen.values()))
            moved.append(field.name)
        chosen[field.name] = port
    return Ports(**chosen), moved


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def another(taken: set[int]) -> int:
    """One that nobody holds and that is none of those.

    Below those that Linux gives to outgoing connections, one of which could have it before its server begins.
    """
    while True:
        port = LOWEST + randbelow(HIGHEST - LOWEST)
        if port not in taken and _free("127.0.0.1", port):
            return port
