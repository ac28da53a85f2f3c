"""What was asked of the shop and what it answered, kept outside of it."""

from dataclasses import dataclass, field

from bson import ObjectId

EMAIL = "buyer@example.test"
STOCK = {"chair": 3, "lamp": 2}
Lines = tuple[tuple[str, int], ...]


@dataclass
class Post:
    """One idempotency key; `orders` are the ids in its answers, which must all be the same."""

    key: str
    lines: Lines
    orders: list[ObjectId] = field(default_factory=list)


@dataclass
class Restock:
    """One idempotency key; `answered` counts the times it was said to be done."""

    key: str
    slug: str
    delta: int
    answered: int = 0


@dataclass
class Books:
    posts: list[Post] = field(default_factory=list)
    restocks: list[Restock] = field(default_factory=list)
