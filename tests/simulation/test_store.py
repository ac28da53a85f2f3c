"""The simulated database does what a real one does: the same calls, in the same order, give the same answers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pymongo import AsyncMongoClient, ReplaceOne, UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError, OperationFailure
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from tests.simulation.documents import Document
from tests.simulation.mongo import SimulatedMongoClient
from tests.simulation.searches import search_settings
from tests.simulation.store import CODEC, Database
from tests.simulation.world import BEGINNING, World

DATABASE, ALONE = "simulation", 2
SNAPSHOT, MAJORITY = ReadConcern("snapshot"), WriteConcern("majority", j=True)
FIRST: list[Document] = [
    {"_id": 0, "n": 0, "outbox": {"due": BEGINNING, "claim": 0}},
    {"_id": 1, "n": 1, "outbox": {"due": BEGINNING + timedelta(seconds=1), "claim": 1}},
    {"_id": 2, "n": 1, "key": "a"},
]
Call = tuple[int, str, Any]
"""Session 0 or 1, each in a transaction of its own, or ALONE; the name of the call; its arguments."""


def fields(optional: dict[str, st.SearchStrategy[Any]] | None = None, **required: Any) -> st.SearchStrategy[Document]:
    wanted: dict[str, st.SearchStrategy[Any]] = required
    return st.fixed_dictionaries(wanted, optional=optional or {})


ids, numbers = st.integers(0, 3), st.integers(0, 2)
dues = st.integers(0, 2).map(lambda n: BEGINNING + timedelta(microseconds=n * 1700))
outboxes = fields(due=dues, claim=numbers)
rows = fields({"outbox": outboxes}, _id=ids, n=numbers)
named_rows = fields({"outbox": outboxes, "key": st.sampled_from("ab")}, _id=ids, n=numbers)
by_version = fields(_id=ids, n=st.fixed_dictionaries({"$lt": numbers}))
one = st.one_of(fields(_id=ids), by_version, st.fixed_dictionaries({"_id": ids, "outbox.claim": st.none() | numbers}))
some: st.SearchStrategy[Document] = st.one_of(
    one,
    st.just({}),
    fields(_id=st.fixed_dictionaries({"$in": st.lists(ids)}), n=numbers),
    st.fixed_dictionaries({"outbox.due": st.fixed_dictionaries({"$lte": dues}) | st.fixed_dictionaries({"$gt": dues})}),
    st.fixed_dictionaries({"outbox.due": st.fixed_dictionaries({"$exists": st.booleans()})}),
)
changes = st.one_of(
    st.fixed_dictionaries({"$set": fields(outbox=outboxes)}),
    st.fixed_dictionaries({"$inc": fields(n=numbers), "$set": fields(outbox=outboxes)}),
    st.fixed_dictionaries({"$set": fields(n=numbers), "$unset": st.just({"outbox": ""})}),
)
updates = st.lists(st.builds(UpdateOne, one, changes), min_size=1, max_size=3)
updates_of_many = st.lists(st.builds(UpdateMany, some, changes), min_size=1, max_size=3)
replacements = st.lists(
    st.builds(ReplaceOne, by_version, fields(n=numbers), upsert=st.booleans()), min_size=1, max_size=3
)
sessions = st.integers(0, 1)
anyone, alone = st.integers(0, 2), st.just(ALONE)
many_rows, many_named_rows = st.lists(rows, min_size=1, max_size=3), st.lists(named_rows, min_size=1, max_size=3)
calls = st.lists(
    st.one_of(
        st.tuples(anyone, st.just("find"), some),
        st.tuples(anyone, st.just("find_one"), one),
        st.tuples(alone, st.just("oldest"), st.integers(1, 3)),
        st.tuples(alone, st.just("insert_one"), named_rows),
        st.tuples(sessions, st.just("insert_one"), rows),
        st.tuples(alone, st.sampled_from(("insert_many", "insert_any")), many_named_rows),
        st.tuples(sessions, st.just("insert_many"), many_rows),
        st.tuples(alone, st.sampled_from(("update_one", "upsert_one")), st.tuples(by_version, changes)),
        st.tuples(alone, st.just("update_many"), st.tuples(some, changes)),
        st.tuples(alone, st.just("write_any"), updates | updates_of_many | replacements),
        st.tuples(sessions, st.just("bulk_write"), updates),
        st.tuples(sessions, st.sampled_from(("commit", "abort")), st.none()),
    ),
    min_size=5,
    max_size=20,
)


async def answers(client: Any, given_calls: list[Call], begin: Callable[[Any], Awaitable[None]]) -> list[Any]:
    """What each call answered, and all that is stored in the end. A write beside an open transaction is left out: it
    might wait for it. An error ends its transaction."""
    things = client.get_database(DATABASE, codec_options=CODEC).things
    await things.insert_many(FIRST)
    open_sessions: dict[int, Any] = {}
    found: list[Any] = []
    for who, name, arguments in given_calls:
        if name in ("commit", "abort"):
            if session := open_sessions.pop(who, None):
                await getattr(session, f"{name}_transaction")()
            continue
        if who == ALONE and open_sessions and not name.startswith("find"):
            continue
        if who != ALONE and who not in open_sessions:
            open_sessions[who] = client.start_session()
            await begin(open_sessions[who])
        session = open_sessions.get(who)
        try:
            found.append((name, await _call(things, name, arguments, {"session": session} if session else {})))
        except OperationFailure as error:
            found.append((name, _told(error)))
            if session:
                await open_sessions.pop(who).abort_transaction()
    for session in open_sessions.values():
        await session.abort_transaction()
    return [*found, await _call(things, "find", {}, {})]


async def _call(things: Any, name: str, given_arguments: Any, session: dict[str, Any]) -> Any:
    if name == "find":
        return sorted(await things.find(given_arguments, **session).to_list(), key=lambda d: d["_id"])
    if name == "oldest":
        due = things.find({"outbox.due": {"$lte": BEGINNING + timedelta(1)}}).sort("outbox.due").limit(given_arguments)
        return [d["outbox"]["due"] async for d in due]
    if name in ("insert_any", "write_any"):
        method = things.insert_many if name == "insert_any" else things.bulk_write
        answer = await method(given_arguments, ordered=False)
        return answer.matched_count if name == "write_any" else None
    if name == "upsert_one":
        answer = await things.update_one(*given_arguments, upsert=True)
        return answer.matched_count, answer.modified_count
    if name.startswith("update"):
        answer = await getattr(things, name)(*given_arguments)
        return (answer.matched_count, answer.modified_count) if name == "update_one" else None
    answer = await getattr(things, name)(given_arguments, **session)
    return answer.matched_count if name == "bulk_write" else answer if name == "find_one" else None


def _told(error: OperationFailure) -> Any:
    if error.has_error_label("TransientTransactionError"):
        return "conflict"
    if isinstance(error, BulkWriteError):
        return [(failure["index"], failure["code"]) for failure in error.details["writeErrors"]]
    return error.code


def simulated_answers(given_calls: list[Call]) -> list[Any]:
    world = World(databases={"localhost": Database({"things": ("key",)})})
    process = world.process("client")
    ended: list[asyncio.Task[Any]] = []

    async def run() -> list[Any]:
        client = SimulatedMongoClient("mongodb://localhost:1")
        return await answers(client, given_calls, lambda session: session.start_transaction())

    process.start(run(), ended.append)
    world.settle()
    result: list[Any] = ended[0].result()
    return result


Ask = Callable[[list[Call]], list[Any]]


@pytest.fixture
def real_answers(mongo_uri: str) -> Iterator[Ask]:
    """What a real database answers, each time from an empty collection."""
    with asyncio.Runner() as runner:
        client = AsyncMongoClient[Document](mongo_uri, directConnection=True)

        async def ask(given_calls: list[Call]) -> list[Any]:
            await client[DATABASE].things.delete_many({})
            return await answers(client, given_calls, lambda session: session.start_transaction(SNAPSHOT, MAJORITY))

        runner.run(client.drop_database(DATABASE))
        runner.run(client[DATABASE].things.create_index("key", unique=True, sparse=True))
        yield lambda given_calls: runner.run(ask(given_calls))
        runner.run(client.drop_database(DATABASE))
        runner.run(client.close())


FIRST_COMMITTER_WINS: list[Call] = [
    (0, "find_one", {"_id": 0}),
    (1, "bulk_write", [UpdateOne({"_id": 0}, {"$inc": {"n": 1}})]),
    (1, "commit", None),
    (0, "bulk_write", [UpdateOne({"_id": 0}, {"$inc": {"n": 1}})]),
    (0, "commit", None),
]


@example(FIRST_COMMITTER_WINS)
@search_settings(60)
@given(calls)
def test_the_same_calls_have_the_same_answers(real_answers: Ask, given_calls: list[Call]) -> None:
    assert simulated_answers(given_calls) == real_answers(given_calls)
