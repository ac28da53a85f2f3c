"""Money is Decimal in code, Decimal128 in MongoDB and a JSON number on the wire; never a float in between."""

from decimal import Decimal
from typing import Annotated, Any

from bson.codec_options import TypeCodec
from bson.decimal128 import Decimal128
from pydantic import BeforeValidator, Field, PlainSerializer

CENT = Decimal("0.01")
MAX_PRICE = 1_000_000


def _from_json(value: Any) -> Any:
    # A JSON number arrives as a float: its shortest decimal text is what the client wrote.
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return str(value) if isinstance(value, float) else value


Price = Annotated[
    Decimal,
    BeforeValidator(_from_json),
    Field(ge=0, le=MAX_PRICE, decimal_places=2, allow_inf_nan=False),
    PlainSerializer(float, return_type=float, when_used="json"),
]
"""A price a client may send, as a number or as text: 0 to a million, at most two decimals."""

Amount = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""An amount that the shop computed."""


class DecimalCodec(TypeCodec):
    """Stores Decimal as Decimal128 and reads it back."""

    python_type = Decimal
    bson_type = Decimal128

    def transform_python(self, value: Decimal) -> Decimal128:
        return Decimal128(value)

    def transform_bson(self, value: Decimal128) -> Decimal:
        return value.to_decimal()
