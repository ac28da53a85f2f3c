"""The HTTP shapes of authentication-ms."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from authentication.models import Role

# A string that is no e-mail is refused with the text clients rely on, not by its shape: so no format is enforced here.
Email = Annotated[str, Field(json_schema_extra={"format": "email", "maxLength": 254}, examples=["ann@example.test"])]
Password = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1024,
        pattern=r"^[^\x00]*$",
        repr=False,
        json_schema_extra={"format": "password", "writeOnly": True},
        examples=["correct horse battery staple"],
    ),
]
Token = Annotated[str, Field(repr=False)]


class Credentials(BaseModel):
    """Who wants in; other fields are ignored."""

    email: Email
    password: Password


class RefreshRequest(BaseModel):
    """For clients without cookies; without a token here the cookie's counts."""

    refresh_token: Annotated[str | None, Field(repr=False)] = None


class Account(BaseModel):
    email: str
    role: Role


class TokenPair(BaseModel):
    access_token: Token
    refresh_token: Token


class AccessToken(BaseModel):
    access_token: Token


class Problem(BaseModel):
    """An error (RFC 9457); `detail` is always text."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for its OpenAPI description."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {status: {"description": _MEANING[status], "content": content} for status in statuses}


_MEANING = {
    400: "The e-mail is not acceptable, or the JSON is malformed",
    401: "Not signed in, or not with these credentials",
    422: "A field is missing or of the wrong type",
    503: "Too busy, or the database is down; ask again after `Retry-After` seconds",
}
