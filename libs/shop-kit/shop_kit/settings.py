"""Settings come from the environment, or from a folder of files, through one typed object; what is missing or weak is
named and stops the service."""

import os
import socket
import ssl
import sys
from pathlib import Path
from typing import Any, Literal, NoReturn, Self, TypeVar
from urllib.parse import quote_plus

from pydantic import Field, FilePath, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from shop_kit.weak_secrets import weaknesses

SECRETS_FOLDER = Path("/run/secrets")
"""Where containers find their secrets, a file each."""


class _Settings(BaseSettings):
    # Every part has to say this itself: of several bases, pydantic takes the settings of the last.
    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_missing(cls, values: dict[str, Any]) -> dict[str, Any]:
        # env_ignore_empty is for variables only, not for files.
        return {name: value for name, value in values.items() if value != ""}


class ServiceSettings(_Settings):
    """What every service has."""

    environment: Literal["development", "production"] = "production"
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    instance: str = Field(default_factory=socket.gethostname, description="names this process among its replicas")
    enable_error_routes: bool = False
    drain_seconds: float = Field(default=0, ge=0, description="how long it takes leave of its clients before it ends")


class MongoSettings(_Settings):
    """Where the service's database is. `MONGODB_URI`, when given, wins over the parts."""

    mongodb_uri: SecretStr | None = None
    db_hostname: str = "localhost"
    db_port: int = 27017
    db_username: str | None = None
    db_password: SecretStr | None = None
    db_name: str = "shop"

    @field_validator("mongodb_uri")
    @classmethod
    def _is_one(cls, value: SecretStr | None) -> SecretStr | None:
        # An SRV address is looked up by its own parsing, which needs the network.
        if value is not None and not value.get_secret_value().startswith("mongodb+srv://"):
            try:
                parse_uri(value.get_secret_value())
            except (PyMongoError, ValueError):
                # Their text may hold a part of the password.
                raise ValueError("no MongoDB address; a password's special characters have to be %-encoded") from None
        return value

    def uri(self) -> str:
        """A MongoDB connection string; the driver finds out whether the host is a replica set."""
        if self.mongodb_uri is not None:
            return self.mongodb_uri.get_secret_value()
        login = ""
        if self.db_username and self.db_password:
            login = f"{quote_plus(self.db_username)}:{quote_plus(self.db_password.get_secret_value())}@"
        return f"mongodb://{login}{self.db_hostname}:{self.db_port}/?directConnection=true"


class KafkaSettings(_Settings):
    """How the service speaks to the broker. The defaults fit Apache Kafka in production; a single
    development broker is given other numbers by its environment, never by a branch in the code."""

    kafka_bootstrap_servers: str = "localhost:9092"
    kafka_topic: str = Field(default="shop", description="prefix of every topic's name")
    kafka_group: str = Field(description="consumer group; each service has its own")
    kafka_partitions: int = 6
    kafka_replication_factor: int = 3
    kafka_min_insync_replicas: int = 2
    kafka_idempotent_producer: bool = True
    kafka_fetch_max_wait_ms: int = 500

    kafka_security_protocol: Literal["PLAINTEXT", "SASL_PLAINTEXT", "SSL", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = "SCRAM-SHA-512"
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ssl_cafile: FilePath | None = Field(
        default=None, description="PEM file of those who may sign the brokers' certificates, instead of the system's"
    )

    @field_validator("kafka_ssl_cafile")
    @classmethod
    def _holds_certificates(cls, path: Path | None) -> Path | None:
        try:
            ssl.create_default_context(cafile=path)
        except OSError as error:
            raise ValueError(f"{path} holds no certificates that can be read") from error
        return path

    @model_validator(mode="after")
    def _has_its_login(self) -> Self:
        if self.kafka_security_protocol.startswith("SASL_"):
            login = {"KAFKA_SASL_USERNAME": self.kafka_sasl_username, "KAFKA_SASL_PASSWORD": self.kafka_sasl_password}
            if missing := [name for name, value in login.items() if value is None]:
                names, protocol = " and ".join(missing), self.kafka_security_protocol
                raise ValueError(f"{names}: missing, and KAFKA_SECURITY_PROTOCOL is {protocol}")
        return self


class TokenSettings(_Settings):
    """How access tokens are verified: with the public keys that authentication-ms publishes, or, for HS256, with
    the shared secret."""

    jwt_token_alg: Literal["ES256", "HS256"] = "ES256"
    jwt_access_token_secret_key: SecretStr | None = None
    authentication_service_url: str = "http://localhost:8082"

    @model_validator(mode="after")
    def _has_its_secret(self) -> Self:
        if self.jwt_token_alg == "HS256" and self.jwt_access_token_secret_key is None:
            raise ValueError("JWT_ACCESS_TOKEN_SECRET_KEY is missing, and JWT_TOKEN_ALG is HS256")
        return self


S = TypeVar("S", bound=BaseSettings)


def load(settings: type[S]) -> S:
    """Read the settings, or exit with code 78 (EX_CONFIG) and the names of what is missing, wrong, or, in production,
    a weak secret.

    Each may also be a file of its name, in lower case, in the folder SECRETS_FOLDER or else /run/secrets; the
    environment wins.
    """
    try:
        read = settings(_secrets_dir=_secrets_folder())
    except ValidationError as error:
        _refuse([_problem(e) for e in error.errors()])
    except SettingsError as error:
        _refuse([f"{error}: {error.__cause__}"])
    if isinstance(read, ServiceSettings) and read.environment == "production" and (weak := weaknesses(read)):
        _refuse([f"{problem}, and ENVIRONMENT is production" for problem in weak])
    return read


def _secrets_folder() -> Path | None:
    if given := os.environ.get("SECRETS_FOLDER"):
        if not Path(given).is_dir():
            _refuse([f"SECRETS_FOLDER: {given} is no folder"])
        return Path(given)
    return SECRETS_FOLDER if SECRETS_FOLDER.is_dir() else None


def _refuse(problems: list[str]) -> NoReturn:
    sys.stderr.write("Can't start, the settings are wrong:\n  " + "\n  ".join(problems) + "\n")
    raise SystemExit(78) from None


def _problem(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return f"{str(error['loc'][0]).upper()}: {message}" if error["loc"] else message
