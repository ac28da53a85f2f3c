"""What is waited for and what is buried."""

import json

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaTimeoutError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
from bson.errors import InvalidBSON, InvalidDocument
from kit_testing import Note
from pydantic import ValidationError
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteError,
    WTimeoutError,
)
from shop_kit.mongo import ConflictError
from shop_kit.transient import is_transient

WAITED_FOR = [
    ConflictError(),
    KafkaConnectionError(),
    KafkaTimeoutError(),
    UnknownTopicOrPartitionError(),
    SaslAuthenticationFailed(),
    TopicAuthorizationFailedError(),
    ConnectionRefusedError(),
    OSError(28, "No space left on device"),
    TimeoutError(),
    AutoReconnect(),
    NetworkTimeout(),
    NotPrimaryError(),
    ServerSelectionTimeoutError(),
    ExecutionTimeout("late", 50),
    WTimeoutError("late", 64),
    OperationFailure("not authorized", 13),
    OperationFailure("Authentication failed.", 18),
    OperationFailure("write conflict", 112),
    BulkWriteError({"writeErrors": [{"code": 112}]}),
    BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]}),
]
BURIED = [
    ValueError(),
    KeyError(),
    AssertionError(),
    ZeroDivisionError(),
    OverflowError("MongoDB can only handle up to 8-byte ints"),
    RecursionError(),
    json.JSONDecodeError("", "", 0),
    InvalidBSON(),
    InvalidDocument("no"),
    DocumentTooLarge("big"),
    DuplicateKeyError("taken", 11000),
    WriteError("Document failed validation", 121),
    OperationFailure("bad value", 2),
    BulkWriteError({"writeErrors": [{"code": 112}, {"code": 121}]}),
]


def name(error: Exception) -> str:
    return repr(error)[:60]


@pytest.mark.parametrize("error", WAITED_FOR, ids=name)
def test_the_surroundings_are_waited_for(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize("error", BURIED, ids=name)
def test_what_is_wrong_with_the_event_itself_is_buried(error: Exception) -> None:
    assert not is_transient(error)


def test_an_event_that_does_not_fit_its_contract_is_buried() -> None:
    with pytest.raises(ValidationError) as refusal:
        Note.model_validate_json("{}")
    assert not is_transient(refusal.value)
