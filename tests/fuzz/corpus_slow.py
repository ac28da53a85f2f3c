"""Slow and leaving clients: few at a time, and each for a few seconds.

A body that does not arrive whole is no request: its order is never placed, or the final check would find it.
"""

from random import Random

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case, dumps, request

SECONDS = 2.0
MUCH = 100


class Slow:
    def __init__(self, callers: Callers):
        self._callers = callers

    def case(self, random: Random, number: int) -> Case:
        email, token = random.choice(list(self._callers.users.items()))
        body = dumps({"products": [{"name": random.choice(self._callers.names), "quantity": 1}]})
        said = [("Authorization", f"Bearer {token}"), ("Idempotency-Key", f"slow-{number}")]
        sent = request("POST", "/api/orders", said, body)
        way = random.randrange(6)
        if way == 0:  # whole, but dawdling
            return self._slow(random, sent, 8, caller=email, role="user")
        if way == 1:  # never ends its headers
            return self._slow(random, sent[: random.randrange(20, len(sent) - len(body) - 4)], 8, whole=False)
        if way == 2:  # never ends its body
            return self._slow(random, sent[: -random.randint(1, len(body))], 8, whole=False)
        if way == 3:  # cut in the middle
            return Case("slow", "gateway-ms", (sent[: random.randrange(1, len(sent) - 1)],), lone=True, whole=False)
        if way == 4:  # wants much at once and reads none of it, and never all
            much = request("GET", "/api/products") * MUCH
            return Case("slow", "gateway-ms", (much,), lone=True, whole=False, most=MUCH, deaf=SECONDS)
        chunk = b"POST /api/login HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n"
        return self._slow(random, chunk + b"1;" + b"a" * 5_000 + b"\r\n{\r\n" * 20, 8, whole=False)

    def _slow(self, random: Random, sent: bytes, count: int, **how: object) -> Case:
        size = max(1, -(-len(sent) // count))
        pieces = tuple(sent[at : at + size] for at in range(0, len(sent), size))
        pause = random.uniform(0.1, SECONDS) / count
        return Case("slow", "gateway-ms", pieces, pause=pause, lone=True, **how)  # type: ignore[arg-type]
