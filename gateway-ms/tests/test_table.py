"""What may be called, exactly; everything else does not exist."""

import httpx2
import pytest
from gateway.routes import TABLE, Routes, VerbNotAllowedError, Who
from gateway_testing import Server, Stack, bearer, problem
from shop_kit.errors import UnknownEndpointError

PUBLIC = [
    ("POST", "/api/register", "/authentication/register"),
    ("POST", "/api/login", "/authentication/login"),
    ("POST", "/api/refresh", "/authentication/refresh"),
    ("POST", "/api/logout", "/authentication/logout"),
    ("GET", "/api/products", "/products/products"),
    ("GET", "/api/products/steel-mug", "/products/products/steel-mug"),
    ("GET", "/api/products/%D1%87%D0%B0%D1%88%D0%BA%D0%B0", "/products/products/%D1%87%D0%B0%D1%88%D0%BA%D0%B0"),
    ("GET", "/api/categories", "/products/categories"),
    ("GET", "/api/pictures/0f9a.webp", "/products/pictures/0f9a.webp"),
    ("GET", "/api/authentication_health", "/authentication/health"),
    ("GET", "/api/products_health", "/products/health"),
    ("GET", "/api/orders_health", "/orders/health"),
]
SIGNED_IN = [
    ("POST", "/api/logout-everywhere", "/authentication/logout-everywhere"),
    ("GET", "/api/orders", "/orders/orders"),
    ("POST", "/api/orders", "/orders/orders"),
    ("GET", "/api/orders/events", "/orders/orders/events"),
    ("GET", "/api/orders/71fefe4a1cad4140785928a4", "/orders/orders/71fefe4a1cad4140785928a4"),
]
ADMIN = [
    ("POST", "/api/products", "/products/products"),
    ("POST", "/api/products/steel-mug/restock", "/products/products/steel-mug/restock"),
    ("PUT", "/api/products/steel-mug/picture", "/products/products/steel-mug/picture"),
    ("POST", "/api/categories", "/products/categories"),
]
OPS = [
    ("GET", "/api/authentication_error", "/authentication/error"),
    ("GET", "/api/products_error", "/products/error"),
    ("GET", "/api/orders_error", "/orders/error"),
]
UNKNOWN = """
/ /api /api/ /api/nothing /api/products/ /api//products //api/products /products /api/Products
/api/products/a/b /api/orders/ /api/orders/1/2 /api/products/mug/restock/ /api/product%73 /api/products/%2e%2e
/api/products/.. /api/products/a%2Frestock /api/products/a%5Crestock /api/products/a%00 /api/products/%25
/api/./products /api/docs/../openapi.json /docs /redoc /openapi.json /error /.well-known/jwks.json
/api/.well-known/jwks.json /api/pictures /api/pictures/ /api/pictures/a/b /api/pictures/.. /api/pictures/%2e%2e
/api/products/mug/picture/
"""


def refusal(
    stack: Stack, verb: str, path: str, role: str | None = None, gateway: Server | None = None
) -> tuple[int, str]:
    headers = bearer(role) if role else {}
    with httpx2.Client(base_url=(gateway or stack.gateway).url) as client:
        return problem(client.request(verb, path, headers=headers))


def passes(
    stack: Stack, verb: str, path: str, target: str, role: str | None = None, gateway: Server | None = None
) -> None:
    headers = bearer(role) if role else {}
    answer = httpx2.request(verb, (gateway or stack.gateway).url + path, headers=headers)
    assert (answer.status_code, answer.json()["verb"], answer.json()["path"]) == (200, verb, target)


@pytest.mark.parametrize(("verb", "path", "target"), PUBLIC)
def test_public_routes_pass_without_a_token(stack: Stack, verb: str, path: str, target: str) -> None:
    passes(stack, verb, path, target)


@pytest.mark.parametrize(("verb", "path", "target"), SIGNED_IN)
def test_routes_of_the_signed_in(stack: Stack, verb: str, path: str, target: str) -> None:
    assert refusal(stack, verb, path) == (401, "You have no access to this resource!")
    assert stack.service.seen == []
    passes(stack, verb, path, target, "user")
    passes(stack, verb, path, target, "admin")


@pytest.mark.parametrize(("verb", "path", "target"), ADMIN)
def test_routes_of_admins(stack: Stack, verb: str, path: str, target: str) -> None:
    assert refusal(stack, verb, path) == (401, "You have no access to this resource!")
    assert refusal(stack, verb, path, "user") == (403, "You have no access to this resource!")
    assert stack.service.seen == []
    passes(stack, verb, path, target, "admin")


def test_error_routes_exist_only_where_they_are_switched_on_and_then_for_admins(stack: Stack) -> None:
    on = stack.new_gateway(enable_error_routes="true")
    for verb, path, target in OPS:
        assert refusal(stack, verb, path, "admin") == (404, "Endpoint not found!")
        assert refusal(stack, verb, path, None, on) == (401, "You have no access to this resource!")
        assert refusal(stack, verb, path, "user", on) == (403, "You have no access to this resource!")
        assert stack.service.seen == []
        passes(stack, verb, path, target, "admin", on)
        stack.service.seen.clear()
    assert refusal(stack, "GET", "/error", "admin", on) == (404, "Endpoint not found!")


def test_the_tests_above_name_every_row() -> None:
    named = {(verb, target) for verb, _, target in PUBLIC + SIGNED_IN + ADMIN + OPS}
    for route in TABLE:
        target = f"/{route.upstream}{route.target}".replace("{slug}", "steel-mug")
        target = target.replace("{order_id}", "71fefe4a1cad4140785928a4").replace("{file}", "0f9a.webp")
        assert not route.upstream or (route.verb, target) in named


@pytest.mark.parametrize("path", UNKNOWN.split())
def test_anything_else_does_not_exist(stack: Stack, path: str) -> None:
    answer = stack.raw(b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path.encode())
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b'"detail":"Endpoint not found!"' in answer
    assert stack.service.seen == []


@pytest.mark.parametrize(
    ("verb", "path", "allow"),
    [
        ("GET", "/api/login", "POST"),
        ("GET", "/api/logout", "POST"),
        ("PUT", "/api/products", "GET, HEAD, POST"),
        ("DELETE", "/api/orders/1", "GET, HEAD"),
        ("POST", "/api/products/mug/picture", "PUT"),
        ("OPTIONS", "/api/orders", "GET, HEAD, POST"),
        ("HEAD", "/api/login", "POST"),
        ("POST", "/api/health", "GET, HEAD"),
        ("TRACE", "/api/products", "GET, HEAD, POST"),
    ],
)
def test_another_verb_is_told_which_there_are(stack: Stack, verb: str, path: str, allow: str) -> None:
    answer = stack.client.request(verb, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)
    assert stack.service.seen == []


def test_head_is_get_without_the_body(stack: Stack) -> None:
    answer = stack.client.head("/api/products")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
    assert [seen.verb for seen in stack.service.seen] == ["GET"]


def test_the_table_alone_decides() -> None:
    routes = Routes(())
    with pytest.raises(UnknownEndpointError):
        routes.find("GET", b"/api/products")
    with pytest.raises(VerbNotAllowedError):
        Routes().find("BREW", b"/api/products")
    assert Routes().find("HEAD", b"/api/orders").who is Who.SIGNED_IN
