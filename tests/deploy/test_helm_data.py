"""The broker's topics and users, and the databases, as the chart asks their operators for them."""

import pytest
from shop_events import OrderCreate, OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate, dead_letter_topic, topic

from tests.deploy.chart import named, needs_helm, resources

pytestmark = needs_helm

TO_PRODUCTS = [topic("shop", OrderCreate)]
TO_ORDERS = [topic("shop", event) for event in (OrderStatusUpdate, ProductCreate, ProductsQuantityUpdate)]
DEAD_LETTERS = {
    "products-ms": [dead_letter_topic(name, "products-ms") for name in TO_PRODUCTS],
    "orders-ms": [dead_letter_topic(name, "orders-ms") for name in TO_ORDERS],
}
COMPACTED = {topic("shop", ProductCreate), topic("shop", ProductsQuantityUpdate)}


def test_every_topic_is_as_its_keeper_would_make_it() -> None:
    found = [r for r in resources("load balancer") if r["kind"] == "KafkaTopic"]
    everything = {*TO_PRODUCTS, *TO_ORDERS, *DEAD_LETTERS["products-ms"], *DEAD_LETTERS["orders-ms"]}
    assert {r["spec"]["topicName"] for r in found} == everything
    for one in found:
        spec = one["spec"]
        assert (spec["partitions"], spec["replicas"]) == (6, 3)
        assert spec["config"] == {
            "cleanup.policy": "compact" if spec["topicName"] in COMPACTED else "delete",
            "min.insync.replicas": 2,
            "unclean.leader.election.enable": False,
        }


@pytest.mark.parametrize(
    ("service", "reads", "writes"), [("products-ms", TO_PRODUCTS, TO_ORDERS), ("orders-ms", TO_ORDERS, TO_PRODUCTS)]
)
def test_a_user_may_what_its_service_does(service: str, reads: list[str], writes: list[str]) -> None:
    (other,) = {"products-ms", "orders-ms"} - {service}
    user = named(resources("load balancer"), "KafkaUser", service)["spec"]
    assert user["authentication"] == {"type": "scram-sha-512"}
    rights = {
        (acl["resource"]["type"], acl["resource"]["name"]): acl["operations"] for acl in user["authorization"]["acls"]
    }
    assert all(acl["resource"]["patternType"] == "literal" for acl in user["authorization"]["acls"])
    # The keeper makes anew what the broker lost. It reads what it wrote when a database was restored.
    assert rights == {
        ("group", service): ["Read", "Describe"],
        **{("topic", name): ["Read", "Describe"] for name in reads},
        **{("topic", name): ["Read", "Describe"] for name in DEAD_LETTERS[other]},
        **{("topic", name): ["Read", "Write", "Describe", "Create"] for name in [*writes, *DEAD_LETTERS[service]]},
    }


def test_the_broker_is_three_nodes_behind_tls_and_logins() -> None:
    found = resources("load balancer")
    pool = named(found, "KafkaNodePool", "nodes")["spec"]
    assert (pool["replicas"], pool["roles"]) == (3, ["controller", "broker"])
    broker = named(found, "Kafka", "shop")["spec"]["kafka"]
    (listener,) = broker["listeners"]
    assert (listener["tls"], listener["authentication"]) == (True, {"type": "scram-sha-512"})
    assert broker["authorization"] == {"type": "simple"}
    assert broker["config"]["auto.create.topics.enable"] is False


@pytest.mark.parametrize("service", ["authentication", "products", "orders"])
def test_each_database_is_three_members_with_two_users_of_whom_the_service_is_one(service: str) -> None:
    database = named(resources("load balancer"), "MongoDBCommunity", f"{service}-db")["spec"]
    assert (database["members"], database["version"]) == (3, "8.0.16")
    for user, suffix in zip(database["users"], ("", "-2"), strict=True):
        assert user["name"] == f"{service}-ms{suffix}"
        assert user["passwordSecretRef"] == {"name": f"{service}-db-password{suffix}"}
        assert user["scramCredentialsSecretName"] == f"{service}-db{suffix}"
        assert user["connectionStringSecretName"] == f"{service}-db-connection{suffix}"
        assert user["roles"] == [{"db": "shop", "name": "readWrite"}, {"db": "shop", "name": "dbAdmin"}]


def test_what_is_elsewhere_is_not_asked_for() -> None:
    kinds = {r["kind"] for r in resources("external")}
    assert kinds.isdisjoint({"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "MongoDBCommunity"})


def test_data_outlives_the_release() -> None:
    kept = {"Kafka", "KafkaNodePool", "KafkaTopic", "MongoDBCommunity"}
    for one in resources("load balancer"):
        if one["kind"] in kept:
            assert one["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
