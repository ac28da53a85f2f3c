"""Which container knows which secret in production, and that nothing is done without."""

import json

import pytest
from lab.errors import LabError

from tests.deploy.compose.conftest import ALL, Shop


@pytest.mark.parametrize("service", ALL)
def test_no_secret_is_in_a_containers_environment_description_or_log(shop: Shop, service: str) -> None:
    seen = json.dumps(shop.composed.described(service))
    seen += shop.composed.execute(service, "sh", "-c", "tr '\\0' '\\n' < /proc/1/environ; cat /proc/1/cmdline")
    seen += shop.composed.compose("logs", "--no-color", service)
    for name, secret in shop.secrets().items():
        # Of a key or a certificate, its first line of content.
        lines = [line for line in secret.splitlines() if not line.startswith("-----")]
        assert lines[0] not in seen, name


def test_a_container_has_no_others_secrets(shop: Shop) -> None:
    held = {name: shop.composed.execute(name, "ls", "/run/secrets").split() for name in ALL if name != "gateway-ms"}
    database = ["db_password", "db_root_password"]
    assert held == {
        "authentication-db": database,
        "authentication-ms": ["jwt_private_key", "jwt_second_public_key", "mongodb_uri"],
        "kafka": ["kafka_jaas"],
        "orders-db": database,
        "orders-ms": ["kafka_sasl_password", "mongodb_uri"],
        "products-db": database,
        "products-ms": ["kafka_sasl_password", "mongodb_uri"],
        "web-shop": ["tls_certificate", "tls_key"],
    }


def count_orders(shop: Shop, uri: str) -> str:
    program = f"import pymongo; print(pymongo.MongoClient({uri!r}, timeoutMS=5000).shop.orders.count_documents({{}}))"
    return shop.composed.python("orders-ms", program)


def test_a_database_wants_the_right_password(shop: Shop, customer: dict[str, str]) -> None:
    uri = shop.secrets()["orders_mongodb_uri"]
    password = shop.secrets()["orders_db_password"]
    assert int(count_orders(shop, uri)) >= 0
    for wrong in (uri.replace(password, "another"), "mongodb://orders-db:27017/?directConnection=true"):
        with pytest.raises(LabError, match=r"[Aa]uthenti"):
            count_orders(shop, wrong)


def test_the_broker_wants_the_right_password(shop: Shop) -> None:
    def topics(password: str) -> str:
        program = f"""
import asyncio
from aiokafka.admin import AIOKafkaAdminClient
async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers="kafka:9092", security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN", sasl_plain_username="orders-ms", sasl_plain_password={password!r})
    try:
        await admin.start()
        print(sorted(await admin.list_topics()))
    finally:
        await admin.close()
asyncio.run(main())
"""
        return shop.composed.python("orders-ms", program)

    assert "'shop.OrderCreate'" in topics(shop.secrets()["orders_kafka_password"])
    with pytest.raises(LabError, match=r"AuthenticationFailed|KafkaConnectionError"):
        topics("another")
