"""What docs/operations says about the production compose file is done as it stands there, while a customer reads."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from lab.commands import run

from tests.deploy.compose.conftest import CUSTOMER, PASSWORD, Shop
from tests.deploy.compose.first_order import decided, place, signed_in
from tests.deploy.pages import follow

SOME = Counter[int]
"""How often each status was answered."""


def done(shop: Shop, part: str) -> None:
    """Follow the block of the page on rotations that has this part."""
    follow("rotate.md", part, {**shop.composed.engine.env, **shop.composed.env}, shop.composed.folder)


@contextmanager
def read_by(http: httpx2.Client, customer: dict[str, str]) -> Iterator[SOME]:
    """A customer who reads their orders all the while, on new connections."""
    answers, over = SOME(), threading.Event()

    def read() -> None:
        while not over.is_set():
            answers[http.get("/api/orders", headers={**customer, "Connection": "close"}).status_code] += 1
            time.sleep(0.1)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        yield answers
    finally:
        over.set()
        reading.join()


def is_well(shop: Shop, customer: dict[str, str]) -> None:
    """An order is accepted, and all of the shop is healthy."""
    assert decided(shop.http, customer, place(shop.http, customer, 1, 60), 120) == "ACCEPTED"
    deadline = time.monotonic() + 120
    while (health := shop.http.get("/api/health").json())["status"] != "ok":
        assert time.monotonic() < deadline, health
        time.sleep(0.5)


def test_nothing_is_to_be_recovered_and_no_letter_is_dead(shop: Shop, customer: dict[str, str]) -> None:
    is_well(shop, customer)
    recovered = shop.composed.execute("orders-ms", "python", "-m", "orders.cli", "recover")
    assert recovered == "0 orders taken from the topics\n"
    assert shop.composed.execute("orders-ms", "python", "-m", "shop_kit.dead_letters") == ""
    shop.composed.compose("stop", "products-ms")
    once = ("run", "--rm", "--no-deps", "--entrypoint", "python", "products-ms", "-m", "products.cli", "recover")
    assert "0 decisions entered" in shop.composed.compose(*once)
    shop.composed.compose("start", "products-ms")
    is_well(shop, customer)


def test_the_key_of_tokens_changes_and_nobody_notices(shop: Shop, customer: dict[str, str]) -> None:
    with read_by(shop.http, customer) as answers:
        done(shop, "jwt_former_public_key")
        deadline = time.monotonic() + 30
        while shop.http.post("/api/login", json={"email": CUSTOMER, "password": PASSWORD}).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        after = signed_in(shop.http, CUSTOMER, PASSWORD)
        is_well(shop, after)
    assert set(answers) == {200}
    assert customer["Authorization"].split(".")[0] != after["Authorization"].split(".")[0]


def test_a_database_gets_a_new_user(shop: Shop, customer: dict[str, str]) -> None:
    with read_by(shop.http, customer) as answers:
        done(shop, "orders_mongodb_uri.new")
        is_well(shop, customer)
    assert set(answers) <= {200, 503}
    assert "mongodb://orders-ms-2:" in shop.secrets()["orders_mongodb_uri"]


def test_logins_to_the_broker_change(shop: Shop, customer: dict[str, str]) -> None:
    before = shop.secrets()
    with read_by(shop.http, customer) as answers:
        done(shop, "kafka_jaas")
        is_well(shop, customer)
    assert set(answers) <= {200, 503}
    assert {name for name, secret in shop.secrets().items() if before.get(name) != secret} == {
        "kafka_jaas",
        "orders_kafka_password",
        "products_kafka_password",
    }


def test_a_new_certificate_is_shown_and_nobody_notices(shop: Shop, customer: dict[str, str]) -> None:
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "1"]
    run([*make, *name, "-keyout", "NEW.key", "-out", "NEW.pem"], cwd=shop.composed.folder)
    shown = ["openssl", "s_client", "-connect", f"localhost:{shop.http.base_url.port}"]
    with (
        httpx2.Client(base_url=shop.http.base_url, verify=False, timeout=30) as http,
        read_by(http, customer) as answers,
    ):
        done(shop, "--signal HUP")
        time.sleep(3)
    assert set(answers) == {200}
    assert (shop.composed.folder / "NEW.pem").read_text().strip() in run([*shown])
