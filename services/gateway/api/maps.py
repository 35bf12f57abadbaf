"""What a map draws."""

from fastapi import APIRouter

router = APIRouter()
