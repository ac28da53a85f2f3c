"""An Apache Kafka that wants a login: on one door by PLAIN, on the other by SCRAM-SHA-512 over TLS."""

import dataclasses
import datetime
import ipaddress
import secrets
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from kit_testing import unique
from local_stack import kafka
from local_stack.fixtures import running
from local_stack.ports import LOOPBACK, free_ports
from shop_kit.settings import KafkaSettings

USER = "shop-tests"
_MODULES = "org.apache.kafka.common.security"
_DOORS = """
listeners={doors},CONTROLLER://127.0.0.1:{controller}
advertised.listeners={doors},CONTROLLER://127.0.0.1:{controller}
inter.broker.listener.name=INSIDE
listener.security.protocol.map=INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT,PLAIN:SASL_PLAINTEXT,SCRAM:SASL_SSL
listener.name.plain.sasl.enabled.mechanisms=PLAIN
listener.name.plain.plain.sasl.jaas.config={modules}.plain.PlainLoginModule required user_{user}="{password}";
listener.name.scram.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.scram.scram-sha-512.sasl.jaas.config={modules}.scram.ScramLoginModule required;
listener.name.scram.ssl.keystore.type=PEM
listener.name.scram.ssl.keystore.location={keystore}
"""


@dataclass(frozen=True)
class Logins:
    """The broker's doors, its only user's password, and who signed its certificate."""

    plain: str
    scram: str
    password: str
    cafile: Path

    def settings(self, door: str, **other: Any) -> KafkaSettings:
        """What a service is given to come in by `plain` or by `scram`."""
        ways: dict[str, dict[str, Any]] = {
            "plain": {"kafka_security_protocol": "SASL_PLAINTEXT", "kafka_sasl_mechanism": "PLAIN"},
            "scram": {"kafka_security_protocol": "SASL_SSL", "kafka_ssl_cafile": self.cafile},
        }
        given = {
            "kafka_bootstrap_servers": getattr(self, door),
            "kafka_group": unique("group"),
            "kafka_replication_factor": 1,
            "kafka_min_insync_replicas": 1,
            "kafka_sasl_username": USER,
            "kafka_sasl_password": self.password,
        }
        return KafkaSettings.model_validate(given | ways[door] | other)


@contextmanager
def broker_with_logins(folder: Path) -> Iterator[Logins]:
    """Such a broker, whose files are in `folder`."""
    kafka.fetch()
    port, password = free_ports(4), secrets.token_hex(16)
    inside, plain, scram, controller = (f"{LOOPBACK}:{port + n}" for n in range(4))
    program = kafka.program(folder, port, port + 3)
    told = _DOORS.format(
        doors=f"INSIDE://{inside},PLAIN://{plain},SCRAM://{scram}",
        controller=controller.rpartition(":")[2],
        modules=_MODULES,
        user=USER,
        password=password,
        keystore=folder / "keystore.pem",
    )
    # Of a property that is there twice, the last counts.
    with (folder / "run" / "kafka.properties").open("a") as file:
        file.write(told)
    user = shlex.quote(f"SCRAM-SHA-512=[name={USER},password={password}]")
    program = dataclasses.replace(program, prepare=program.prepare.replace("format", f"format --add-scram {user}"))
    program.write(folder)
    certify(folder / "keystore.pem", folder / "ca.pem")
    with running(["sh", str(program.script(folder))], port + 2, folder / "log"):
        yield Logins(plain, scram, password, folder / "ca.pem")


def certify(keystore: Path, cafile: Path) -> None:
    """Write a new key and its certificate for the loopback address; the latter alone, too, as it signs itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a broker of tests")])
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
    ) | {"digital_signature": True, "key_cert_sign": True, "crl_sign": False, "decipher_only": False}
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pkcs8 = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    keystore.write_bytes(key.private_bytes(*pkcs8) + certificate)
    cafile.write_bytes(certificate)
