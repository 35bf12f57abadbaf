"""A device that is to be known from now on: what may be said of it, and what not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.devices.domain.permissions import foreign_filter
from shared.vocabulary.devices import Datum, DeviceKind
from shared.vocabulary.divisions import BadDivisionError, division

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
OURS = re.compile(r"(devices|authority|presence|bridge|gateway|dispatch|watch|warden)([-_0-9].*)?")
"""Client ids of services: a device of that name would take a session over."""
PREFIX = re.compile(r"[A-Za-z0-9_.-]{1,64}(/[A-Za-z0-9_.-]{1,64}){0,4}/#")
CLASSES = frozenset({"own", "relayed", "hub"})
COUNTY_DIGITS = 6
LONGEST_MODEL = 64
SHORTEST_BEAT_S, LONGEST_BEAT_S = 10, 86_400
UNPRESSED = frozenset({DeviceKind.SMS, DeviceKind.CANARY})
"""Kinds that no hand presses; there is nothing to claim them by."""


class BadFieldError(ValueError):
    """The argument is the field's name."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A device as it was announced; `beat_s` is None for the usual beat of its kind."""

    id: str
    kind: DeviceKind
    model: str
    division: str
    cls: str
    prefix: str | None
    datum: Datum
    beat_s: int | None

    @property
    def county(self) -> str:
        """The cell that issues its topics."""
        return self.division[:COUNTY_DIGITS]

    @property
    def has_credential(self) -> bool:
        """Whether it comes to the broker itself."""
        return self.cls != "relayed"

    @property
    def claimable(self) -> bool:
        """Whether it is taken over by code and press."""
        return self.has_credential and self.kind not in UNPRESSED


def newcomer(device: str, said: Mapping[str, object]) -> Newcomer:
    """Read what was said of it; raises BadFieldError with the first field that cannot be."""
    if not is_device_id(device) or OURS.fullmatch(device) or said.get("id", device) != device:
        raise BadFieldError("id")
    cls = _one_of(said, "class", CLASSES, "own")
    if cls != "hub" and said.get("prefix"):
        raise BadFieldError("prefix")
    return Newcomer(
        device,
        DeviceKind(_one_of(said, "kind", frozenset(DeviceKind))),
        _model(said),
        _division(said),
        cls,
        _prefix(said) if cls == "hub" and said.get("prefix") else None,
        Datum(_one_of(said, "datum", frozenset(Datum), Datum.WGS84)),
        _beat(said),
    )


def is_device_id(name: str) -> bool:
    """Whether the registry could hold a device of this name."""
    return ID.fullmatch(name) is not None


def _one_of(said: Mapping[str, object], field: str, words: frozenset[str], usual: str | None = None) -> str:
    given = said.get(field)
    given = usual if given is None else given
    if not isinstance(given, str) or given not in words:
        raise BadFieldError(field)
    return given


def _model(said: Mapping[str, object]) -> str:
    given = said.get("model")
    if not isinstance(given, str) or not given.isprintable() or not 0 < len(given.strip()) <= LONGEST_MODEL:
        raise BadFieldError("model")
    return given.strip()


def _division(said: Mapping[str, object]) -> str:
    given = said.get("division")
    try:
        code = division(given if isinstance(given, str) else "")
    except BadDivisionError:
        raise BadFieldError("division") from None
    if len(code) < COUNTY_DIGITS:
        raise BadFieldError("division")
    return code


def _prefix(said: Mapping[str, object]) -> str:
    """No wildcard but the last level, and nothing of ours: under `yl` every device speaks."""
    given = said.get("prefix")
    whole = foreign_filter(given) if isinstance(given, str) else ""
    if not PREFIX.fullmatch(whole) or whole.split("/", 1)[0] == "yl":
        raise BadFieldError("prefix")
    return whole


def _beat(said: Mapping[str, object]) -> int | None:
    given = said.get("beat_s")
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not SHORTEST_BEAT_S <= given <= LONGEST_BEAT_S:
        raise BadFieldError("beat_s")
    return given
