"""Faces of those who go and of elders (工牌照片), part of `/api/v1`: one a person, the picture itself by its id."""

from datetime import datetime
from uuid import UUID

from shared.contracts.base import Message


class Portrait(Message):
    """That there is one: its picture is at `GET /portraits/{portrait}`; who put it there, and when."""

    portrait: UUID
    by: str
    at: datetime
