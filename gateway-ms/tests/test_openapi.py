"""One document of the whole public API, from the services' own."""

import json
from pathlib import Path

import pytest
from gateway.described import Json
from gateway.merging import merge
from gateway.routes import TABLE, Who
from gateway_testing import Seen, Stack, problem, reply
from starlette.types import Receive, Send


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def content(name: str, kind: str = "application/json") -> Json:
    return {"content": {kind: {"schema": ref(name)}}}


def operation(answer: str, body: str | None = None) -> Json:
    responses = {"200": {"description": "OK", **content(answer)}, "422": {"description": "X", **content("HTTPError")}}
    described = {"summary": "says what", "operationId": "x", "responses": responses}
    return described | ({"requestBody": content(body)} if body else {})


def document(paths: Json, **schemas: Json) -> Json:
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas | {"HTTPError": {}, "Problem": {}}}}


PRODUCTS = document(
    {
        "/products": {"get": operation("List"), "post": operation("Product", "New")},
        "/products/{slug}/picture": {"put": operation("Product")},
        "/hidden": {"get": operation("Hidden")},
        "/error": {"get": operation("Hidden")},
    },
    List={"type": "array", "items": ref("Product")},
    Product={"title": "a product"},
    New={"title": "a new product"},
    Hidden={},
)
ORDERS = document({"/orders": {"get": operation("Product")}}, Product={"title": "a line of an order"})
DOCUMENTS = {"authentication": document({}), "products": PRODUCTS, "orders": ORDERS}


@pytest.fixture
def merged() -> Json:
    return merge(DOCUMENTS, TABLE)


def test_only_what_the_table_has_appears_with_the_public_path(merged: Json) -> None:
    verbs = {(verb, path) for path, verbs in merged["paths"].items() for verb in verbs}
    health = {("get", f"/api/{name}health") for name in ("", "authentication_", "products_", "orders_")}
    picture = ("put", "/api/products/{slug}/picture")
    assert verbs == {("get", "/api/products"), ("post", "/api/products"), picture, ("get", "/api/orders")} | health


def test_the_committed_document_has_every_public_row_of_the_table() -> None:
    paths = json.loads((Path(__file__).parent.parent / "openapi.json").read_text())["paths"]
    public = {(route.verb.lower(), route.path) for route in TABLE if route.upstream and route.who is not Who.OPS}
    assert public <= {(verb, path) for path, verbs in paths.items() for verb in verbs}


def test_schemas_of_one_name_in_two_services_are_told_apart(merged: Json) -> None:
    schemas = merged["components"]["schemas"]
    assert set(schemas) == {"Problem", "List", "New", "ProductsProduct", "OrdersProduct"}
    assert schemas["ProductsProduct"] == {"title": "a product"}
    assert schemas["OrdersProduct"] == {"title": "a line of an order"}
    assert schemas["List"]["items"] == ref("ProductsProduct")
    answer = merged["paths"]["/api/orders"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == ref("OrdersProduct")


def test_a_token_is_asked_for_where_the_table_does(merged: Json) -> None:
    paths = merged["paths"]
    assert paths["/api/orders"]["get"]["security"] == [{"bearer": []}]
    assert paths["/api/products"]["post"]["security"] == [{"bearer": []}]
    assert "security" not in paths["/api/products"]["get"]
    assert merged["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_error_is_a_problem(merged: Json) -> None:
    for path, verb in [("/api/products", "post"), ("/api/products/{slug}/picture", "put")]:
        errors = merged["paths"][path][verb]["responses"]
        assert list(errors) == ["200", "400", "401", "403", "408", "413", "422", "431", "503"]
        for status, answer in errors.items():
            if status >= "400":
                assert {"content": answer["content"]} == content("Problem", "application/problem+json")
    assert "403" not in merged["paths"]["/api/orders"]["get"]["responses"]
    assert list(merged["paths"]["/api/products"]["get"]["responses"]) == ["200", "400", "422", "431", "503"]


def test_operations_have_names_of_their_own(merged: Json) -> None:
    names = [operation["operationId"] for verbs in merged["paths"].values() for operation in verbs.values()]
    assert len(names) == len(set(names))
    assert {"get_products", "post_products", "get_orders", "get_orders_health"} <= set(names)


def test_it_does_not_change_what_it_reads() -> None:
    before = json.dumps(DOCUMENTS)
    merge(DOCUMENTS, TABLE)
    assert json.dumps(DOCUMENTS) == before


async def serve_documents(seen: Seen, send: Send) -> None:
    _, service, path = seen.path.split("/", 2)
    if path == "openapi.json":
        await reply(send, body=json.dumps(DOCUMENTS[service]).encode())
    else:
        await reply(send, body=b'{"status":"ok"}')


def test_it_is_read_at_first_need_and_kept(stack: Stack, merged: Json) -> None:
    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        await serve_documents(seen, send)

    gateway = stack.new_gateway()
    stack.service.answer = answer
    assert stack.service.seen == []
    for _ in range(2):
        assert stack.client.get(gateway.url + "/api/openapi.json").json() == merged
    assert len(stack.service.seen) == 3


def test_while_a_service_is_down_there_is_none(stack: Stack) -> None:
    async def answer(seen: Seen, receive: Receive, send: Send) -> None:
        if seen.path.startswith("/orders"):
            await reply(send, 503)
        else:
            await serve_documents(seen, send)

    gateway = stack.new_gateway()
    stack.service.answer = answer
    got = stack.client.get(gateway.url + "/api/openapi.json")
    assert (problem(got), got.headers["retry-after"]) == ((503, "Service unavailable!"), "1")


def test_the_page_needs_nothing_from_elsewhere(stack: Stack) -> None:
    page = stack.client.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; connect-src 'self'")
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert 'fetch("openapi.json")' in page.text
