"""Inserting what may be there already: a repeated write, or the same one of another replica, does no harm."""

from collections.abc import Sequence

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from shop_kit.mongo import Document

DUPLICATE_KEY = 11000


async def insert_missing(collection: AsyncCollection[Document], documents: Sequence[Document]) -> None:
    """Insert those whose unique keys are not there yet; the others stay as they are.

    Raises BulkWriteError if one is refused for another reason, or if what was written is not safe.
    """
    if not documents:
        return
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        duplicates(error)


def duplicates(error: BulkWriteError) -> list[Document]:
    """The write errors of a bulk that was refused nothing but duplicates: each has an `index` and a `keyPattern`.

    Raises `error` itself if it was refused something else, or if what was written is not safe: an error without a
    duplicate says the latter (`writeConcernErrors`).
    """
    details = error.details or {}
    failures: list[Document] = details.get("writeErrors", [])
    unsafe = not failures or details.get("writeConcernErrors")
    if unsafe or any(failure["code"] != DUPLICATE_KEY for failure in failures):
        raise error
    return failures
