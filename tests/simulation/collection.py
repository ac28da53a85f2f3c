"""PyMongo's collections and cursors over the simulated database: each call is one that can be lost.

Only what the services call is there: anything else raises AttributeError or TypeError at once.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from pymongo import ReplaceOne, UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError
from pymongo.results import BulkWriteResult, UpdateResult

from tests.simulation.documents import Document, matches, updated, upserted
from tests.simulation.store import (
    DUPLICATE_KEY,
    NO_SUCH_TRANSACTION,
    Database,
    DuplicateError,
    Transaction,
    View,
    plain,
    transient,
)
from tests.simulation.world import BusyError, request

T = TypeVar("T")
Write = UpdateOne | UpdateMany | ReplaceOne[Document]


class InTransaction(Protocol):
    """What a collection asks of a session."""

    transaction: Transaction | None


class Cursor:
    """Read at once, at its first document."""

    def __init__(self, read: Callable[[], Awaitable[list[Document]]]):
        self._read = read
        self._order: list[str] = []
        self._most: int | None = None
        self._left: list[Document] | None = None

    def sort(self, field: str) -> "Cursor":
        self._order = field.split(".")
        return self

    def limit(self, most: int) -> "Cursor":
        self._most = most
        return self

    async def to_list(self) -> list[Document]:
        found = await self._read()
        if self._order:
            found.sort(key=self._key)
        return found[: self._most]

    def _key(self, document: Document) -> Any:
        value: Any = document
        for name in self._order:
            value = value[name]
        return value

    def __aiter__(self) -> "Cursor":
        return self

    async def __anext__(self) -> Document:
        if self._left is None:
            self._left = (await self.to_list())[::-1]
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()


class Collection:
    def __init__(self, database: Database, name: str):
        self._database = database
        self._name = name

    async def _call(self, what: str, effect: Callable[[View], Any], session: InTransaction | None) -> Any:
        transaction = session.transaction if session else None

        def in_transaction() -> Any:
            assert transaction is not None
            if transaction.aborted:
                raise transient("the transaction was aborted", NO_SUCH_TRANSACTION)
            transaction.begin()
            try:
                return effect(transaction)
            except PyMongoError:
                transaction.aborted = True
                transaction.end()
                raise

        def alone() -> Any:
            before = dict(self._database.rows(self._name))
            try:
                return effect(View(self._database))
            except BusyError:
                self._database.tables[self._name] = before
                raise

        return await request(f"{what} {self._name}", in_transaction if transaction else alone)

    def find(self, wanted: Document | None = None, *, session: InTransaction | None = None) -> Cursor:
        asked = plain(wanted or {})

        def effect(view: View) -> list[Document]:
            return [plain(d) for d in view.find(self._name) if matches(d, asked)]

        return Cursor(lambda: self._call("find in", effect, session))

    async def find_one(self, wanted: Document, *, session: InTransaction | None = None) -> Document | None:
        found = await self.find(wanted, session=session).to_list()
        return found[0] if found else None

    async def insert_one(self, document: Document, *, session: InTransaction | None = None) -> None:
        def effect(view: View) -> None:
            _alone(lambda: _insert(view, self._name, document))

        await self._call("insert one of", effect, session)

    async def insert_many(
        self, documents: Sequence[Document], *, ordered: bool = True, session: InTransaction | None = None
    ) -> None:
        def effect(view: View) -> None:
            _in_bulk([lambda d=d: _insert(view, self._name, d) for d in documents], ordered)  # type: ignore[misc]

        await self._call("insert", effect, session)

    async def update_one(
        self, wanted: Document, changes: Document, *, upsert: bool = False, session: InTransaction | None = None
    ) -> UpdateResult:
        def effect(view: View) -> UpdateResult:
            return _alone(lambda: _update(view, self._name, UpdateOne(wanted, changes, upsert=upsert)))

        result: UpdateResult = await self._call("update one of", effect, session)
        return result

    async def update_many(self, wanted: Document, changes: Document) -> None:
        def effect(view: View) -> None:
            _update_many(view, self._name, UpdateMany(wanted, changes))

        await self._call("update", effect, None)

    async def bulk_write(
        self,
        writes: Sequence[Write],
        *,
        ordered: bool = True,
        session: InTransaction | None = None,
    ) -> BulkWriteResult:
        def effect(view: View) -> BulkWriteResult:
            results = _in_bulk([lambda w=w: _write(view, self._name, w) for w in writes], ordered)  # type: ignore[misc]
            matched, modified = sum(r.matched_count for r in results), sum(r.modified_count for r in results)
            return BulkWriteResult({"nMatched": matched, "nModified": modified}, True)

        result: BulkWriteResult = await self._call("write", effect, session)
        return result


def _insert(view: View, table: str, document: Document) -> None:
    new = plain(document)
    if any(d["_id"] == new["_id"] for d in view.find(table)):
        raise DuplicateError("_id")
    view.put(table, new)


def _write(view: View, table: str, write: Write) -> UpdateResult:
    return _update_many(view, table, write) if isinstance(write, UpdateMany) else _update(view, table, write)


def _update_many(view: View, table: str, write: UpdateMany) -> UpdateResult:
    wanted, changes = plain(write._filter), plain(write._doc)  # type: ignore[arg-type]
    found = [d for d in view.find(table) if matches(d, wanted)]
    changed = [after for before in found if (after := updated(before, changes)) != before]
    for document in changed:
        view.put(table, document)
    return UpdateResult({"n": len(found), "nModified": len(changed)}, True)


def _update(view: View, table: str, write: UpdateOne | ReplaceOne[Document]) -> UpdateResult:
    wanted, change = plain(write._filter), plain(write._doc)  # type: ignore[arg-type]
    found = next((d for d in view.find(table) if matches(d, wanted)), None)
    if found is None and not write._upsert:
        return UpdateResult({"n": 0, "nModified": 0}, True)
    before = found if found is not None else upserted(wanted)
    after = {"_id": before["_id"], **change} if isinstance(write, ReplaceOne) else updated(before, change)
    if found is None:
        _insert(view, table, after)
        return UpdateResult({"n": 1, "nModified": 0, "upserted": after["_id"]}, True)
    if found != after:
        view.put(table, after)
    return UpdateResult({"n": 1, "nModified": int(found != after)}, True)


def _alone(write: Callable[[], T]) -> T:
    try:
        return write()
    except DuplicateError as error:
        raise DuplicateKeyError(str(error), DUPLICATE_KEY, {"keyPattern": {error.field: 1}}) from error


def _in_bulk(writes: Sequence[Callable[[], Any]], ordered: bool) -> list[Any]:
    """The results of all; duplicate keys are told together, after the others or, if `ordered`, at the first."""
    done, failures = [], []
    for index, write in enumerate(writes):
        try:
            done.append(write())
        except DuplicateError as error:
            failure = {"index": index, "code": DUPLICATE_KEY, "errmsg": str(error), "keyPattern": {error.field: 1}}
            failures.append(failure)
            if ordered:
                break
    if failures:
        raise BulkWriteError({"writeErrors": failures})
    return done
