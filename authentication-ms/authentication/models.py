"""The documents of authentication-ms."""

from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["user", "admin"]

USER_SCHEMA: dict[str, Any] = {
    "bsonType": "object",
    "required": ["email", "email_key", "role", "password_hash"],
    "properties": {
        "email": {"bsonType": "string"},
        "email_key": {"bsonType": "string"},
        "role": {"enum": ["user", "admin"]},
        "password_hash": {"bsonType": "string"},
        "token_generation": {"bsonType": ["int", "long"], "minimum": 0},
        "created_at": {"bsonType": "date"},
    },
}
"""The last line of defence: the database itself refuses any other row."""

FAMILY_SCHEMA: dict[str, Any] = {
    "bsonType": "object",
    "required": ["_id", "turn", "rotated_at", "expires_at"],
    "properties": {
        "_id": {"bsonType": "string"},
        "turn": {"bsonType": ["int", "long"], "minimum": 0},
        "rotated_at": {"bsonType": "date"},
        "expires_at": {"bsonType": "date"},
    },
}


@dataclass(frozen=True, slots=True)
class User:
    """An account. Refresh tokens of an older `generation` than its own no longer count."""

    id: Any
    email: str
    role: Role
    password_hash: str
    generation: int

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "User":
        """The account in a row of `users`; a row of the first version has no generation yet."""
        return cls(
            document["_id"],
            document["email"],
            document["role"],
            document["password_hash"],
            document.get("token_generation", 0),
        )
