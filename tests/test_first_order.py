"""What a newcomer does: sign in, look around, buy something."""

from tests.shop import Shop, eventually


async def test_the_first_order(shop: Shop) -> None:
    answer = await shop.call("POST", "/login", {"email": "aaa@aaa.com", "password": "aaa@aaa.com"})
    assert (answer.status_code, answer.headers["Token-Type"]) == (200, "Bearer")
    token = answer.json()["access_token"]
    products = (await shop.call("GET", "/products")).json()["products"]
    picture = products[0].pop("picture")
    assert [(size["width"], size["height"]) for size in picture["sizes"]] == [(320, 240), (640, 480), (1280, 960)]
    assert products[0] == {
        "name": "cutlery",
        "slug": "cutlery",
        "description": "An interesting set of cutlery",
        "price": 5.99,
        "quantity": 200,
        "categories": ["kitchen"],
    }
    wanted = {"products": [{"name": "cutlery", "quantity": 2}]}
    answer = await shop.call("POST", "/orders", wanted, token)
    assert answer.status_code == 201
    order = answer.json()
    lines = [{"name": "cutlery", "price": 5.99, "quantity": 2}]
    assert (order["status"], order["cost"], order["products"]) == ("PENDING", 11.98, lines)
    shop.books.orders[order["id"]] = {"client_email": "aaa@aaa.com", "products": lines}

    async def accepted() -> bool:
        newest = (await shop.call("GET", "/orders", token=token)).json()["orders"][0]
        return bool(newest == order | {"status": "ACCEPTED"})

    await eventually(accepted, "the order is accepted")
    assert await shop.quantity("cutlery") == 198
