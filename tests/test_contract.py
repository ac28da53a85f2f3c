"""Every route of the public contract, through the gateway: statuses, shapes and texts that clients rely on."""

import secrets
from typing import Any

import httpx2
import pytest

from tests.shop import Shop

NO_ACCESS, MALFORMED = "You have no access to this resource!", "Bad request format"
NO_PRODUCT, NO_CATEGORY = "The requested product does not exist.", "The requested category does not exist."
NEW = {"name": "Stool", "description": "d", "price": 1, "quantity": 1, "categories": []}


def refused(answer: httpx2.Response, status: int, detail: str) -> None:
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert "Token-Type" not in answer.headers


async def test_register_login_and_refresh(shop: Shop) -> None:
    email = f"{secrets.token_hex(6)}@example.test"
    account = {"email": email, "password": "secret words"}
    answer = await shop.call("POST", "/register", account | {"role": "admin"})
    assert (answer.status_code, answer.json()) == (201, {"email": email, "role": "user"})
    refused(await shop.call("POST", "/register", account), 400, "This e-mail is not acceptable")
    refused(
        await shop.call("POST", "/register", account | {"email": "x@y.c|com"}), 400, "This e-mail is not acceptable"
    )
    refused(await shop.call("POST", "/login", account | {"email": "nobody"}), 400, "This e-mail is not acceptable")
    refused(await shop.call("POST", "/login", account | {"password": "x"}), 401, "Incorrect e-mail or password")
    answer = await shop.call("POST", "/login", account)
    assert (answer.status_code, answer.headers["Token-Type"]) == (200, "Bearer")
    assert list(answer.json()) == ["access_token", "refresh_token"]
    answer = await shop.call("POST", "/refresh", {"refresh_token": answer.json()["refresh_token"]})
    assert (answer.status_code, answer.headers["Token-Type"]) == (200, "Bearer")
    orders = await shop.call("GET", "/orders", token=answer.json()["access_token"])
    assert (orders.status_code, orders.json()) == (200, {"orders": []})
    for body in ({"refresh_token": "x"}, {"refresh_token": answer.json()["access_token"]}):
        refused(await shop.call("POST", "/refresh", body), 401, "Incorrect token")


async def test_a_browser_stays_signed_in_by_its_cookie(shop: Shop) -> None:
    account = {"email": f"{secrets.token_hex(6)}@example.test", "password": "secret words"}
    await shop.call("POST", "/register", account)
    async with httpx2.AsyncClient(base_url=shop.http.base_url) as browser:
        assert (await browser.post("/login", json=account)).status_code == 200
        for body in (b"", b"{}"):
            former = browser.cookies["refresh_token"]
            answer = await browser.post("/refresh", content=body)
            assert (answer.status_code, list(answer.json())) == (200, ["access_token"])
            assert browser.cookies["refresh_token"] != former
        orders = await shop.call("GET", "/orders", token=answer.json()["access_token"])
        assert (orders.status_code, orders.json()) == (200, {"orders": []})
        assert (await browser.post("/logout")).status_code == 204
        assert "refresh_token" not in browser.cookies
        for cookie in ("", f"refresh_token={former}"):
            refused(await browser.post("/refresh", headers={"Cookie": cookie}), 401, "Incorrect token")


async def test_products_by_name_and_category(shop: Shop) -> None:
    everything = (await shop.call("GET", "/products")).json()
    assert list(everything) == ["products", "next"]
    assert everything["next"] is None
    names = [product["name"] for product in everything["products"]]
    assert names[:4] == ["cutlery", "chair", "laptop", "headphones"]
    assert (await shop.call("GET", "/products?name=&categoryName=")).json() == everything
    assert not {"id", "_id"} & set().union(*everything["products"])
    chair = everything["products"][1]
    assert chair["price"] == 29.99
    assert chair["categories"] == ["furniture", "kitchen"]
    assert (await shop.call("GET", "/products?name=CHAIR&categoryName=electronics")).json() == {
        "products": [chair],
        "next": None,
    }
    found = (await shop.call("GET", "/products?categoryName=Furniture")).json()["products"]
    assert found[0] == chair
    assert {"furniture"} <= set.intersection(*(set(product["categories"]) for product in found))
    assert (await shop.call("GET", "/products/chair")).json() == chair
    for name in ("cha.r", ".*", "chai"):
        refused(await shop.call("GET", f"/products?name={name}"), 404, NO_PRODUCT)
        refused(await shop.call("GET", f"/products?categoryName={name}"), 404, NO_CATEGORY)
    categories = (await shop.call("GET", "/categories")).json()
    assert categories["categories"][:3] == [{"name": "electronics"}, {"name": "kitchen"}, {"name": "furniture"}]


