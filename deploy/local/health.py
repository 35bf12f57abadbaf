"""Health of a container, for compose. Standard library only: it runs every few seconds.

`http URL` succeeds when the address answers, `talks PORT…` when this network namespace holds an established
connection to each of these ports.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
ESTABLISHED = "01"
PATIENCE_S = 3


def answers(url: str) -> bool:
    """Whether a GET succeeds."""
    try:
        with urlopen(url, timeout=PATIENCE_S):  # noqa: S310  the address stands in docker-compose.yml
            return True
    except (URLError, OSError):
        return False


def talks_to(ports: set[int]) -> bool:
    """Whether every port has somebody at the other end."""
    return ports <= set(_remote_ports())


def _remote_ports() -> Iterator[int]:
    for table in TABLES:
        for line in table.read_text("ascii").splitlines()[1:] if table.exists() else ():
            _, _, remote, state, *_ = line.split()
            if state == ESTABLISHED:
                yield int(remote.rpartition(":")[2], 16)


def main(arguments: list[str]) -> int:
    """Exit code of a health check."""
    match arguments:
        case ["http", url]:
            return 0 if answers(url) else 1
        case ["talks", *ports] if ports:
            return 0 if talks_to({int(port) for port in ports}) else 1
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
