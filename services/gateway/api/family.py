"""Elders and families."""

from fastapi import APIRouter

router = APIRouter()
