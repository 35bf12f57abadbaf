"""Alarm load of seats; things put aside."""

from fastapi import APIRouter

router = APIRouter()
