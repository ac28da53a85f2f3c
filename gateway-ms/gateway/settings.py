"""What the gateway reads from the environment."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode
from shop_kit.settings import ServiceSettings, TokenSettings


class GatewaySettings(ServiceSettings, TokenSettings):
    """Where the services are, and the limits of one request."""

    products_service_url: str = "http://localhost:8083"
    orders_service_url: str = "http://localhost:8084"

    max_body_bytes: int = Field(default=1024 * 1024, gt=0)
    body_seconds: float = Field(default=15.0, gt=0, description="how long a request body may take to arrive")
    upstream_seconds: float = Field(default=10.0, gt=0, description="until the first byte of an answer")
    idle_seconds: float = Field(default=60.0, gt=0, description="how long an answer may pause between its bytes")
    upstream_connections: int = Field(default=100, gt=0, description="to each service, at most")
    upstream_streams: int = Field(default=400, gt=0, description="connections for streams of events, beside the others")

    cors_allowed_origins: Annotated[list[str], NoDecode] = Field(
        default=[], description="comma-separated origins of web shops that are served from elsewhere"
    )

    @field_validator("cors_allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [origin.strip() for origin in value.split(",") if origin.strip()] if isinstance(value, str) else value

    def services(self) -> dict[str, str]:
        """Each service's name and base address, without a slash at the end."""
        return {
            "authentication": self.authentication_service_url.rstrip("/"),
            "products": self.products_service_url.rstrip("/"),
            "orders": self.orders_service_url.rstrip("/"),
        }
