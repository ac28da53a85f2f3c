"""What `helm test` runs in the cluster, in an image of authentication-ms: a first order, from registering to ACCEPTED.

A new shop is empty, so it adds a product of its own, as an admin of its own. Both are removed from the databases in the
end, whether it went well or not. The order stays, where only its customer, who is gone, could see it. Exit code 1 and
one line say what went wrong.
"""

import asyncio
import json
import os
import secrets
import ssl
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from authentication.cli import make_admin
from pymongo import MongoClient

API = os.environ["SHOP_API"]
SECRETS = Path("/run/secrets")
SECONDS = 60
UNIQUE = secrets.token_hex(6)
EMAIL = f"helm-test-{UNIQUE}@example.test"
PRODUCT = f"helm test {UNIQUE}"

# The certificate is the shop's name's, and here nginx is asked by the name that it has in the cluster.
ANY_NAME = ssl.create_default_context()
ANY_NAME.check_hostname = False
ANY_NAME.verify_mode = ssl.CERT_NONE


def call(path: str, body: object = None, token: str = "", seconds: float = SECONDS) -> dict[str, Any]:
    """The answer to a GET, or to a POST with `body`; repeated while the shop answers 404 or 503, as it does before a
    new product is known everywhere, and a GET while nothing answers. Raises SystemExit with what came in the end."""
    end = time.monotonic() + seconds
    request = urllib.request.Request(API + path, None if body is None else json.dumps(body).encode())  # noqa: S310
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10, context=ANY_NAME) as answer:  # noqa: S310
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            if error.code not in (404, 503) or time.monotonic() > end:
                raise SystemExit(f"{path} was answered {error.code}: {error.read().decode()[:300]}") from None
        except OSError as error:
            if body is not None or time.monotonic() > end:
                raise SystemExit(f"{path} was not answered: {error}") from None
        time.sleep(0.5)


def place_order() -> None:
    """Register, become an admin, add a product, order it, and wait until it is accepted."""
    call("/health")
    account = {"email": EMAIL, "password": secrets.token_urlsafe()}
    call("/register", account)
    asyncio.run(make_admin(EMAIL))
    token = call("/login", account)["access_token"]
    about = {"name": PRODUCT, "description": "A test of the installation.", "price": 1, "quantity": 1, "categories": []}
    call("/products", {"product": about}, token)
    order = call("/orders", {"products": [{"name": PRODUCT, "quantity": 1}]}, token)
    end = time.monotonic() + SECONDS
    while order["status"] == "PENDING" and time.monotonic() < end:
        time.sleep(0.5)
        order = call(f"/orders/{order['id']}", token=token)
    if order["status"] != "ACCEPTED":
        raise SystemExit(f"Order {order['id']} is {order['status']} after {SECONDS} seconds")
    sys.stdout.write(f"Order {order['id']} of {order['cost']} is ACCEPTED\n")


def clean_up() -> None:
    """Remove the account and the product."""
    with MongoClient((SECRETS / "mongodb_uri").read_text()) as authentication:
        authentication.shop.users.delete_one({"email": EMAIL})
    with MongoClient((SECRETS / "products_db_uri").read_text()) as products:
        if product := products.shop.products.find_one_and_delete({"name": PRODUCT}):
            products.shop.listings.delete_one({"_id": product["_id"]})


if __name__ == "__main__":
    try:
        place_order()
    finally:
        clean_up()
