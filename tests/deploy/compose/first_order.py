"""The README's first order, by a client that only knows the shop's address."""

import time
from typing import Any

import httpx2

CHAIR = {"name": "chair", "description": "A comfortable armchair", "price": 29.99, "quantity": 30}


def signed_in(http: httpx2.Client, email: str, password: str) -> dict[str, str]:
    """The header that says who asks."""
    answer = http.post("/api/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def register(http: httpx2.Client, email: str, password: str) -> None:
    answer = http.post("/api/register", json={"email": email, "password": password})
    assert (answer.status_code, answer.json()) == (201, {"email": email, "role": "user"})


def offer_chairs(http: httpx2.Client, admin: dict[str, str]) -> None:
    """As an empty shop has none: thirty chairs, which orders-ms knows of in the end."""
    for name in ("kitchen", "furniture"):
        assert http.post("/api/categories", json={"name": name}, headers=admin).status_code == 201
    product = {**CHAIR, "categories": ["furniture", "kitchen"]}
    answer = http.post("/api/products", json={"product": product}, headers=admin)
    assert answer.status_code == 201, answer.text


def place(http: httpx2.Client, customer: dict[str, str], quantity: int, seconds: float = 30) -> dict[str, Any]:
    """A new order of chairs. A shop that is just starting may say for a while that it knows of none, or is away."""
    deadline = time.monotonic() + seconds
    while True:
        ordered = {"products": [{"name": "chair", "quantity": quantity}]}
        answer = http.post("/api/orders", json=ordered, headers=customer)
        if answer.status_code not in (404, 503) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


def decided(http: httpx2.Client, customer: dict[str, str], order: dict[str, Any], seconds: float = 60) -> str:
    """What has become of the order."""
    deadline = time.monotonic() + seconds
    status = "PENDING"
    while status == "PENDING" and time.monotonic() < deadline:
        time.sleep(0.2)
        answer = http.get(f"/api/orders/{order['id']}", headers=customer)
        if answer.status_code == 200:
            status = answer.json()["status"]
    return status


def chairs_left(http: httpx2.Client) -> int:
    left: int = http.get("/api/products", params={"name": "chair"}).json()["products"][0]["quantity"]
    return left
