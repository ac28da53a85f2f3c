"""Where the shop has its data in the tests of the cluster: databases and a broker outside of its namespace, each one
server of the image that compose uses, with logins. They forget everything with their pods."""

import json
import secrets
from base64 import b64encode
from typing import Any

NAMESPACE = "data"
DATABASES = {name: f"{name.removesuffix('-ms')}-db" for name in ("authentication-ms", "products-ms", "orders-ms")}
READERS = ("products-ms", "orders-ms")
BROKER = f"kafka.{NAMESPACE}:9092"

VALUES = [
    "mongodb.operator.enabled=false",
    *(f"mongodb.external.{service}.secret={database}-uri" for service, database in DATABASES.items()),
    "kafka.strimzi.enabled=false",
    f"kafka.external.bootstrapServers={BROKER}",
    "kafka.external.securityProtocol=SASL_PLAINTEXT",
    "kafka.external.saslMechanism=PLAIN",
    *(f"kafka.external.{service}.secret={service}-login" for service in READERS),
    "kafka.topics.replication=1",
    "kafka.topics.minInsync=1",
    # Two cores have to do for everything.
    *(f"services.{part}.resources.requests.cpu=20m" for part in (*DATABASES, "gateway-ms", "web-shop")),
]
"""What the chart has to be told of it."""

Manifest = dict[str, Any]


def manifests(shop: str) -> str:
    """Everything as JSON for `kubectl apply`, the Secrets in the shop's namespace too."""
    made = [_of("v1", "Namespace", NAMESPACE, "")]
    for service, database in DATABASES.items():
        password = secrets.token_hex(16)
        root = {"MONGO_INITDB_ROOT_USERNAME": service, "MONGO_INITDB_ROOT_PASSWORD": password}
        made += _server(database, "mongo:8.0.16", 27017, root)
        uri = f"mongodb://{service}:{password}@{database}.{NAMESPACE}:27017/?authSource=admin&directConnection=true"
        made.append(_secret(f"{database}-uri", shop, mongodb_uri=uri))
    passwords = {service: secrets.token_hex(16) for service in READERS}
    made += _server("kafka", "apache/kafka:4.4.0", 9092, _broker(passwords))
    for service, password in passwords.items():
        made.append(_secret(f"{service}-login", shop, kafka_sasl_username=service, kafka_sasl_password=password))
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": made})


def _broker(passwords: dict[str, str]) -> dict[str, str]:
    users = " ".join(f'user_{name}="{password}"' for name, password in passwords.items())
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_LISTENERS": "CLIENTS://:9092,CONTROLLER://localhost:9093,OWN://localhost:9094",
        "KAFKA_ADVERTISED_LISTENERS": f"CLIENTS://{BROKER},OWN://localhost:9094",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT,OWN:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "OWN",
        "KAFKA_SASL_ENABLED_MECHANISMS": "PLAIN",
        "KAFKA_LISTENER_NAME_CLIENTS_PLAIN_SASL_JAAS_CONFIG": (
            f"org.apache.kafka.common.security.plain.PlainLoginModule required {users};"
        ),
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_HEAP_OPTS": "-Xms256m -Xmx256m",
    }


def _of(version: str, kind: str, name: str, namespace: str, **more: Any) -> Manifest:
    where = {"namespace": namespace} if namespace else {}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **where}, **more}


def _secret(name: str, namespace: str, **values: str) -> Manifest:
    data = {key: b64encode(value.encode()).decode() for key, value in values.items()}
    return _of("v1", "Secret", name, namespace, data=data)


def _server(name: str, image: str, port: int, env: dict[str, str]) -> list[Manifest]:
    container = {
        "name": name,
        "image": image,
        "imagePullPolicy": "Never",
        "env": [{"name": key, "value": value} for key, value in env.items()],
        "readinessProbe": {"tcpSocket": {"port": port}, "periodSeconds": 2},
    }
    labels = {"server": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [container], "enableServiceLinks": False}}
    spec = {"selector": {"matchLabels": labels}, "serviceName": name, "template": pod}
    address = {"selector": labels, "ports": [{"port": port}]}
    return [
        _of("apps/v1", "StatefulSet", name, NAMESPACE, spec=spec),
        _of("v1", "Service", name, NAMESPACE, spec=address),
    ]
