"""Settings are read once; what is missing or wrong is named and stops the service."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from shop_kit.settings import KafkaSettings, MongoSettings, ServiceSettings, load


class Sample(ServiceSettings, MongoSettings, KafkaSettings):
    api_secret: SecretStr


NAMES = (
    *("API_SECRET", "ENVIRONMENT", "DB_PORT", "MONGODB_URI", "DB_USERNAME", "DB_PASSWORD", "DB_NAME", "SECRETS_FOLDER"),
    *("KAFKA_GROUP", "KAFKA_SECURITY_PROTOCOL", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD", "KAFKA_SSL_CAFILE"),
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("API_SECRET", "correct horse battery")
    monkeypatch.setenv("KAFKA_GROUP", "g")
    return monkeypatch


def test_defaults_are_those_of_production(environment: pytest.MonkeyPatch) -> None:
    settings = load(Sample)
    assert (settings.environment, settings.enable_error_routes, settings.log_format) == ("production", False, "json")
    assert (settings.kafka_replication_factor, settings.kafka_min_insync_replicas) == (3, 2)
    assert settings.kafka_idempotent_producer is True
    assert settings.uri() == "mongodb://localhost:27017/?directConnection=true"


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """What the service says when it does not start: its problems, a line each."""

    def problems() -> list[str]:
        with pytest.raises(SystemExit) as end:
            load(Sample)
        assert end.value.code == 78
        title, *lines = capsys.readouterr().err.splitlines()
        assert title == "Can't start, the settings are wrong:"
        return [line.removeprefix("  ") for line in lines]

    return problems


def test_what_is_missing_is_named(environment: pytest.MonkeyPatch, refused: Callable[[], list[str]]) -> None:
    environment.delenv("API_SECRET")
    environment.setenv("KAFKA_GROUP", "")
    assert sorted(refused()) == ["API_SECRET: Field required", "KAFKA_GROUP: Field required"]


def test_what_is_wrong_is_named_and_no_value_shown(
    environment: pytest.MonkeyPatch, refused: Callable[[], list[str]]
) -> None:
    environment.setenv("DB_PORT", "s3cret")
    environment.setenv("ENVIRONMENT", "prod")
    assert sorted(refused()) == [
        "DB_PORT: Input should be a valid integer, unable to parse string as an integer",
        "ENVIRONMENT: Input should be 'development' or 'production'",
    ]


def test_the_parts_of_an_address(environment: pytest.MonkeyPatch) -> None:
    for name, value in {"DB_USERNAME": "us@er", "DB_PASSWORD": "p:/ss, and more", "DB_PORT": "27018"}.items():
        environment.setenv(name, value)
    environment.setenv("ENVIRONMENT", "development")
    settings = load(Sample)
    assert settings.uri() == "mongodb://us%40er:p%3A%2Fss%2C+and+more@localhost:27018/?directConnection=true"
    assert "p:/ss" not in repr(settings)
    environment.setenv("MONGODB_URI", "mongodb://elsewhere/?replicaSet=rs0")
    assert load(Sample).uri() == "mongodb://elsewhere/?replicaSet=rs0"


def test_an_address_that_is_none(environment: pytest.MonkeyPatch, refused: Callable[[], list[str]]) -> None:
    for wrong in ("localhost:27017", "mongodb://shop:pa/ss@orders-db/", "mongodb://shop:p@ss@orders-db/"):
        environment.setenv("MONGODB_URI", wrong)
        assert refused() == ["MONGODB_URI: no MongoDB address; a password's special characters have to be %-encoded"]


def test_a_login_of_kafka_needs_both_its_parts(
    environment: pytest.MonkeyPatch, refused: Callable[[], list[str]]
) -> None:
    environment.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    assert refused() == [
        "KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD: missing, and KAFKA_SECURITY_PROTOCOL is SASL_SSL"
    ]
    environment.setenv("KAFKA_SASL_USERNAME", "orders-ms")
    assert refused() == ["KAFKA_SASL_PASSWORD: missing, and KAFKA_SECURITY_PROTOCOL is SASL_SSL"]
    environment.setenv("KAFKA_SASL_PASSWORD", "correct horse battery")
    settings = load(Sample)
    assert (settings.kafka_security_protocol, settings.kafka_sasl_mechanism) == ("SASL_SSL", "SCRAM-SHA-512")


def test_certificates_that_are_none(
    environment: pytest.MonkeyPatch, refused: Callable[[], list[str]], tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    environment.setenv("KAFKA_SSL_CAFILE", str(file))
    assert refused() == ["KAFKA_SSL_CAFILE: Path does not point to a file"]
    file.write_text("no certificate")
    assert refused() == [f"KAFKA_SSL_CAFILE: {file} holds no certificates that can be read"]
