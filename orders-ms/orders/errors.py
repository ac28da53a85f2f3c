"""What orders-ms refuses, in the words clients rely on."""

from shop_kit.errors import ProblemError


class BadRequestFormatError(ProblemError):
    status, detail = 400, "Bad request format"


class UnknownProductError(ProblemError):
    status, detail = 404, "The requested product does not exist."


class NotEnoughError(ProblemError):
    status, detail = 404, "The requested amount does not exist."


class UnknownOrderError(ProblemError):
    status, detail = 404, "The requested order does not exist."


class KeyReusedError(ProblemError):
    status, detail = 422, "This Idempotency-Key was used for another order"


class TooManyStreamsError(ProblemError):
    """RFC 6585, 4. A stream whose client is gone is noticed by its next heartbeat."""

    status, detail = 429, "Too many streams of events are open"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "15"})
