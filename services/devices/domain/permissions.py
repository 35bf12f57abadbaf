"""What a device may do at the broker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credential:
    """What the registry holds of a device that may connect."""

    device: str
    county: str
    secret_sha256: bytes
    foreign_prefix: str | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """Topic filters; `publish` and `subscribe` are all that is allowed."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def grant(credential: Credential) -> Grant:
    """What this credential allows."""
    return grant_of(credential.county, credential.device, credential.foreign_prefix)


def grant_of(county: str, device: str, prefix: str | None) -> Grant:
    """Its own topics; a hub also what lies under its foreign prefix."""
    own = f"yl/v1/{county}/{device}"
    foreign = (foreign_filter(prefix),) if prefix else ()
    return Grant((f"{own}/up/#", *foreign), (f"{own}/down/#", *foreign))


def foreign_filter(prefix: str) -> str:
    """`shellies`, `shellies/` and `shellies/#` all mean the same."""
    return prefix.removesuffix("#").rstrip("/") + "/#"


def subjects(topic_filter: str) -> tuple[str, ...]:
    """NATS subjects of an MQTT filter: levels are tokens, a dot in a level is written //, # takes the parent too."""
    levels = ["//".join(level.split(".")) for level in topic_filter.split("/")]
    tokens = ["*" if level == "+" else level for level in levels]
    if tokens[-1] != "#":
        return (".".join(tokens),)
    return (".".join(tokens[:-1]), ".".join([*tokens[:-1], ">"]))
