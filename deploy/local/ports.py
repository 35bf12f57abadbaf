"""Loopback ports: the usual one when it is free, else any."""

import socket
from dataclasses import dataclass, fields


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
    postgres: int = 5432


def choose(wish: Ports, host: str) -> tuple[Ports, list[str]]:
    """Ports that are free now, and which names had to move."""
    chosen: dict[str, int] = {}
    moved: list[str] = []
    for field in fields(Ports):
        wanted = getattr(wish, field.name)
        public = field.name in ("http", "page", "exchange", "mqtt")
        port = wanted if _free(host if public else "127.0.0.1", wanted) and wanted not in chosen.values() else 0
        if not port:
            port = _any(set(chosen.values()))
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


def _any(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port
