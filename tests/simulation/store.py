"""The simulated database: documents in BSON, unique indexes, and transactions with snapshots and write conflicts.

A transaction reads what was committed before its first call. It may not write what another has written since, nor what
an open transaction has written: that is a conflict, which aborts it. A write outside of transactions waits instead.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import bson
from bson.codec_options import CodecOptions, TypeRegistry
from pymongo.errors import OperationFailure
from shop_kit.money import DecimalCodec

from tests.simulation.documents import Document
from tests.simulation.world import BusyError

Rows = dict[Any, bytes]
CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True, type_registry=TypeRegistry([DecimalCodec()]))
DUPLICATE_KEY, WRITE_CONFLICT, NO_SUCH_TRANSACTION = 11000, 112, 251


class DuplicateError(Exception):
    """Another document has this value of a unique field."""

    def __init__(self, field: str):
        super().__init__(f"E11000 duplicate key error: {field}")
        self.field = field


def transient(text: str, code: int) -> OperationFailure:
    """The error after which a transaction is to be run again."""
    return OperationFailure(text, code, {"errorLabels": ["TransientTransactionError"], "code": code, "errmsg": text})


def plain(document: Mapping[str, Any]) -> Document:
    """The document as BSON has it: whole milliseconds, lists, and nothing that BSON can't say."""
    return bson.decode(bson.encode(document, codec_options=CODEC), codec_options=CODEC)


@lru_cache(maxsize=4096)
def _decoded(row: bytes) -> Document:
    """For reading only: the same object each time."""
    return bson.decode(row, codec_options=CODEC)


class Database:
    """The tables of one service, with their unique fields."""

    def __init__(self, unique: Mapping[str, tuple[str, ...]]):
        self.unique = unique
        self.tables: dict[str, Rows] = {}
        self.open: list[Transaction] = []

    def rows(self, table: str) -> Rows:
        return self.tables.setdefault(table, {})

    def documents(self, table: str) -> list[Document]:
        """What is committed, as a look from outside sees it; for reading only."""
        return [_decoded(row) for row in self.rows(table).values()]


class View:
    """The database as a single call outside of transactions sees and changes it."""

    def __init__(self, database: Database):
        self.database = database

    def find(self, table: str) -> list[Document]:
        """All documents it sees; for reading only."""
        return self.database.documents(table)

    def put(self, table: str, document: Document) -> None:
        """Insert or replace. Raises BusyError, or DuplicateError if another document has a unique value."""
        self._wait_for_others(table, document)
        _refuse_duplicates(self.database, table, self.find(table), document)
        self.database.rows(table)[document["_id"]] = bson.encode(document, codec_options=CODEC)

    def _wait_for_others(self, table: str, document: Document) -> None:
        for other in self.database.open:
            if other.clashes(table, document):
                raise BusyError


class Transaction(View):
    def __init__(self, database: Database):
        super().__init__(database)
        self._snapshot: dict[str, Rows] | None = None
        self._writes: dict[str, Rows] = {}
        self.aborted = False

    def begin(self) -> None:
        """Its first call: from now on it sees nothing new."""
        if self._snapshot is None:
            self._snapshot = {name: dict(rows) for name, rows in self.database.tables.items()}
            self.database.open.append(self)

    def find(self, table: str) -> list[Document]:
        rows = self._seen(table) | self._writes.get(table, {})
        return [_decoded(row) for row in rows.values()]

    def put(self, table: str, document: Document) -> None:
        """Raises DuplicateError, or OperationFailure on a conflict; both abort it."""
        key, now, seen = document["_id"], self.database.rows(table), self._seen(table)
        others = [other for other in self.database.open if other is not self]
        if any(other.clashes(table, document) for other in others) or now.get(key) is not seen.get(key):
            raise transient("WriteConflict", WRITE_CONFLICT)
        _refuse_duplicates(self.database, table, self.find(table), document)
        self._writes.setdefault(table, {})[key] = bson.encode(document, codec_options=CODEC)

    def clashes(self, table: str, document: Document) -> bool:
        """Has it written this document, or one with the same unique value?"""
        rows = self._writes.get(table, {})
        if document["_id"] in rows:
            return True
        mine = [_decoded(row) for row in rows.values()]
        return any(
            field in document and field in other and document[field] == other[field]
            for field in self.database.unique.get(table, ())
            for other in mine
        )

    def commit(self) -> None:
        for table, rows in self._writes.items():
            self.database.rows(table).update(rows)
        self.end()

    def end(self) -> None:
        """Without a commit before it, nothing of it remains."""
        self._writes = {}
        if self in self.database.open:
            self.database.open.remove(self)

    def _seen(self, table: str) -> Rows:
        assert self._snapshot is not None
        return self._snapshot.get(table, {})


def _refuse_duplicates(database: Database, table: str, there: list[Document], new: Document) -> None:
    for field in database.unique.get(table, ()):
        if any(d["_id"] != new["_id"] and field in d and d[field] == new.get(field) for d in there if field in new):
            raise DuplicateError(field)
