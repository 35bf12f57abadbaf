"""Photos, signatures and spoken notes of a visit."""

from fastapi import APIRouter

router = APIRouter()
