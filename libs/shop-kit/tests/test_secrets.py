"""Secrets come as files, too, and in production none may be weak."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from shop_kit import settings as module
from shop_kit.settings import KafkaSettings, MongoSettings, ServiceSettings, TokenSettings, load

STRONG = "fd0c9a61b2e84705"
KEY = STRONG * 2
URI = "mongodb://orders-ms:{}@orders-db:27017/?directConnection=true"


class Sample(ServiceSettings, MongoSettings, KafkaSettings, TokenSettings):
    kafka_group: str = "samples"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (*Sample.model_fields, "secrets_folder"):
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.fixture
def folder(tmp_path: Path, environment: pytest.MonkeyPatch) -> Iterator[Path]:
    environment.setenv("SECRETS_FOLDER", str(tmp_path))
    yield tmp_path
    for path in tmp_path.iterdir():
        path.chmod(stat.S_IRWXU)


def refused(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit) as end:
        load(Sample)
    assert end.value.code == 78
    title, *lines = capsys.readouterr().err.splitlines()
    assert title == "Can't start, the settings are wrong:"
    return [line.removeprefix("  ") for line in lines]


def test_each_setting_may_be_a_file(folder: Path) -> None:
    (folder / "mongodb_uri").write_text(URI.format(STRONG) + "\n")
    (folder / "kafka_topic").write_text("market")
    (folder / "db_password").write_text("")
    settings = load(Sample)
    assert (settings.uri(), settings.kafka_topic, settings.db_password) == (URI.format(STRONG), "market", None)


def test_the_environment_wins(folder: Path, environment: pytest.MonkeyPatch) -> None:
    (folder / "kafka_topic").write_text("market")
    (folder / "kafka_group").write_text("in a file")
    environment.setenv("KAFKA_TOPIC", "shop")
    environment.setenv("KAFKA_GROUP", "")
    settings = load(Sample)
    assert (settings.kafka_topic, settings.kafka_group) == ("shop", "in a file")


def test_where_a_cluster_puts_them(folder: Path) -> None:
    """Kubernetes gives each file as a link to one in a folder whose name it changes with the content."""
    (folder / "..first").mkdir()
    (folder / "..first" / "kafka_topic").write_text("market")
    (folder / "..data").symlink_to("..first")
    (folder / "kafka_topic").symlink_to("..data/kafka_topic")
    assert load(Sample).kafka_topic == "market"


def test_the_folder_of_containers(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    environment.setattr(module, "SECRETS_FOLDER", tmp_path / "secrets")
    assert load(Sample).kafka_topic == "shop"
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "kafka_topic").write_text("market")
    assert load(Sample).kafka_topic == "market"


def test_a_folder_that_is_none(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    environment.setenv("SECRETS_FOLDER", "/nowhere")
    assert refused(capsys) == ["SECRETS_FOLDER: /nowhere is no folder"]


def test_a_file_that_can_not_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "db_password").write_bytes(b"\xff")
    assert refused(capsys) == [
        'error getting value for field "db_password" from source "SecretsSettingsSource": '
        "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
    ]


def test_weak_secrets_stop_production_only(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    weak = {
        "MONGODB_URI": URI.format("%73hop"),
        "KAFKA_SASL_PASSWORD": "changeme",
        "JWT_ACCESS_TOKEN_SECRET_KEY": KEY[1:],
    }
    for name, value in weak.items():
        environment.setenv(name, value)
    assert sorted(refused(capsys)) == [
        "JWT_ACCESS_TOKEN_SECRET_KEY: shorter than 32 bytes, and ENVIRONMENT is production",
        "KAFKA_SASL_PASSWORD: a password shorter than 16 characters, and ENVIRONMENT is production",
        "MONGODB_URI: a password shorter than 16 characters, and ENVIRONMENT is production",
    ]
    environment.setenv("ENVIRONMENT", "development")
    assert load(Sample).kafka_sasl_password == SecretStr("changeme")


GUESSED = ("changeme-changeme", "Password-1234567", "my-shop-secret-2026", "admin@admin.com1", "aaaaaaaaaaaaaaaaaaaa")


@pytest.mark.parametrize("secret", GUESSED)
def test_what_everybody_tries_first(
    secret: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DB_PASSWORD", secret)
    environment.setenv("JWT_ACCESS_TOKEN_SECRET_KEY", secret * 2)
    assert sorted(refused(capsys)) == [
        "DB_PASSWORD: easily guessed, and ENVIRONMENT is production",
        "JWT_ACCESS_TOKEN_SECRET_KEY: easily guessed, and ENVIRONMENT is production",
    ]


@pytest.mark.parametrize("secret", [STRONG, "9481726350918273", "correct horse battery", "kafka-3f9c1b7e-shop"])
def test_what_is_strong_enough(secret: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DB_PASSWORD", secret)
    environment.setenv("MONGODB_URI", URI.format(secret.replace(" ", "%20")))
    environment.setenv("JWT_ACCESS_TOKEN_SECRET_KEY", secret * 2)
    assert load(Sample).db_password == SecretStr(secret)
