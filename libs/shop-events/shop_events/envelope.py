"""What every event has: its type, an id, and the time at which it was made."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

Money = Annotated[
    Decimal,
    Field(ge=0, decimal_places=2, allow_inf_nan=False),
    PlainSerializer(float, return_type=float, when_used="json"),
]
"""An amount with at most two decimals: Decimal in code, a JSON number on the wire."""

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
"""A document's id: 24 lower-case hexadecimal digits."""


class Event(BaseModel):
    """Unknown fields are ignored, so that a writer may add one before its readers know it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    occurred_at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def key(self) -> str:
        """The Kafka key: events with one key keep their order."""
        raise NotImplementedError
