"""What every message has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Degrees = Annotated[float, Field(ge=-180, le=180)]


class Message(BaseModel):
    """Frozen; unknown fields are ignored so that an older reader survives a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore")
