"""Whatever is sent, the answer is a 4xx problem+json that says where, and nothing is changed."""

import json
from typing import Any

import httpx2
import pytest
from products_testing import Shop, token

PRODUCT = {"name": '"mug"', "description": '"d"', "price": "1", "quantity": "1", "categories": "[]"}
DEEP = "[" * 100_000


def product(**fields: str) -> bytes:
    """A new product of JSON texts, which may be no JSON at all."""
    parts = (f'"{name}": {text}' for name, text in (PRODUCT | fields).items() if text)
    return ('{"product": {' + ", ".join(parts) + "}}").encode()


ANYWHERE = {
    "nothing": b"",
    "space": b" ",
    "cut off": b'{"product": {"name": "mug"',
    "no JSON": b"product=mug",
    "null": b"null",
    "list": b"[]",
    "text": b'"x"',
    "number": b"5",
    "true": b"true",
    "NaN": b"NaN",
    "huge number": b"9" * 5000,
    "empty object": b"{}",
    "deep": DEEP.encode(),
    "deep and closed": (DEEP + "]" * 100_000).encode(),
    "deep objects": b'{"product":' * 100_000,
    "not UTF-8": b'{"product": "\xff\xfe"}',
    "UTF-16": '{"name": "x"'.encode("utf-16"),
    "raw null byte": b'{"name": "a\x00"}',
    "trailing": b'{"name": "mug"} }',
}
TEXTS = {
    "null": "null",
    "number": "5",
    "true": "true",
    "list": '["x"]',
    "object": '{"$ne": ""}',
    "null byte": r'"a\u0000b"',
    "lone surrogate": r'"\ud800"',
    "huge": json.dumps("x" * 1_000_000),
    "huge int": "9" * 5000,
    "NaN": "NaN",
    "missing": "",
}
NUMBERS = {
    "null": "null",
    "true": "true",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "1e400": "1e400",
    "-1e400": "-1e400",
    "1e300": "1e300",
    "huge int": "9" * 5000,
    "large int": "9" * 300,
    "above 64 bits": str(2**64),
    "negative": "-1",
    "negative text": '"-1"',
    "NaN text": '"NaN"',
    "Infinity text": '"Infinity"',
    "huge text": json.dumps("9" * 100_000),
    "large text": json.dumps("9" * 300),
    "words": '"ten"',
    "empty": '""',
    "null byte": r'"1\u0000"',
    "lone surrogate": r'"\ud800"',
    "list": "[1]",
    "object": '{"$gt": 0}',
    "too precise": "1.001",
    "missing": "",
}
NAMES = {"empty": '""', "space": '"  "', "newline": r'"a\nb"', "long": json.dumps("x" * 201)}
LISTS = {
    "null": "null",
    "text": '"kitchen"',
    "object": "{}",
    "of numbers": "[5]",
    "of null": "[null]",
    "nested": '[["kitchen"]]',
    "of a null byte": r'["a\u0000"]',
    "of a surrogate": r'["\ud800"]',
    "too many": json.dumps(["kitchen"] * 21),
    "huge": json.dumps(["x"] * 100_000),
    "missing": "",
}
PRODUCTS = ANYWHERE | {
    f"{field} {name}": product(**{field: text})
    for field, texts in {
        "name": TEXTS | NAMES,
        "description": TEXTS,
        "price": NUMBERS,
        "quantity": NUMBERS,
        "categories": LISTS,
    }.items()
    for name, text in texts.items()
}
CATEGORIES = ANYWHERE | {
    name: f'{{"name": {text}}}'.encode() for name, text in (TEXTS | NAMES).items() if name != "missing"
}
RESTOCKS = ANYWHERE | {
    f"delta {name}": f'{{"delta": {text}}}'.encode()
    for name, text in NUMBERS.items()
    if name not in ("missing", "negative", "negative text")
}


def assert_refused(answer: httpx2.Response, case: object, statuses: tuple[int, ...] = (400, 422)) -> None:
    assert answer.status_code in statuses, (case, answer.text[:300])
    assert answer.headers["Content-Type"] == "application/problem+json", case
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code, case
    assert isinstance(body["detail"], str), case
    says_where = ("body", "position", "query", "header", "path")
    assert answer.status_code not in (400, 422) or any(word in body["detail"] for word in says_where), (case, body)
    assert len(answer.text) < 5000, case


