"""The accounts: every query of authentication-ms is here.

`email_key` is unique, so that of two registrations of one address at the same time the index lets one pass. The index
is sparse: rows of the first version have no key until they are converted.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError
from shop_kit.mongo import Mongo

from authentication.domain import emails
from authentication.models import USER_SCHEMA, Role, User


class Users:
    """The collection `users`."""

    def __init__(self, mongo: Mongo):
        self._db = mongo.db
        self._users = mongo.db.users

    async def ensure_index(self) -> None:
        """Make the collection and its unique index, where they are missing."""
        await self._users.create_index("email_key", unique=True, sparse=True)

    async def ensure_validator(self) -> None:
        """Have the database refuse malformed rows; those it already has may still be changed."""
        await self._db.command("collMod", "users", validator={"$jsonSchema": USER_SCHEMA}, validationLevel="moderate")

    async def is_empty(self) -> bool:
        return await self._users.find_one({}, {"_id": 1}) is None

    async def add(self, email: str, password_hash: str, role: Role) -> User | None:
        """The new account, or None when the address has one, however it is spelled."""
        document: dict[str, Any] = {
            "_id": ObjectId(),
            "email": email,
            "email_key": emails.key(email),
            "role": role,
            "password_hash": password_hash,
            "token_generation": 0,
            "created_at": datetime.now(UTC),
        }
        try:
            await self._users.insert_one(document)
        except DuplicateKeyError:
            return None
        return User.from_document(document)

    async def find(self, email: str) -> User | None:
        """The account of `email`; one kept under this very spelling (see migrate.py) comes before the common key."""
        spelling, key = emails.normal(email), emails.key(email)
        rows = {row["email_key"]: row async for row in self._users.find({"email_key": {"$in": [spelling, key]}})}
        row = rows.get(spelling) or rows.get(key)
        return User.from_document(row) if row else None

    async def replace_hash(self, user: User, password_hash: str) -> None:
        """Store a new hash of the same password, unless the hash has changed since `user` was read."""
        await self._users.update_one(
            {"_id": user.id, "password_hash": user.password_hash}, {"$set": {"password_hash": password_hash}}
        )

    async def end_refresh_tokens(self, user: User) -> None:
        """Make every refresh token given out so far worthless."""
        await self._users.update_one({"_id": user.id}, {"$inc": {"token_generation": 1}})

    async def set_role(self, user: User, role: Role) -> None:
        await self._users.update_one({"_id": user.id}, {"$set": {"role": role}})

    async def without_key(self) -> AsyncIterator[tuple[Any, str]]:
        """Id and e-mail of each row of the first version, the oldest first."""
        async for row in self._users.find({"email_key": {"$exists": False}}, {"email": 1}).sort("_id"):
            yield row["_id"], str(row.get("email", ""))

    async def give_key(self, user_id: Any, key: str) -> bool:
        """Whether the row has `key` now, or got another one meanwhile; False when another row has it."""
        try:
            await self._users.update_one(
                {"_id": user_id, "email_key": {"$exists": False}}, {"$set": {"email_key": key}}
            )
        except DuplicateKeyError:
            return False
        return True