async def test_an_admin_adds_a_product(shop: Shop) -> None:
    name = f"Stool {secrets.token_hex(6)}"
    product = NEW | {"name": name, "price": "10.50", "quantity": "7", "categories": ["KITCHEN"]}
    answer = await shop.call("POST", "/products", {"product": product}, shop.admin)
    shop.books.given[name.lower()] += 7
    assert answer.status_code == 201
    assert answer.json() == {
        "name": name.lower(),
        "slug": name.lower().replace(" ", "-"),
        "description": "d",
        "price": 10.5,
        "quantity": 7,
        "picture": None,
        "categories": ["kitchen"],
    }
    refused(await shop.call("POST", "/products", {"product": product}, shop.admin), 400, "Product already exists")
    lacking = {"product": product | {"name": "other", "categories": ["kitchen", "nowhere"]}}
    refused(await shop.call("POST", "/products", lacking, shop.admin), 404, NO_CATEGORY)
    refused(await shop.call("GET", "/products?name=other"), 404, NO_PRODUCT)


async def test_orders(shop: Shop) -> None:
    mine = f"{secrets.token_hex(6)}@example.test"
    token = shop.token(mine)
    body: dict[str, Any] = {"products": [{"name": "Kite", "quantity": 1, "price": 0}], "email": "aaa@aaa.com"}
    answer = await shop.http.post("/orders?email=aaa@aaa.com", json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201
    order = answer.json()
    shop.books.orders[order["id"]] = {"client_email": mine, "products": order["products"]}
    assert order["status"] == "PENDING"
    assert [(line["name"], line["quantity"]) for line in order["products"]] == [("kite", 1)]
    assert order["cost"] == order["products"][0]["price"] > 0
    assert await shop.status(order["id"]) == "ACCEPTED"
    assert await shop.orders_of(mine) == [order | {"status": "ACCEPTED"}]
    for lines, status, detail in [
        ([], 400, MALFORMED),
        ([{"name": "kite", "quantity": 0}], 400, MALFORMED),
        ([{"name": "kite"}], 400, MALFORMED),
        ([{"name": "nothing", "quantity": 1}], 404, NO_PRODUCT),
        ([{"name": "kite", "quantity": 10_000}], 404, "The requested amount does not exist."),
    ]:
        refused(await shop.call("POST", "/orders", {"products": lines}, token), status, detail)
    assert len(await shop.orders_of(mine)) == 1


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [("GET", "/orders", None), ("POST", "/orders", {"products": []}), ("POST", "/products", {"product": NEW})],
)
async def test_who_may_not(shop: Shop, verb: str, path: str, body: object) -> None:
    refused(await shop.call(verb, path, body), 401, NO_ACCESS)
    refused(await shop.call(verb, path, body, "garbage"), 401, "Incorrect token")
    refused(await shop.call(verb, path, body, shop.admin[:-6] + "AAAAAA"), 401, "Incorrect token")
    if path == "/products":
        refused(await shop.call(verb, path, body, shop.token("aaa@aaa.com")), 403, NO_ACCESS)
        refused(await shop.call("GET", "/products?name=stool"), 404, NO_PRODUCT)


@pytest.mark.parametrize("path", ["/nothing", "/", "/orders/x/y", "/products_error", "/orders_error"])
async def test_unknown_paths(shop: Shop, path: str) -> None:
    refused(await shop.call("GET", path, token=shop.admin), 404, "Endpoint not found!")


@pytest.mark.parametrize("path", ["/register", "/login", "/refresh", "/orders", "/products"])
async def test_malformed_json_says_where(shop: Shop, path: str) -> None:
    answer = await shop.http.post(path, content=b'{"a": ', headers={"Authorization": f"Bearer {shop.admin}"})
    refused(answer, 400, "Malformed JSON at position 6: Expecting value")


@pytest.mark.parametrize("service", ["authentication", "products", "orders"])
async def test_health(shop: Shop, service: str) -> None:
    answer = await shop.call("GET", f"/{service}_health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