@pytest.mark.parametrize("content_type", [None, "application/json"])
@pytest.mark.parametrize(
    ("path", "bodies"),
    [("/products", PRODUCTS), ("/categories", CATEGORIES), ("/products/cutlery/restock", RESTOCKS)],
    ids=["products", "categories", "restock"],
)
async def test_bad_bodies(shop: Shop, path: str, bodies: dict[str, bytes], content_type: str | None) -> None:
    before = await shop.store.everything()
    headers = {"Authorization": f"Bearer {token('admin')}"} | ({"Content-Type": content_type} if content_type else {})
    for case, body in bodies.items():
        assert_refused(await shop.client.post(path, content=body, headers=headers), case)
    assert await shop.store.everything() == before


async def test_the_detail_says_where(shop: Shop) -> None:
    headers = {"Authorization": f"Bearer {token('admin')}"}
    for body, status, detail in [
        (b'{"product": ', 400, "Malformed JSON at position 12: Expecting value"),
        (DEEP.encode(), 400, "There was an error parsing the body"),
        (product(name=""), 422, "body/product/name: Field required"),
        (product(price="NaN"), 422, "body/product/price: Input should be a finite number"),
        (product(quantity="-1"), 422, "body/product/quantity: Input should be greater than or equal to 0"),
        (product(categories="[5]"), 422, "body/product/categories/0: Input should be a valid string"),
        (product(price="-1", name="5"), 422, "body/product/name: Input should be a valid string; body/product/price: "),
    ]:
        answer = await shop.client.post("/products", content=body, headers=headers)
        assert (answer.status_code, answer.json()["detail"][: len(detail)]) == (status, detail)


async def test_bad_queries(shop: Shop) -> None:
    before = await shop.store.everything()
    for query in [
        *("name=" + "x" * 201, "categoryName=" + "x" * 50_000, "name=%00", "name=%ED%A0%80", "name=%FF%FE"),
        *(
            "name[$ne]=&name=no",
            "categoryName=%00",
            "name=%F0%9F%98%80",
            "name=no&name=no",
            "categoryName=a&categoryName=b",
        ),
    ]:
        answer = await shop.client.get(f"/products?{query}")
        assert_refused(answer, query[:50], (404, 422))
    assert await shop.store.everything() == before


async def test_bad_paths(shop: Shop) -> None:
    for path in ("/products/%00", "/products/%FF", "/products/%ED%A0%80", "/products/" + "x" * 5000, "/products/$ne"):
        assert_refused(await shop.client.get(path), path[:30], (404, 422))
        answer = await shop.post(f"{path}/restock", {"delta": 1}, Idempotency_Key="k")
        assert_refused(answer, path[:30], (404, 422))
    assert await shop.store.db.restocks.count_documents({}) == 0


async def test_bad_headers(shop: Shop) -> None:
    before = await shop.store.everything()
    admin = ("Authorization", f"Bearer {token('admin')}")
    body = {"delta": 1}
    keys: list[Any] = ["", "x" * 201, "x" * 60_000]
    for key in keys:
        headers = [admin, ("Idempotency-Key", key)]
        assert_refused(await shop.client.post("/products/cutlery/restock", json=body, headers=headers), key[:9])
    for values in [("x" * 200_000,), (b"\xff\xfe",), ("a b",), ("\x00",), ("x", "y"), ("[" * 50_000 + ".x.y",)]:
        unsigned: list[Any] = [
            ("Authorization", b"Bearer " + v if isinstance(v, bytes) else f"Bearer {v}") for v in values
        ]
        answer = await shop.client.post("/products/cutlery/restock", json=body, headers=unsigned)
        assert_refused(answer, str(values)[:9], (401,))
    assert await shop.store.everything() == before


async def test_odd_but_harmless_headers(shop: Shop) -> None:
    headers: list[Any] = [
        ("Authorization", f"Bearer {token('admin')}"),
        *(("Content-Type", "application/json"), ("Content-Type", "text/plain")),
        *(("Idempotency-Key", "k"), ("Idempotency-Key", "l")),
        *(("traceparent", b"\xff"), ("X-Request-ID", "\x00")),
    ]
    answer = await shop.client.post("/products/cutlery/restock", content=b'{"delta": 1}', headers=headers)
    assert (answer.status_code, (await shop.store.stock())["cutlery"]) == (200, 201)
    assert await shop.store.db.restocks.count_documents({}) == 1


async def test_other_verbs_are_refused(shop: Shop) -> None:
    for path in ("/products", "/products/cutlery", "/products/cutlery/restock", "/categories"):
        for verb in ("PUT", "DELETE", "PATCH"):
            assert_refused(await shop.client.request(verb, path), (verb, path), (405,))
