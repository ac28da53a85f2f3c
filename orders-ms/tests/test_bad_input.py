"""Whatever a client sends, the answer is a 4xx problem+json that says where, and nothing is stored."""

import json
from typing import Any

import httpx2
import pytest
from orders_testing import ANN, Service, fixture, refusal, snapshot, token


@fixture(autouse=True)
async def copy(service: Service) -> None:
    await service.tell(snapshot("chair", 10_000_000))


def line(name: str = '"chair"', quantity: str = "1", more: str = "") -> bytes:
    """A body of JSON texts, which may be no JSON at all."""
    return f'{{"products": [{{"name": {name}, "quantity": {quantity}{more}}}]}}'.encode()


MALFORMED = {
    "nothing but space": b" ",
    "cut off": line()[:-3],
    "a form": b"name=chair&quantity=1",
    "trailing": line() + b"}",
    "bare word": line(quantity="one"),
    "single quotes": b"{'products': []}",
    "a comment": b'{"products": [] /* none */}',
    "not UTF-8": line(name='"').replace(b'"name": "', b'"name": "\xff\xfe"'),
    "raw null byte": line(name='"chair\x00"'),
    "100,000 brackets": b"[" * 100_000,
    "closed brackets": line(quantity="[" * 50_000 + "]" * 50_000),
    "5,000 digits": line(quantity="9" * 5000),
    "100,000 digits": line(quantity="9" * 100_000),
}
QUANTITIES = {
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "1e400": "1e400",
    "1.5": "1.5",
    "zero": "0",
    "negative": "-1",
    "huge": "1" + "0" * 30,
    "too many": "10000001",
    "text": '"x"',
    "text with digits": '"1x"',
    "empty text": '""',
    "true": "true",
    "null": "null",
    "list": "[1]",
    "object": '{"$gt": 0}',
}
NAMES = {
    "number": "5",
    "null": "null",
    "true": "true",
    "list": '["chair"]',
    "object": '{"$ne": ""}',
    "empty": '""',
    "long": json.dumps("a" * 201),
    "huge": json.dumps("a" * 900_000),
    "null byte": '"chair\\u0000"',
    "lone surrogate": '"\\ud800"',
}
SHAPES = {
    "empty": b"",
    "null": b"null",
    "number": b"1",
    "infinite": b"1e999",
    "text": b'"chair"',
    "list": b'[{"name": "chair", "quantity": 1}]',
    "no products": b"{}",
    "other case": b'{"Products": []}',
    "null products": b'{"products": null}',
    "no lines": b'{"products": []}',
    "products as an object": b'{"products": {"name": "chair", "quantity": 1}}',
    "a line that is a text": b'{"products": ["chair"]}',
    "a line without a name": b'{"products": [{"quantity": 1}]}',
    "a line without a quantity": b'{"products": [{"name": "chair"}]}',
    "101 lines": json.dumps({"products": [{"name": "chair", "quantity": 1}] * 101}).encode(),
}


async def post(service: Service, body: bytes, content_type: str | None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token()}"} | ({"Content-Type": content_type} if content_type else {})
    return await service.client.post("/orders", content=body, headers=headers)


@pytest.mark.parametrize("content_type", [None, "application/json", "text/plain"])
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_malformed_json_is_told_with_its_place(service: Service, body: bytes, content_type: str | None) -> None:
    status, detail = refusal(await post(service, body, content_type))
    assert status == 400
    assert detail
    assert await service.stored() == []


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=QUANTITIES.keys())
async def test_a_bad_quantity(service: Service, quantity: str) -> None:
    await refused_at(service, line(quantity=quantity), "/products/0/quantity")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
async def test_a_bad_name(service: Service, name: str) -> None:
    await refused_at(service, line(name=name), "/products/0/name")


async def refused_at(service: Service, body: bytes, pointer: str) -> None:
    answer = await post(service, body, "application/json")
    assert refusal(answer) == (400, "Bad request format")
    assert [(e["in"], e["pointer"]) for e in answer.json()["errors"]] == [("body", pointer)]
    assert len(answer.content) < 1000
    assert await service.stored() == []


@pytest.mark.parametrize("content_type", [None, "application/json"])
@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES.keys())
async def test_bad_shapes(service: Service, body: bytes, content_type: str | None) -> None:
    answer = await post(service, body, content_type)
    assert refusal(answer) == (400, "Bad request format")
    assert answer.json()["errors"][0]["pointer"].startswith("/")
    assert await service.stored() == []


async def test_only_the_bad_line_is_named(service: Service) -> None:
    good = {"name": "chair", "quantity": 1}
    answer = await service.post({"products": [good, good | {"quantity": 0}, good]})
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/products/1/quantity"]


async def test_unknown_fields_and_operators_are_not_stored(service: Service) -> None:
    more = ', "_id": 1, "$set": {"price": 0}, "price": NaN, "total": 1e400'
    assert (await post(service, line(more=more), None)).status_code == 201
    [stored] = await service.stored()
    assert sorted(stored) == ["_id", "client_email", "cost", "created_at", "outbox", "products", "status"]
    assert sorted(stored["products"][0]) == ["name", "price", "quantity"]


BAD_TOKENS: list[list[tuple[str, Any]]] = [
    [],
    [("Authorization", "")],
    [("Authorization", "Bearer")],
    [("Authorization", "Basic YTpi")],
    [("Authorization", "Bearer " + "x" * 200_000)],
    [("Authorization", b"Bearer \xff\xfe")],
    [("Authorization", "Bearer x"), ("Authorization", "Bearer y")],
    [("Authorization", ""), ("Authorization", f"Bearer {token()}")],
    [("Authorization", f"Bearer {token(exp=1)}")],
    [("Authorization", f"Bearer {token(role='root')}")],
    [("Authorization", f"Bearer {token()[:-4]}AAAA")],
]


@pytest.mark.parametrize("headers", BAD_TOKENS, ids=range(len(BAD_TOKENS)))
async def test_bad_tokens(service: Service, headers: list[tuple[str, Any]]) -> None:
    for answer in (
        await service.client.post("/orders", content=line(), headers=headers),
        await service.client.get("/orders", headers=headers),
        await service.client.get("/orders/71fefe4a1cad4140785928a4", headers=headers),
    ):
        assert refusal(answer)[0] == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert await service.stored() == []


async def test_doubled_headers_do_no_harm(service: Service) -> None:
    headers = [("Authorization", f"Bearer {token()}"), *[("Content-Type", "application/json")] * 2]
    headers += [("Idempotency-Key", "a"), ("Idempotency-Key", "b"), ("X-Email", "bob@example.test")]
    for _ in range(2):
        assert (await service.client.post("/orders", content=line(), headers=headers)).status_code == 201
    assert [order["client_email"] for order in await service.stored()] == [ANN]


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/orders", "/orders/71fefe4a1cad4140785928a4"])
async def test_other_verbs_are_refused(service: Service, verb: str, path: str) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    assert refusal(await service.client.request(verb, path, headers=headers)) == (405, "Method Not Allowed")
    assert refusal(await service.get("/error"))[0] == 404
