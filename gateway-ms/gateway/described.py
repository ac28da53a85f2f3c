"""What the public document says beyond the services' own words: errors, and the routes no service describes."""

import re
from typing import Any

from gateway.routes import Route, Who

Json = dict[str, Any]

REF = "#/components/schemas/"

PROBLEM: Json = {
    "title": "Problem",
    "description": "An error (RFC 9457). `detail` is always a text; `errors` says where, when a body does not fit.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("pointer", "in", "detail")},
            },
        },
    },
}
_PROBLEM_CONTENT: Json = {"application/problem+json": {"schema": {"$ref": REF + "Problem"}}}

_TEXT = {"type": "string"}
_STATE = {"title": "State", "type": "object", "required": ["status"], "properties": {"status": _TEXT}}
_STATES = {
    "title": "States",
    "type": "object",
    "required": ["status", "services"],
    "properties": {"status": _TEXT, "services": {"type": "object", "additionalProperties": _TEXT}},
}

_SIGNED_IN = {"401": "No token, or a wrong or expired one"}
_ADMIN = _SIGNED_IN | {"403": "Not an admin"}
_WITH_BODY = {"408": "The body took too long", "413": "The body is too large"}
_ALWAYS = {
    "400": "A malformed request",
    "431": "The headers are too large",
    "503": "A service is down or late: try again after Retry-After",
}


def health_operation(route: Route) -> Json | None:
    """The operation of a public health route, which no service describes; None for any other."""
    if route.path == "/api/health":
        return _reading("How each service is", _STATES)
    if route.upstream and route.target == "/health":
        return _reading(f"Whether the {route.upstream} service can do its work", _STATE)
    return None


def _reading(summary: str, schema: Json) -> Json:
    content = {"application/json": {"schema": schema}}
    return {
        "tags": ["health"],
        "summary": summary,
        "responses": {"200": {"description": "It works", "content": content}},
    }


def complete(route: Route, operation: Json) -> Json:
    """`operation` with the errors that the gateway may answer, each a problem+json, and the token it needs."""
    expected = dict(_ALWAYS)
    if route.verb in ("POST", "PUT"):
        expected |= _WITH_BODY
    if route.who is not Who.ANYONE:
        expected |= _ADMIN if route.who is Who.ADMIN else _SIGNED_IN
    responses: Json = {status: {"description": text} for status, text in expected.items()} | operation["responses"]
    for status, response in responses.items():
        if status >= "400":
            responses[status] = {**response, "content": _PROBLEM_CONTENT}
    completed = {**operation, "operationId": _name(route), "responses": dict(sorted(responses.items()))}
    completed.pop("security", None)
    return completed if route.who is Who.ANYONE else completed | {"security": [{"bearer": []}]}


def _name(route: Route) -> str:
    words = re.findall("[a-z]+", route.path)
    return "_".join([route.verb.lower(), *words[1:]])
