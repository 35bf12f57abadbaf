"""Who works with Yinling, and how much of a name a list may show."""

import re
from enum import StrEnum

IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Role(StrEnum):
    """Role of an account."""

    RESPONDER = "responder"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    INSTALLER = "installer"
    OFFICE = "office"
    AUDITOR = "auditor"
    SECURITY = "security"
    ELDER = "elder"
    FAMILY = "family"


class ResponderKind(StrEnum):
    """Kind of somebody who may go."""

    CAREGIVER = "caregiver"
    NURSE = "nurse"
    GRID_WORKER = "grid_worker"
    GUARD = "guard"
    STATION = "station"
    FIRE_POST = "fire_post"
    VOLUNTEER = "volunteer"
    PROVIDER = "provider"
    CANARY = "canary"


class ElderStatus(StrEnum):
    """Where an elder lives at present (在家 外出 住院 入住机构 迁出 去世)."""

    HOME = "home"
    OUT = "out"
    HOSPITAL = "hospital"
    INSTITUTION = "institution"
    MOVED = "moved"
    DEAD = "dead"


def is_identity(text: str) -> bool:
    """Whether this is the number of an identity card (公民身份号码), by its check digit (GB 11643)."""
    if not IDENTITY.fullmatch(text.upper()):
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(text, WEIGHTS, strict=False)) % 11
    return "10X98765432"[rest] == text[-1].upper()


def masked(name: str) -> str:
    """Keep the family name: 李建国 becomes 李*国, 王芳 becomes 王*."""
    if len(name) < 2:
        return name
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
