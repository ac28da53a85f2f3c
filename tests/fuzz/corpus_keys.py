"""Idempotency keys: odd, huge, doubled, used again with another body, and requests whose client is gone."""

from random import Random

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, Header, dumps

ODD: list[str | bytes] = [
    *(
        "",
        " ",
        "a",
        "a" * 200,
        "a" * 201,
        "a" * 20_000,
        "é",
        b"\xff",
        "a\tb",
        "{}",
        '{"$gt":""}',
        "$where",
        "../..",
        "'",
    ),
    *("null", "0", "admin@admin.com\nx".replace("\n", "%0a"), "a,b", '"quoted"', "١", "😀", "same", "same", "same"),
]


class Keys:
    def __init__(self, callers: Callers):
        self._callers = callers

    def case(self, random: Random, number: int) -> Case:
        keys: list[Header] = [("Idempotency-Key", random.choice(ODD)) for _ in range(random.choice([1, 1, 1, 2]))]
        if random.random() < 0.1:
            # A restock by none: how often a key was used is nothing that the books would have to know.
            path = f"/api/products/{random.choice(self._callers.slugs)}/restock"
            return self._callers.call(random, "keys", "POST", path, dumps({"delta": 0}), keys, "admin")
        lines = [{"name": random.choice(self._callers.names), "quantity": random.randint(1, 2)}]
        return self._callers.call(random, "keys", "POST", "/api/orders", dumps({"products": lines}), keys)
