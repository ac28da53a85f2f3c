"""Settings come from the environment through one typed object; what is missing is named and stops the service."""

import socket
import sys
from typing import Literal, Self, TypeVar
from urllib.parse import quote_plus

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict


class _Settings(BaseSettings):
    # Every part has to say this itself: of several bases, pydantic takes the settings of the last.
    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)


class ServiceSettings(_Settings):
    """What every service has."""

    environment: Literal["development", "production"] = "production"
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    instance: str = Field(default_factory=socket.gethostname, description="names this process among its replicas")
    enable_error_routes: bool = False


class MongoSettings(_Settings):
    """Where the service's database is. `MONGODB_URI`, when given, wins over the parts."""

    mongodb_uri: SecretStr | None = None
    db_hostname: str = "localhost"
    db_port: int = 27017
    db_username: str | None = None
    db_password: SecretStr | None = None
    db_name: str = "shop"

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
    """Read the settings, or exit with code 78 (EX_CONFIG) and the names of what is missing or wrong."""
    try:
        return settings()
    except ValidationError as error:
        problems = [_problem(e) for e in error.errors()]
        sys.stderr.write("Can't start, the settings are wrong:\n  " + "\n  ".join(problems) + "\n")
        raise SystemExit(78) from None


def _problem(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return f"{str(error['loc'][0]).upper()}: {message}" if error["loc"] else message
