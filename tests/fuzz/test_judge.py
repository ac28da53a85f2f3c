"""The judge of the fuzzers recognises each thing that must not happen."""

import json
from dataclasses import replace

import pytest

from tests.fuzz import memory
from tests.fuzz.cases import Answer, Case, Outcome, dumps, request
from tests.fuzz.effects import Effects
from tests.fuzz.judge import Judge
from tests.fuzz.logs import leaks
from tests.shop import Books

ORDERS = Case(
    "bodies", "gateway-ms", (request("POST", "/api/orders", [], b"{}"),), caller="ann@example.test", role="user"
)
PROBLEM = {"content-type": "application/problem+json"}


def answer(status: int, said: object = None, **headers: str) -> Answer:
    kind = PROBLEM if status >= 400 else {"content-type": "application/json"}
    said = {"status": status, "detail": "no"} if said is None else said
    return Answer(status, kind | {name.replace("_", "-"): value for name, value in headers.items()}, dumps(said))


def verdict(case: Case, *answers: Answer, rest: bytes = b"") -> list[str]:
    judge = Judge(Effects(Books()), (b"s3cret",))
    judge.look(1, case, Outcome(list(answers), closed=False, rest=rest))
    return [finding.what for finding in judge.findings]


def restock(key: str, role: str = "admin") -> Case:
    sent = request("POST", "/api/products/chair/restock", [("Idempotency-Key", key)], b'{"delta": "3"}')
    return Case("bodies", "gateway-ms", (sent,), caller="admin@admin.com", role=role)


@pytest.mark.parametrize("status", [500, 501, 502, 504])
def test_a_server_error_is_found(status: int) -> None:
    assert verdict(ORDERS, answer(status)) == [f"status {status}"]


def test_only_a_queue_may_be_full_and_must_say_when_to_come_back() -> None:
    login = replace(ORDERS, pieces=(request("POST", "/api/login", [], b"{}"),))
    assert verdict(login, answer(503, retry_after="1")) == []
    assert verdict(login, answer(503)) == ["503 without Retry-After"]
    assert verdict(ORDERS, answer(503, retry_after="1")) == ["503 from a shop that has all it needs"]


def test_an_error_that_is_no_problem_is_found() -> None:
    text = Answer(400, {"content-type": "text/plain"}, b"Invalid HTTP request received.")
    assert verdict(ORDERS, text) == ["status 400 as text/plain"]
    assert verdict(replace(ORDERS, door="orders-ms"), text) == []
    assert verdict(ORDERS, answer(400, {"status": 400, "detail": ["no"]})) != []
    assert verdict(ORDERS, answer(400, {"status": 400, "detail": "Traceback: no"})) != []


def test_a_secret_in_an_answer_is_found() -> None:
    assert verdict(ORDERS, answer(422, {"status": 422, "detail": "s3cret is too short"})) == ["a secret in the answer"]


def test_silence_is_found_where_the_request_was_whole() -> None:
    assert verdict(ORDERS) == ["no answer"]
    assert verdict(replace(ORDERS, whole=False)) == []


def test_a_second_answer_is_found() -> None:
    assert verdict(ORDERS, answer(404), answer(404)) == ["2 answers"]
    assert verdict(ORDERS, answer(404), rest=b"HTTP/1") == ["no whole answer: b'HTTP/1'"]


def test_what_is_not_allowed_is_found() -> None:
    assert verdict(replace(ORDERS, allowed=frozenset({401})), answer(404)) == ["status 404, allowed are [401]"]


def test_what_happens_without_a_good_token_is_found() -> None:
    placed = answer(201, {"id": "1", "products": []})
    assert verdict(replace(ORDERS, caller=""), placed) == ["served without a good token"]
    assert verdict(restock("a", role="user"), answer(200, {"name": "chair"})) == ["served, though no admin asked"]


def test_what_happened_is_in_the_books_once() -> None:
    effects = Effects(Books())
    judge = Judge(effects)
    judge.look(1, ORDERS, Outcome([answer(201, {"id": "1", "products": []})], closed=False))
    for key in ("a", "a", "b"):
        judge.look(1, restock(key), Outcome([answer(200, {"name": "chair"})], closed=False))
    assert judge.findings == []
    assert effects.books.given == {"chair": 6}
    assert effects.books.orders == {"1": {"client_email": "ann@example.test", "products": []}}


def test_a_service_that_grows_is_found() -> None:
    middle = dict.fromkeys(memory.SERVICES, 100.0)
    assert memory.grown(middle, middle | {"orders-ms": 119.9}) == []
    assert memory.grown(middle, middle | {"orders-ms": 120.1}) == ["orders-ms grew from 100.0 to 120.1 MB"]


def test_a_process_that_died_is_found() -> None:
    assert memory.died({"orders-ms": 5, "broker": 6}, {"orders-ms": 5, "broker": 6}) == []
    assert memory.died({"orders-ms": 5, "broker": 6}, {"orders-ms": 7, "broker": 6}) == ["orders-ms died: 5 is 7 now"]


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("path=/x token=eyJhbGciOiJFUzI1NiJ9.eyJlbWFpbCI6ImEifQ.x", "a token"),
        ("tried s3cret", "a password"),
        ("Traceback (most recent call last):", "a stack trace"),
    ],
)
def test_what_a_log_must_not_say_is_found(said: str, what: str) -> None:
    assert leaks({"orders-ms": "request path=/orders"}, "s3cret") == []
    assert leaks({"orders-ms": said}, "s3cret") == [f"{what} in the log of orders-ms"]


def test_a_success_that_is_no_json_is_found() -> None:
    broken = Answer(200, {"content-type": "application/json"}, json.dumps({"orders": []}).encode()[:-1])
    assert verdict(replace(ORDERS, pieces=(request("GET", "/api/orders"),)), broken) == ["a success that is no JSON"]
