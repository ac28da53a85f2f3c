"""What the fuzzers' requests did, by the answers they got: it goes into the books, so that the stock can be checked
exactly. Whatever was done without a good token is a finding."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.fuzz.cases import Answer, Case
from tests.shop import Books

FOR_ADMINS = ("POST /products", "POST /categories", "POST /products/{slug}/restock", "PUT /products/{slug}/picture")

OWN = ("GET /orders", "GET /orders/events", "GET /orders/{order_id}", "POST /orders")
"""What belongs to someone: nobody else sees it, or does it for them."""


@dataclass
class Effects:
    """`books` are those of the whole shop; `accounts` were answered 201; `categories` are all there are."""

    books: Books
    accounts: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    restocks: set[str] = field(default_factory=set)
    """Keys of restocks that are in the books."""

    def note(self, route: str, case: Case, answer: Answer) -> str | None:
        """Enter what `answer` says that `case` did on `route`, such as POST /orders. What is wrong about it, if so."""
        if not 200 <= answer.status < 300:
            return None
        if route in OWN and not case.caller:
            return "served without a good token"
        if route in FOR_ADMINS and case.role != "admin":
            return "served, though no admin asked"
        if not route.startswith("POST ") or not answer.body:
            return None
        said = json.loads(answer.body)
        match route:
            case "POST /orders":
                self.books.orders[said["id"]] = {"client_email": case.caller, "products": said["products"]}
            case "POST /products":
                self.books.given[said["name"]] += said["quantity"]
            case "POST /products/{slug}/restock":
                self._restocked(case, said)
            case "POST /register":
                self.accounts.add(said["email"])
            case "POST /categories":
                self.categories.add(said["name"])
        return None

    def _restocked(self, case: Case, said: dict[str, Any]) -> None:
        head = case.sent.partition(b"\r\n\r\n")[0].decode("latin-1")
        [key, *_] = [line.split(": ", 1)[1] for line in head.split("\r\n") if line.startswith("Idempotency-Key: ")]
        if key not in self.restocks:
            self.restocks.add(key)
            # As text, too: the shop takes numbers as forms send them.
            self.books.given[said["name"]] += int(Decimal(str(json.loads(case.body)["delta"])))
