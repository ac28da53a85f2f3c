"""Settings are read once; what is missing or wrong is named and stops the service."""

import pytest
from pydantic import SecretStr
from shop_kit.settings import KafkaSettings, MongoSettings, ServiceSettings, load


class Sample(ServiceSettings, MongoSettings, KafkaSettings):
    api_secret: SecretStr


NAMES = ("API_SECRET", "KAFKA_GROUP", "ENVIRONMENT", "DB_PORT", "MONGODB_URI", "DB_USERNAME", "DB_PASSWORD", "DB_NAME")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("API_SECRET", "hunter2")
    monkeypatch.setenv("KAFKA_GROUP", "g")
    return monkeypatch


def test_defaults_are_those_of_production(environment: pytest.MonkeyPatch) -> None:
    settings = load(Sample)
    assert (settings.environment, settings.enable_error_routes, settings.log_format) == ("production", False, "json")
    assert (settings.kafka_replication_factor, settings.kafka_min_insync_replicas) == (3, 2)
    assert settings.kafka_idempotent_producer is True
    assert settings.uri() == "mongodb://localhost:27017/?directConnection=true"


def test_what_is_missing_is_named(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    environment.delenv("API_SECRET")
    environment.setenv("KAFKA_GROUP", "")
    with pytest.raises(SystemExit) as end:
        load(Sample)
    assert end.value.code == 78
    said = capsys.readouterr().err
    assert "API_SECRET: Field required" in said
    assert "KAFKA_GROUP: Field required" in said


def test_what_is_wrong_is_named_and_no_value_shown(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DB_PORT", "s3cret")
    environment.setenv("ENVIRONMENT", "prod")
    with pytest.raises(SystemExit) as end:
        load(Sample)
    assert end.value.code == 78
    said = capsys.readouterr().err
    assert "DB_PORT: " in said
    assert "ENVIRONMENT: Input should be 'development' or 'production'" in said
    assert "s3cret" not in said
    assert "hunter2" not in said


def test_the_parts_of_an_address(environment: pytest.MonkeyPatch) -> None:
    for name, value in {"DB_USERNAME": "us@er", "DB_PASSWORD": "p:/ss", "DB_PORT": "27018"}.items():
        environment.setenv(name, value)
    settings = load(Sample)
    assert settings.uri() == "mongodb://us%40er:p%3A%2Fss@localhost:27018/?directConnection=true"
    assert "p:/ss" not in repr(settings)
    environment.setenv("MONGODB_URI", "mongodb://elsewhere/?replicaSet=rs0")
    assert load(Sample).uri() == "mongodb://elsewhere/?replicaSet=rs0"
