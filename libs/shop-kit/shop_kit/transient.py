"""Whose fault an error is: the surroundings', then waiting helps; or this very event's, then it never will."""

from typing import Any

from aiokafka.errors import KafkaError
from bson.errors import BSONError
from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure, PyMongoError

from shop_kit.mongo import ConflictError

_OF_THE_DOCUMENT = {121, 2, 9, 11000}
"""MongoDB's codes for: failed validation, bad value, failed to parse, duplicate key."""


def is_transient(error: BaseException) -> bool:
    """True while a database or broker is down, busy or misconfigured: back off and try the same work again."""
    if isinstance(error, ConflictError | KafkaError | OSError | TimeoutError):
        return True
    if isinstance(error, BSONError | DocumentTooLarge):
        return False
    if isinstance(error, BulkWriteError):
        failures: list[Any] = error.details.get("writeErrors", []) if error.details else []
        return not any(f.get("code") in _OF_THE_DOCUMENT for f in failures)
    if isinstance(error, OperationFailure):
        return error.code not in _OF_THE_DOCUMENT
    return isinstance(error, PyMongoError)
