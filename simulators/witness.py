"""Who wants to know what simulated people do: told actor, operation and details."""

from collections.abc import Callable
from typing import Any

Witness = Callable[[str, str, dict[str, Any]], None]


def nobody(_actor: str, _op: str, _details: dict[str, Any]) -> None:
    """Forget it."""
