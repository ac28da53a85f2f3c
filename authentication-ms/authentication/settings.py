"""The settings of authentication-ms."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from shop_kit.settings import MongoSettings, ServiceSettings, TokenSettings


class Settings(ServiceSettings, MongoSettings, TokenSettings):
    """What the service reads from its environment."""

    jwt_access_token_expire_minutes: int = Field(default=15, gt=0)
    jwt_refresh_token_expire_minutes: int = Field(default=30 * 24 * 60, gt=0)

    jwt_keys_folder: Path = Field(default=Path(".shop/keys"), description="ES256: where the first start puts its key")
    jwt_private_key_file: Path | None = Field(default=None, description="ES256: a PEM file, instead of that folder")
    jwt_second_public_key_file: Path | None = Field(
        default=None,
        description="ES256: a key that is published and accepted, but never signs: before a rotation the next one, "
        "after it the former one",
    )

    jwt_refresh_token_secret_key: SecretStr | None = None
    jwt_previous_refresh_token_secret_key: SecretStr | None = Field(
        default=None, description="HS256: a former secret whose refresh tokens still count"
    )

    @model_validator(mode="after")
    def _has_its_refresh_secret(self) -> Self:
        if self.jwt_token_alg == "HS256" and self.jwt_refresh_token_secret_key is None:
            raise ValueError("JWT_REFRESH_TOKEN_SECRET_KEY is missing, and JWT_TOKEN_ALG is HS256")
        return self
