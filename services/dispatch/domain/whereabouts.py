"""When and where a step was pressed, as the phone says. Neither decides anything: help is never refused for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.dispatch.domain.case import Assignment, Incident
from services.dispatch.domain.facts import instant
from shared.vocabulary.geo import Position, distance_m

NEAR_M = 150
VAGUE_M = 300
"""A position less accurate than this says nothing about a door."""
LATER = timedelta(seconds=5)
"""Sooner than this after the press it counts as sent at once."""


def pressed(args: Mapping[str, Any], mine: Assignment, now: datetime) -> dict[str, Any]:
    """`said_at`: a press that reached us later, where a phone's clock can be believed."""
    if not args.get("at"):
        return {}
    at = instant(args["at"])
    return {"said_at": at} if mine.accepted_at <= at <= now - LATER else {}


def at_the_door(args: Mapping[str, Any], incident: Incident) -> dict[str, Any]:
    """`near`, `far` or `unknown`, by how many metres, and what the person says to it."""
    said = {"says": args["says"]} if args.get("says") else {}
    metres, accuracy = _metres(args, incident), args.get("accuracy_m")
    if metres is None or accuracy is None:
        return {"door": "unknown", **said}
    measured = {"dist_m": round(metres), "accuracy_m": round(accuracy)}
    if accuracy > VAGUE_M:
        return {"door": "unknown", **measured, **said}
    return {"door": "near" if metres <= NEAR_M + accuracy else "far", **measured, **said}


def _metres(args: Mapping[str, Any], incident: Incident) -> float | None:
    if None in (args.get("lat"), args.get("lon"), incident.lat, incident.lon):
        return None
    return distance_m(Position(args["lat"], args["lon"]), Position(incident.lat or 0.0, incident.lon or 0.0))
